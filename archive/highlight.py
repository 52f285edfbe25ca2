"""A text in paragraphs, with its evidence marked: pure, and free of markup."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

Span = tuple[int, int]

_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
_LINE_END = re.compile(r"\n\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of text that is evidence as a whole, or not at all."""

    text: str
    #: The number of the mark it belongs to, from 1; None for plain text.
    mark: int | None
    #: The mark begins here; its later pieces lie in later paragraphs.
    opens: bool = False
    #: The text's original does not have it.
    added: bool = False


Paragraph = tuple[Piece, ...]
#: A piece with where it begins and ends.
Placed = tuple[Piece, int, int]


def merge(spans: Iterable[Span], length: int) -> tuple[Span, ...]:
    """Return the spans clipped to [0, length), without empty ones, in order, those that overlap or touch joined."""
    clipped = sorted((max(0, start), min(length, end)) for start, end in spans)
    merged: list[Span] = []
    for start, end in clipped:
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def mark_number(marks: tuple[Span, ...], span: Span) -> int | None:
    """Return the number of the mark that holds the beginning of this span, or None when it lies outside the text."""
    start, end = span
    return next((n for n, (low, high) in enumerate(marks, 1) if low < end and start < high), None)


def paragraphs(text: str, marks: tuple[Span, ...], added: tuple[Span, ...] = ()) -> tuple[Paragraph, ...]:
    """Return the text in paragraphs, cut into pieces at the bounds of the marks, which are as `merge` gives them.

    Paragraphs end at blank lines; in a text without any, at each line end. The white space between them is dropped.
    `added` are passages in order that its original does not have; pieces are cut at their bounds as well.
    """
    bounds = [bound for start_end in added for bound in start_end]
    return tuple(
        tuple(part for piece in _pieces(text, span, marks) for part in _parted(piece, bounds)) for span in _bounds(text)
    )


def _parted(piece: Placed, bounds: list[int]) -> Iterator[Piece]:
    """Yield the piece cut at the bounds, of which every other one begins a passage that was added."""
    whole, start, end = piece
    first, last = bisect_right(bounds, start), bisect_left(bounds, end)
    for number, (low, high) in enumerate(pairwise((start, *bounds[first:last], end)), first):
        text = whole.text[low - start : high - start]
        yield replace(whole, text=text, opens=whole.opens and low == start, added=number % 2 == 1)


def _bounds(text: str) -> list[Span]:
    breaks = list(_BLANK_LINES.finditer(text)) or list(_LINE_END.finditer(text))
    starts = [0, *(gap.end() for gap in breaks)]
    ends = [*(gap.start() for gap in breaks), len(text)]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if text[start:end].strip()]


def _pieces(text: str, span: Span, marks: tuple[Span, ...]) -> Iterator[Placed]:
    """Yield the pieces of a paragraph between its marks, in order."""
    at, stop = span
    for number, (start, end) in enumerate(marks, 1):
        low, high = max(at, start), min(stop, end)
        if low >= high:
            continue
        if at < low:
            yield Piece(text=text[at:low], mark=None), at, low
        # White space before a paragraph's end is no beginning that a reader could see.
        opens = bool(text[low:high].strip()) and not text[start:low].strip()
        yield Piece(text=text[low:high], mark=number, opens=opens), low, high
        at = high
    if at < stop:
        yield Piece(text=text[at:stop], mark=None), at, stop
