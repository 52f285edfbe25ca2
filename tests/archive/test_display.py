"""Words and times as a person reads them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archive import display


def test_controls_and_overrides_can_be_seen() -> None:
    """A name that reads backwards on the page would be a lie."""
    assert display.visible("a\0b\u202ec\ud800\x7f\tend\n") == "a\u2400b[U+202E]c\ufffd\u2421\tend\n"


@given(st.text(st.characters()))
def test_what_is_visible_can_be_sent(text: str) -> None:
    """Any text, lone surrogates too, becomes UTF-8."""
    assert display.visible(text).encode().decode() == display.visible(text)
