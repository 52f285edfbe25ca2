"""Scoring: log odds to probabilities, windows to evidence."""

from __future__ import annotations

from classifier.model import probability
from classifier.scoring import LONGEST_QUOTE, MOST_QUOTES, reading_of, trained_reading
from tests.classifier.rules import gated
from tests.classifier.scenario import WIRE, WIRE_TITLE

TEXT = "The mayor of one city said no. The mayor of a second said yes to it. The third one said that he would ask. " * 2


def test_the_best_window_is_the_score_and_its_best_sentences_the_evidence() -> None:
    """Maximum over windows, so that a long document does not add up noise."""
    document = gated(TEXT)
    scores = [3.0 if window.first == 2 else -3.0 for window in document.windows]

    reading = reading_of(document, scores, 0.6, float)

    assert reading.flagged
    assert reading.score == probability(3.0)
    assert [quote.text for quote in reading.evidence] == [document.parsed.quote(2, 5).text]


def test_the_first_quote_takes_in_what_stands_beside_and_the_others_are_single() -> None:
    """A reason is rarely told in one sentence; what tells nothing stays out, and what is quoted once is not again."""
    document = gated(TEXT * 2)
    weights = {3: 1.0, 4: 2.0, 5: -4.0, 7: 0.5, 9: 0.4, 10: 0.3}

    reading = reading_of(document, [1.0] * len(document.windows), 0.6, lambda index: weights.get(index, -9.0))

    assert [quote.text for quote in reading.evidence] == [
        document.parsed.quote(first, last).text for first, last in ((3, 5), (7, 8), (9, 10))
    ]
    assert len(reading.evidence) == MOST_QUOTES


def test_the_first_quote_stays_short() -> None:
    """A neighbour that does not fit is left out, however telling; a sentence by itself is quoted whole."""
    first, third = (
        f"The mayor said {' and '.join(f'consideration{at} deliberation{at}' for at in range(start, start + 18))}."
        for start in (0, 40)
    )
    document = gated(f"{first} The mayor of a second said yes. {third}")
    weights = {0: 1.0, 1: 2.0, 2: 1.0}
    brief = reading_of(document, [1.0], 0.6, weights.__getitem__).evidence[0]
    whole = reading_of(document, [1.0], 0.6, lambda index: -weights[index] * (index != 0)).evidence[0]

    assert brief.text == "The mayor of a second said yes."
    assert len(whole.text) > LONGEST_QUOTE


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


def test_the_trained_model_says_why() -> None:
    """The strongest sentence of the strongest windows comes first."""
    document = gated(WIRE, WIRE_TITLE)

    letter, answer = (trained_reading(document, head, 0.5) for head in ("letter", "response"))

    assert letter.flagged
    assert "will be shut out" in letter.evidence[0].text
    assert 1 <= len(letter.evidence) <= MOST_QUOTES
    assert answer.evidence[0] != letter.evidence[0]
    assert trained_reading(gated(""), "letter", 0.5).evidence == ()
