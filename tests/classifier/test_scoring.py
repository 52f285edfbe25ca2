"""Scoring: log odds to probabilities, windows to evidence."""

from __future__ import annotations

import pytest

from classifier.scoring import MOST_QUOTES, probability, reading_of
from tests.classifier.rules import gated

TEXT = "The mayor of one city said no. The mayor of a second said yes to it. The third one said that he would ask. " * 2


@pytest.mark.parametrize(("log_odds", "score"), [(0.0, 0.5), (1e9, 1.0), (-1e9, 0.0)])
def test_log_odds_become_a_probability(log_odds: float, score: float) -> None:
    """Any number of log odds gives a number from 0 to 1."""
    assert score == pytest.approx(probability(log_odds), abs=1e-6)


def test_the_best_window_is_the_score_and_its_best_sentences_the_evidence() -> None:
    """Maximum over windows, so that a long document does not add up noise."""
    document = gated(TEXT)
    scores = [3.0 if window.first == 2 else -3.0 for window in document.windows]

    reading = reading_of(document, scores, 0.6, float)

    assert reading.flagged
    assert reading.score == probability(3.0)
    assert [quote.text.split()[1] for quote in reading.evidence] == ["mayor", "mayor", "third"]
    assert len(reading.evidence) <= MOST_QUOTES


def test_an_unflagged_document_shows_its_best_passage() -> None:
    """What came nearest is kept for `why`."""
    document = gated(TEXT)
    reading = reading_of(document, [-1.0] * len(document.windows), 0.6, lambda index: -float(index))

    assert not reading.flagged
    assert len(reading.evidence) == 1


def test_a_document_without_windows_scores_nothing() -> None:
    """Nothing to read is no error."""
    reading = reading_of(gated(""), [], 0.6, float)

    assert (reading.flagged, reading.evidence) == (False, ())
    assert reading.score < 1e-6
