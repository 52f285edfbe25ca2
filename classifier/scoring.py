"""Scoring: what a label is, and how the best windows become a score and its evidence."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from classifier.gate import Gated, Scored
from classifier.reading import LabelReading
from facts.event import Quote

#: Quotes shown for a label.
MOST_QUOTES = 3


class Label(Protocol):
    """What the judge asks of a label."""

    def score(self, document: Gated) -> LabelReading:
        """Return how far the document earns the label, with the passages that say so."""
        ...


def probability(log_odds: float) -> float:
    """Return log odds as a number from 0 to 1."""
    return 1 / (1 + math.exp(-max(-20.0, min(20.0, log_odds))))


def reading_of(
    document: Gated, scores: Iterable[float], threshold: float, weight: Callable[[int], float]
) -> LabelReading:
    """Return a label's reading of the windows' scores, in log odds.

    `weight` says how much one sentence of the text speaks for the label; the sentences that do are the evidence.
    """
    ranked = sorted(zip(scores, document.windows, strict=True), key=lambda pair: (-pair[0], pair[1].first))
    best = ranked[0][0] if ranked else -20.0
    score = probability(best)
    kept = [window for value, window in ranked if probability(value) >= threshold] or [w for _, w in ranked[:1]]
    return LabelReading(score=score, flagged=score >= threshold, evidence=evidence_of(document, kept, weight))


def evidence_of(document: Gated, kept: Sequence[Scored], weight: Callable[[int], float]) -> tuple[Quote, ...]:
    """Return the sentences of the kept windows that weigh most, the strongest first."""
    indices = sorted({index for window in kept for index in range(window.first, window.last)})
    strongest = sorted(indices, key=lambda index: (-weight(index), index))[:MOST_QUOTES]
    return tuple(
        document.parsed.quote(index, index + 1) for index in strongest if weight(index) > 0 or index == strongest[0]
    )
