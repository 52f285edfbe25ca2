"""The words that were found, in their surroundings, as plain text pieces: whoever shows them marks them up."""

from __future__ import annotations

import re
import unicodedata
from itertools import islice

from storage.query import Query

Pieces = tuple[tuple[str, bool], ...]

#: Characters of surroundings before the first found word, and in all.
BEFORE = 80
WIDTH = 240
#: Only so much of a text is looked through; a word further on is still found, but not shown.
LOOKED_THROUGH = 200_000

# Accents that stand as characters of their own, and what separates words; bounded, so that no text makes it slow.
_ACCENTS = "[\u0300-\u036f]{0,3}"
_BETWEEN = r"[\W_]{1,20}"
_WORD = re.compile(r"[^\W_]+")
_SPACE = re.compile(r"\s+")


def snippet(text: str, query: Query | None) -> Pieces:
    """Return a passage of the text around the first word that the query wants, or its beginning.

    Accents and case count as little as in the index. White space is folded; a cut end shows as "…".
    """
    looked = text[:LOOKED_THROUGH]
    found = _found(looked, query)
    start, end = _window(looked, found[0][0] if found else 0)
    pieces: list[tuple[str, bool]] = [("…", False)] if start else []
    at = start
    for left, right in found:
        if right > end:
            break
        pieces += [(looked[at:left], False), (looked[left:right], True)]
        at = right
    pieces.append((looked[at:end] + ("…" if end < len(text) else ""), False))
    return tuple((_SPACE.sub(" ", piece), mark) for piece, mark in pieces if piece)


def _window(text: str, first: int) -> tuple[int, int]:
    start = max(0, first - BEFORE)
    if start:
        # Begin with a whole word, when there is white space to begin after.
        space = _SPACE.search(text, start, first)
        start = space.end() if space else start
    return start, min(len(text), start + WIDTH)


def _found(text: str, query: Query | None) -> list[tuple[int, int]]:
    phrases = [words for group in query.wanted for term in group if (words := _words(term))] if query else []
    if not phrases:
        return []
    pattern = re.compile(rf"(?<![^\W_])(?:{'|'.join(map(_pattern, phrases))})(?![^\W_])")
    folded = _fold(text)
    first = pattern.search(folded)
    if first is None:
        return []
    spans = islice(pattern.finditer(folded, first.start(), first.start() + WIDTH), WIDTH)
    return [match.span() for match in spans]


def _words(term: str) -> list[str]:
    plain = "".join(each for each in unicodedata.normalize("NFD", term) if not unicodedata.combining(each))
    return _WORD.findall(_fold(plain))


def _pattern(words: list[str]) -> str:
    return _BETWEEN.join(_ACCENTS.join(map(re.escape, word)) + _ACCENTS for word in words)


def _fold(text: str) -> str:
    return text.lower() if text.isascii() else text.translate(_Folding())


class _Folding(dict[int, str]):
    """Each character without case and accent, one for one, so that places in the folded text are places in the text."""

    def __missing__(self, code: int) -> str:
        lower = unicodedata.normalize("NFD", chr(code))[0].lower()
        self[code] = lower if len(lower) == 1 else chr(code)
        return self[code]
