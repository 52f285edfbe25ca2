from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from facts.text import content_digest, normalise


@given(st.text(st.characters(codec=None)))
def test_the_normal_form_is_its_own_normal_form(text: str) -> None:
    """Normalising twice changes nothing more."""
    assert normalise(text) == normalise(normalise(text))


def test_what_a_reader_cannot_see_is_no_change() -> None:
    """Spacing, zero-width characters, control characters and another Unicode form leave the digest as it was."""
    plain = content_digest("A title", "The café closes\nat noon.")

    assert content_digest(" A  title ", "The cafe\u0301 closes at\u00a0noon.") == plain
    assert content_digest("A title", "The ca\u200bfé clo\u00adses\x0bat noon.\n\n") == plain


def test_what_a_reader_can_see_is_a_change() -> None:
    """A word more, and a word moved from the title into the text, are other contents."""
    plain = content_digest("A title", "The text.")

    assert content_digest("A title", "The text now.") != plain
    assert content_digest("A", "title The text.") != plain
