"""Sentences and windows: cut where a reader pauses, with offsets."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.folding import fold
from classifier.parsing import Parsed, parse
from classifier.windows import LONGEST_SENTENCE, Window, dateline_end, sentences, windows
from tests.classifier.rules import LEXICON


def cut(text: str) -> list[str]:
    folded = fold(text)
    return [folded.text[each.start : each.end] for each in sentences(folded.text, folded.lower)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Answers are due by Aug. 18 at noon.",
        "Sen. Ann Doe met Gov. Bo Roe in Stockton, Calif. on Monday.",
        "The U.S. Justice Department wrote to St. Paul.",
        "J. Q. Public of Albuquerque, N.M. said so.",
        "It costs $1.5 million a year.",
        'He asked "why?" and left.',
    ],
)
def test_abbreviations_do_not_end_a_sentence(sentence: str) -> None:
    """A stop after an abbreviation, an initial or inside a number goes on."""
    assert [sentence, "Next one."] == cut(f"{sentence} Next one.")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("Head line\n\nBody text", ["Head line", "Body text"]),
        ("Mayor says no\nSTOCKTON, Calif. - The mayor", ["Mayor says no", "STOCKTON, Calif. - The mayor"]),
        ("asked:\n1. Does it?\n2. Will it?", ["asked:", "1. Does it?", "2. Will it?"]),
        ("broken in the\nmiddle of it.", ["broken in the\nmiddle of it."]),
        ("It ends in the U.S.\n\nNext", ["It ends in the U.S.", "Next"]),
        ("He said no. She sat. They left.", ["He said no.", "She sat.", "They left."]),
        ("See No. 5 here. Ok.", ["See No. 5 here.", "Ok."]),
        (" \n\t ", []),
    ],
)
def test_text_is_cut_into_sentences(text: str, parts: list[str]) -> None:
    """Stops, blank lines, list items and datelines begin a new sentence; a broken line does not."""
    assert parts == cut(text)


def test_a_page_without_stops_is_cut_all_the_same() -> None:
    """No sentence has more words than the limit."""
    folded = fold("word " * 1000)
    found = sentences(folded.text, folded.lower)

    assert max(len(each.words) for each in found) == LONGEST_SENTENCE
    assert sum(len(each.words) for each in found) == 1000


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, []),
        (1, [Window(first=0, last=1)]),
        (3, [Window(first=0, last=3)]),
        (4, [Window(first=0, last=3), Window(first=1, last=4)]),
    ],
)
def test_windows_slide_by_one(count: int, expected: list[Window]) -> None:
    """Every run of three sentences is a window, a shorter text is one."""
    assert expected == list(windows(count))


@pytest.mark.parametrize(
    ("text", "dateline"),
    [
        ("WASHINGTON (Wire) - The", "WASHINGTON (Wire) "),
        ("WINSTON-SALEM, N.C. - The", "WINSTON-SALEM, N.C. "),
        ("The mayor - a lawyer", ""),
        ("", ""),
    ],
)
def test_a_dateline_ends_at_its_dash(text: str, dateline: str) -> None:
    """A dateline begins in capitals and ends at a dash that joins no words."""
    assert dateline == text[: dateline_end(text)]


@given(st.text(max_size=300) | st.text(alphabet="aA.!?\n \u200b\u00ad-'\"0$", max_size=300))
@settings(max_examples=150)
def test_quotes_are_the_text_itself(text: str) -> None:
    """On any text the cut never raises, and a quote is exactly what its offsets say."""
    parsed: Parsed = parse("", text, LEXICON)
    quotes = [parsed.quote(at, at + 1) for at in range(len(parsed.passages))]

    assert all(quote.text == text[quote.start : quote.end] for quote in quotes)
    assert [quote.start for quote in quotes] == sorted(quote.start for quote in quotes)
