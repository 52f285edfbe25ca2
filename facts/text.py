"""The normal form of a text: what decides whether a document changed."""

from __future__ import annotations

import re
import unicodedata

from facts.identity import digest_text

# Zero-width and bidirectional controls, soft hyphens: invisible, and rewritten freely by content systems.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"\w+")

#: Words of a shingle: with three, a changed word makes three new shingles.
_SHINGLE = 3
#: An edit is small while at most this share of the new text's shingles is new, and no more of them than this: a line of
#: ten words, such as "Updated at 5 p.m. on Thursday". A longer sentence is news however long the page.
_SMALL_SHARE = 0.1
_SMALL_COUNT = 12


def normalise(text: str) -> str:
    """Return the text in NFC, without invisible characters, every run of white space folded to one blank."""
    visible = _CONTROL.sub(" ", _INVISIBLE.sub("", text))
    return _SPACE.sub(" ", unicodedata.normalize("NFC", visible)).strip()


def content_digest(title: str, text: str) -> str:
    """Return the digest that decides "changed": of the normalised title and text together."""
    return digest_text(f"{normalise(title)}\n{normalise(text)}")


def adds_little(old: str, new: str) -> bool:
    """Return whether the new text says hardly more than the old one: a typo mended, a line dropped, a date moved on."""
    told = _shingles(new)
    added = len(told - _shingles(old))
    return added <= min(_SMALL_COUNT, _SMALL_SHARE * len(told))


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(normalise(text).casefold())
    return {tuple(words[start : start + _SHINGLE]) for start in range(max(1, len(words) - _SHINGLE + 1))}
