"""Copies: whether two texts are one text, told by the word runs they share.

Headlines of one event share too few words to be a help (docs/sources.md), so only bodies are compared.
"""

from __future__ import annotations

import hashlib
import re
from heapq import nsmallest

from facts.event import Sketch
from facts.text import normalise

#: Words in a run; long enough that two reports of one event share few, short enough to survive an editor.
SHINGLE = 5
#: Runs kept of a text: the bottom-k sketch of Broder (1997), error about 1/sqrt(k).
SKETCH_SIZE = 64
#: A text shorter than this is not compared (the rule of the feed reader `reader`).
MIN_WORDS = 48
#: Share of runs in common from which one text is a copy of the other: a cut or padded wire story keeps half.
COPY_SIMILARITY = 0.5

# "WASHINGTON (AP) — ", "NAPA, Calif. — ": added by each paper for itself.
_DATELINE = re.compile(
    r"^[A-Z][A-Z.' -]{2,40}(?:, [A-Z][A-Za-z.]{1,12})?(?: \([A-Z][\w ]{1,30}\))? ?[\u2014\u2013-]{1,2} "
)
_WORD = re.compile(r"\w+")


def sketch_of(text: str) -> Sketch:
    """Return the smallest hashes of the text's word runs, ascending; empty for a text too short to compare."""
    words = _WORD.findall(_DATELINE.sub("", normalise(text)).casefold())
    if len(words) < MIN_WORDS:
        return ()
    runs = {" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)}
    return tuple(nsmallest(SKETCH_SIZE, {_hash(run) for run in runs}))


def similarity(one: Sketch, other: Sketch) -> float:
    """Return the estimated share of runs in common, 0 to 1; 0 when either text was too short."""
    if not one or not other:
        return 0.0
    smallest = set(nsmallest(SKETCH_SIZE, {*one, *other}))
    return len(smallest & set(one) & set(other)) / len(smallest)


def is_copy(one: Sketch, other: Sketch) -> bool:
    """Return whether one text is a copy of the other, edits of an editor allowed."""
    return similarity(one, other) >= COPY_SIMILARITY


def _hash(run: str) -> int:
    # 63 bits, so that the number also fits a signed column.
    return int.from_bytes(hashlib.blake2b(run.encode("utf-8", "surrogatepass"), digest_size=8).digest()) >> 1
