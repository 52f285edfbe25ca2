"""How much of an article was found, and how much else: precision and recall of its words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Words of one page or of many: those in both texts, those found, those expected."""

    common: int
    found: int
    expected: int

    @property
    def precision(self) -> float:
        """The share of the found words that belong to the article."""
        return self.common / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of the article's words that were found."""
        return self.common / self.expected if self.expected else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        return 2 * self.common / (self.found + self.expected) if self.found + self.expected else 1.0


def score(expected: str, found: str) -> Score:
    """Compare the words of two texts, whatever their order."""
    one, other = (Counter(_WORD.findall(text.casefold())) for text in (expected, found))
    return Score(common=(one & other).total(), found=other.total(), expected=one.total())


def total(scores: Sequence[Score]) -> Score:
    """Return the scores of many pages as one, each word counting the same."""
    return Score(
        common=sum(one.common for one in scores),
        found=sum(one.found for one in scores),
        expected=sum(one.expected for one in scores),
    )
