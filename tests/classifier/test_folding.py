"""Folding: look-alikes and invisible characters go, offsets stay true."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.folding import fold, lower_evenly


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("j\u200bail ac\u00adcess", "jail access"),
        ("\u0441it\u0443", "city"),
        ("\uff27\uff32\uff21\uff2e\uff34", "GRANT"),
        ("\U0001d420rant", "grant"),
        ("48 hours\u2019 notice \u2014 \u201cnow\u201d", '48 hours\' notice - "now"'),
        ("juris-\ndiction", "jurisdiction"),
        ("48-\nhour", "48-\nhour"),
        ("Albuquerque,\u00a0N.M.", "Albuquerque, N.M."),
    ],
)
def test_text_is_folded_to_plain_spelling(written: str, plain: str) -> None:
    """What looks the same to a reader is the same to the rules."""
    assert plain == fold(written).text


def test_a_span_leads_back_to_the_original() -> None:
    """Dropped characters inside a stretch are part of the original stretch."""
    text = "the j\u200ba\u200bil is \u00adhere"
    folded = fold(text)
    start = folded.text.index("jail")

    start, end = folded.span(start, start + 4)

    assert text[start:end] == "j\u200ba\u200bil"


@given(st.text())
@settings(max_examples=100)
def test_every_kept_character_is_found_again(text: str) -> None:
    """Folding never raises and its offsets stay inside the text, in order."""
    folded = fold(text)
    origins = [folded.origin(at) for at in range(len(folded.text))]

    assert len(folded.text) == len(folded.lower)
    assert origins == sorted(set(origins))
    assert all(0 <= at < len(text) for at in origins)


def test_lower_case_keeps_the_length() -> None:
    """A letter whose lower case takes two characters stays as it is."""
    assert lower_evenly("\u0130STANBUL") == "\u0130stanbul"
