"""Stanzas as text."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.plain import line
from pursestrings.toml_text import commented, name_of, stanza, toml_value

ANY = st.text(st.characters(codec=None, exclude_categories=()), max_size=80)


@given(ANY)
def test_any_text_is_read_back_as_one_line(text: str) -> None:
    """With quotes, backslashes, controls, marks of direction, lone surrogates in it."""
    assert tomllib.loads(f"k = {toml_value(text)}")["k"] == line(text) or text.isascii()
    assert "\n" not in toml_value(text)


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=200))
def test_an_address_is_kept_to_the_letter(url: str) -> None:
    """Whatever plain characters are in it."""
    assert tomllib.loads(f"k = {toml_value(url)}")["k"] == url


@given(st.one_of(st.booleans(), st.integers(-(2**60), 2**60), st.lists(st.booleans())))
def test_values_are_read_back(value: object) -> None:
    """Truth values, numbers, arrays."""
    assert tomllib.loads(f"k = {toml_value(value)}")["k"] == value


def test_what_has_no_place_in_a_stanza_is_a_bug() -> None:
    """It is not written as something else."""
    with pytest.raises(TypeError, match="NoneType"):
        toml_value(None)


def test_a_stanza_is_a_table_with_a_comment_above() -> None:
    """The comment is one line, whatever is in it."""
    text = stanza("paper", {"spider": "feed", "places": ("NM",), "follow": True}, comment="The Paper\n[sources.evil]")

    assert text.splitlines()[0] == "# The Paper [sources.evil]"
    assert tomllib.loads(text) == {"sources": {"paper": {"spider": "feed", "places": ["NM"], "follow": True}}}
    assert tomllib.loads(commented(text)) == {}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The Delta Ledger: News", "the-delta-ledger-news"),
        ("\u202e\x1b[31m", "31m"),
        ("\u65b0\u805e", "source"),
        ("", "source"),
        ("paper", "paper-2"),
        ("x" * 200, "x" * 40),
    ],
)
def test_a_name_is_made_of_a_title(text: str, name: str) -> None:
    """Letters and digits, short, and not one that is taken."""
    assert name_of(text, {"paper"}) == name
