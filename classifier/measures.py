"""Measures: counts of right and wrong as precision, recall and F1, with 95 % intervals, and calibration."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

#: Resamples of the bootstrap; the interval of a median document set moves by less than .005 beyond it.
RESAMPLES = 1000
#: Bins of the calibration error (Naeini et al. 2015 use ten).
BINS = 10
_Z = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What one document, or all, add up to."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Return the sum."""
        return Counts(right=self.right + other.right, wrong=self.wrong + other.wrong, missed=self.missed + other.missed)

    @property
    def precision(self) -> float:
        """The share of what was said that is right; 0 when nothing was said."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 0.0

    @property
    def recall(self) -> float:
        """The share of what is true that was said; 0 when there is nothing."""
        return self.right / self.support if self.support else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        said = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / said if said else 0.0

    @property
    def support(self) -> int:
        """How many there are to find."""
        return self.right + self.missed


def counted(said: Iterable[object], true: Iterable[object]) -> Counts:
    """Return the counts of what was said against what is true, each thing once."""
    ours, theirs = set(said), set(true)
    return Counts(right=len(ours & theirs), wrong=len(ours - theirs), missed=len(theirs - ours))


def summary(documents: Sequence[Counts]) -> dict[str, Any]:
    """Return the measures of some documents as they are printed, documents being what the bootstrap draws."""
    total = sum(documents, Counts())
    return {
        "precision": round(total.precision, 4),
        "recall": round(total.recall, 4),
        "f1": round(total.f1, 4),
        "support": total.support,
        "ci95": {
            "precision": wilson(total.right, total.right + total.wrong),
            "recall": wilson(total.right, total.support),
            "f1": _bootstrap(documents),
        },
    }


def wilson(right: int, of: int) -> list[float]:
    """Return the 95 % interval of a share (Wilson 1927)."""
    if not of:
        return [0.0, 1.0]
    share = right / of
    centre = share + _Z**2 / (2 * of)
    spread = _Z * math.sqrt(share * (1 - share) / of + _Z**2 / (4 * of**2))
    scale = 1 + _Z**2 / of
    return [round(max(0.0, (centre - spread) / scale), 4), round(min(1.0, (centre + spread) / scale), 4)]


def calibration_error(scores: Sequence[tuple[float, bool]]) -> float:
    """Return the expected calibration error: how far scores are from what came true, in bins of equal width."""
    return (
        sum(abs(said - came) * count / len(scores) for said, came, count in reliability(scores) if count)
        if scores
        else 0.0
    )


def reliability(scores: Iterable[tuple[float, bool]]) -> list[tuple[float, float, int]]:
    """Return (mean score, share that came true, documents) for each bin of scores."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for score, true in scores:
        bins[min(BINS - 1, int(score * BINS))].append((score, true))
    return [
        (sum(s for s, _ in each) / len(each), sum(t for _, t in each) / len(each), len(each)) if each else (0.0, 0.0, 0)
        for each in bins
    ]


def brier(scores: Sequence[tuple[float, bool]]) -> float:
    """Return the mean squared distance of a score from what came true (Brier 1950)."""
    return sum((score - true) ** 2 for score, true in scores) / len(scores) if scores else 0.0


def _bootstrap(documents: Sequence[Counts]) -> list[float]:
    if not documents:
        return [0.0, 1.0]
    draw = random.Random(0)  # noqa: S311 - the same interval every time
    found = sorted(sum(draw.choices(documents, k=len(documents)), Counts()).f1 for _ in range(RESAMPLES))
    return [round(found[int(RESAMPLES * 0.025)], 4), round(found[int(RESAMPLES * 0.975)], 4)]
