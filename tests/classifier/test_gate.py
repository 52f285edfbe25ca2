"""The gate: ordinary documents go no further, windows get a relevance."""

from __future__ import annotations

import pytest

from classifier.gate import NO_CLOSE_TIE, NO_TIE, gate, has_strings, may_matter
from classifier.parsing import parse
from tests.classifier.rules import LEXICON, gated
from tests.classifier.scenario import ANSWERS, LETTER_TEXT, ORDINARY, RELEASE, RELEASE_TITLE, WIRE, WIRE_TITLE

FILLER = "\n\nIt rained on Monday. The parade was late. A dog ran off. Nobody minded it. The band played on."


STORY = [(WIRE_TITLE, WIRE), (RELEASE_TITLE, RELEASE), *[row[:2] for row in ANSWERS]]


@pytest.mark.parametrize(("title", "text"), STORY)
def test_what_matters_passes_both_sieves(title: str, text: str) -> None:
    """The story's documents are read to the end."""
    assert may_matter(title, text, LEXICON)
    assert has_strings(parse(title, text, LEXICON))


def test_an_ordinary_document_stops_early() -> None:
    """A text without the words goes no further; nor does one whose words never meet."""
    assert not may_matter("Garden notes", "Tulips bloom in April. Prune the roses.", LEXICON)
    assert not has_strings(parse(*ORDINARY[7], LEXICON))
    assert has_strings(parse("", "Too short to say.", LEXICON))


def test_hidden_characters_do_not_help_past_the_sieve() -> None:
    """The sieve looks at the folded text."""
    text = "The f\u200bederal letter says cities m\u200bust answer or lose gr\u00adants."

    assert may_matter("", text, LEXICON)


def test_a_long_document_needs_a_tie() -> None:
    """The same window weighs less in an article that never ties money to anything."""
    loose = "The Justice Department sent the mayor a letter about grants."
    short, long = gated(loose), gated(loose + FILLER)

    assert long.windows[0].relevance <= short.windows[0].relevance + NO_TIE + 1.0
    assert NO_TIE < NO_CLOSE_TIE < 0


def test_a_close_tie_costs_nothing() -> None:
    """Money tied to a condition by a federal actor before a city is what is looked for."""
    tied = "The Justice Department told the city it will lose federal grants unless it signs."

    assert gated(tied + FILLER).windows[0].relevance > gated(tied.replace("lose", "like") + FILLER).windows[0].relevance


def test_lists_of_words_are_no_windows() -> None:
    """A heap of search words, or one sentence over and over, is not prose."""
    assert gated("grants letter sanctuary withhold funding city mayor refuses cities demand jail access").windows == ()
    assert gated("The Justice Department may withhold grants from a city. " * 9).windows == ()


def test_crime_in_a_third_of_a_piece_weighs_against_it() -> None:
    """A court report is about the court."""
    tied = "The Justice Department told the city it will lose federal grants unless it signs."
    court = "\n\nHe was indicted. She pleaded guilty. He was convicted. The jury sat. It rained."

    assert gated(tied + court).windows[0].relevance < gated(tied + FILLER).windows[0].relevance


@pytest.mark.parametrize(
    ("text", "writer"),
    [
        (LETTER_TEXT, "federal"),
        ("Office of the Mayor\n\nDear Secretary Roe:\n\nWe decline to sign.", "local"),
        (WIRE, ""),
    ],
)
def test_a_letter_has_a_writer(text: str, writer: str) -> None:
    """The letterhead says who writes; a text without a salutation is no letter."""
    assert writer == gated(text).writer


def test_nothing_makes_no_windows() -> None:
    """An empty document has no windows and no lead."""
    empty = gate(parse("", "", LEXICON))

    assert (empty.windows, empty.leads, empty.writer) == ((), "", "")
