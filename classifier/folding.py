"""Folding: one plain spelling for matching, with the way back to the original offsets.

Invisible characters are dropped, look-alike letters become the Latin ones they imitate, curly quotes, dashes and
odd blanks become plain. Every kept character folds to exactly one, so an offset is found by counting what was dropped.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

# Cyrillic, Greek and Armenian letters that look like Latin ones (the single-letter confusables of Unicode TS #39).
_LOOKALIKES = dict(
    zip(
        "АВЕЅІЈКМНОРСТУХаеѕіјорсухԁһԛԝ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονιαρ" + "օսց",  # noqa: RUF001 - the very letters we fold
        "ABESIJKMHOPCTYXaesijopcyxdhqw" + "ABEZHIKMNOPTYXoviap" + "oug",
        strict=True,
    )
)
_PUNCTUATION = dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\uff07`", "'")
_PUNCTUATION |= dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"')
_PUNCTUATION |= dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
_PUNCTUATION |= dict.fromkeys(
    "\t\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
    " ",
)
_PUNCTUATION |= dict.fromkeys("\u2028\u2029\r", "\n")
_WIDE = {
    chr(code): plain
    for code in (*range(0xFF01, 0xFF5F), *range(0x1D400, 0x1D800))
    if len(plain := unicodedata.normalize("NFKC", chr(code))) == 1 and plain.isascii()
}
_PLAIN = str.maketrans(_LOOKALIKES | _PUNCTUATION | _WIDE)

# What the eye does not see (as in facts.text), and a word broken over two lines.
_DROPPED = re.compile(
    "[\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]+|(?<=[a-z])-\n(?=[a-z])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A text in plain spelling; `kept` and `shifts` say how many characters were dropped before a position."""

    text: str
    lower: str
    kept: tuple[int, ...]
    shifts: tuple[int, ...]

    def origin(self, offset: int) -> int:
        """Return the offset in the original text of a character of the folded one."""
        at = bisect_right(self.kept, offset)
        return offset + (self.shifts[at - 1] if at else 0)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the original (start, end) of a non-empty folded stretch."""
        return self.origin(start), self.origin(end - 1) + 1


def fold(text: str) -> Folded:
    """Return the text as the rules read it."""
    pieces: list[str] = []
    kept: list[int] = []
    shifts: list[int] = []
    start = dropped = 0
    for gap in _DROPPED.finditer(text):
        pieces.append(text[start : gap.start()])
        start = gap.end()
        dropped += gap.end() - gap.start()
        kept.append(start - dropped)
        shifts.append(dropped)
    plain = "".join((*pieces, text[start:])).translate(_PLAIN)
    return Folded(text=plain, lower=lower_evenly(plain), kept=tuple(kept), shifts=tuple(shifts))


def lower_evenly(text: str) -> str:
    """Return the text in lower case, character for character: a letter whose lower case is longer stays."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(small if len(small := character.lower()) == 1 else character for character in text)
