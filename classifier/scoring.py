"""Scoring: what a label is, and how the best windows become a score and its evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from classifier.gate import Gated, Scored
from classifier.model import probability
from classifier.reading import LabelReading
from facts.event import Quote

#: Quotes shown for a label.
MOST_QUOTES = 3
#: Sentences and characters of the first of them, which is the one that alerts show.
LONGEST_RUN, LONGEST_QUOTE = 3, 600
#: A sentence below these log odds tells nothing of the reason.
UNTOLD = -3.0


class Label(Protocol):
    """What the judge asks of a label."""

    def score(self, document: Gated) -> LabelReading:
        """Return how far the document earns the label, with the passages that say so."""
        ...


def weigh(features: frozenset[str], weights: Mapping[str, float]) -> float:
    """Return the sum of the weights of the facts that hold."""
    return sum(weights.get(feature, 0.0) for feature in features)


def trained_reading(document: Gated, head: str, threshold: float) -> LabelReading:
    """Return what the trained model says of one head, with the sentences that made it say so."""
    score = document.scores[head]
    flagged = score >= threshold
    ranked = sorted(document.windows, key=lambda window: (-window.log_odds[head], window.first))
    # What came nearest is kept of those not flagged, for those who ask why.
    kept = ranked if flagged else ranked[:1]
    quotes = evidence_of(document, kept, lambda index: document.reason(index, head))
    return LabelReading(score=score, flagged=flagged, evidence=quotes)


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
    """Return the sentences of the kept windows that weigh most, the strongest first and with those beside it."""
    weights = {index: weight(index) for window in kept for index in range(window.first, window.last)}
    ranked = sorted(weights, key=lambda index: (-weights[index], index))
    if not ranked:
        return ()
    first, last = _run(document, weights, ranked[0])
    others = [index for index in ranked if not first <= index < last and weights[index] > 0]
    return (
        document.parsed.quote(first, last),
        *(document.parsed.quote(index, index + 1) for index in others[: MOST_QUOTES - 1]),
    )


def _run(document: Gated, weights: Mapping[int, float], strongest: int) -> tuple[int, int]:
    """Return the run of sentences that is quoted first: a reason is rarely told in one, and a quote must stay short."""
    runs = [
        (first, first + length)
        for length in range(1, LONGEST_RUN + 1)
        for first in range(strongest - length + 1, strongest + 1)
        if all(index in weights for index in range(first, first + length))
        and (length == 1 or _characters(document, first, first + length) <= LONGEST_QUOTE)
    ]
    return max(runs, key=lambda run: sum(weights[index] - UNTOLD for index in range(*run)))


def _characters(document: Gated, first: int, last: int) -> int:
    passages = document.parsed.passages
    return passages[last - 1].sentence.end - passages[first].sentence.start
