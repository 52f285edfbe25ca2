"""Words: a set of them out of one line."""

from __future__ import annotations

from classifier.words import word_set


def test_a_line_becomes_a_set() -> None:
    """Blanks part the words and repeats vanish."""
    assert word_set(" a b\na ") == {"a", "b"}
