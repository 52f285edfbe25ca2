"""Words: a list of them written as one line of prose, which reads better than a column of quotes."""

from __future__ import annotations


def word_set(words: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(words.split())
