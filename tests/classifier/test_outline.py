"""Outline: sentences and windows with what each says."""

from __future__ import annotations

import pytest

from classifier.outline import Outline, marked, outline_of
from classifier.windows import Window
from tests.classifier.rules import GAZETTEER, LEXICON
from tests.classifier.scenario import LETTER_TEXT, WIRE, WIRE_TITLE


def outline(title: str, text: str) -> Outline:
    return outline_of(marked(title, text, LEXICON, GAZETTEER, ())[0])


def test_headline_and_text_are_outlined_sentence_by_sentence() -> None:
    """The headline comes first and is counted apart."""
    found = outline(WIRE_TITLE, WIRE)

    assert found.titles == 1
    assert len(found.facts) == len(found.grams) > 30
    assert found.leads == "federal"


def test_a_window_has_the_words_and_facts_of_its_sentences() -> None:
    """Facts of two sentences together may say what neither says alone."""
    found = outline("", "Homeland Security wrote to the county. It may lose its grants unless it signs.")
    both, first = Window(first=0, last=2), Window(first=0, last=1)

    assert "f:core" in found.features(both)
    assert "f:core" not in found.features(first)
    assert "w:county" in found.features(first)


def test_lists_of_words_are_no_windows() -> None:
    """A heap of search words, or one sentence over and over, is not prose."""
    words = "grants letter sanctuary withhold funding city mayor refuses cities demand jail access"

    assert outline("", words).windows == ()
    assert outline("", "The Justice Department may withhold grants from a city. " * 9).windows == ()


@pytest.mark.parametrize(
    ("text", "writer"),
    [
        (LETTER_TEXT, "federal"),
        ("Office of the Mayor\n\nDear Secretary Roe:\n\nWe decline to sign.", "local"),
        ("Dear Attorney General of the United States:\n\nWe decline to sign.", "local"),
        (WIRE, ""),
    ],
)
def test_a_letter_has_a_writer(text: str, writer: str) -> None:
    """The letterhead says who writes; a text without a salutation is no letter."""
    assert writer == outline("", text).writer


@pytest.mark.parametrize(
    ("text", "orders"),
    [
        ("By the authority vested in me as President, I find as follows. Sec. 2. Offices shall report.", True),
        ("Section 1. Purpose. It is hereby ordered that offices report.", True),
        ("MEMORANDUM FOR THE SECRETARY\n\nI hereby direct the Secretary to report within 60 days.", True),
        ("The president ordered offices to report. Critics question the authority vested in him.", False),
        ("It is ordered.", False),
        ("", False),
    ],
)
def test_an_order_is_told_by_its_formulas(text: str, *, orders: bool) -> None:
    """A story about an order has none of them."""
    assert orders is outline("", text).orders


def test_places_named_in_the_dateline_are_no_actors() -> None:
    """Where a piece was written says nothing of who acts."""
    parsed, mentions = marked("Denver news", "DENVER - It rained in Boulder, Colo.", LEXICON, GAZETTEER, ())

    assert [mention.dateline for mention in mentions] == [True, False]
    assert len(parsed.passages[0].of("place")) == 1
    assert len(parsed.title[0].of("place")) == 1


def test_nothing_makes_no_windows() -> None:
    """An empty document has no windows and no lead."""
    empty = outline("", "")

    assert (empty.windows, empty.leads, empty.writer) == ((), "", "")
