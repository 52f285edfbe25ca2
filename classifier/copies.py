"""Copies: whether two texts are one text, told by the word runs they share, by their leads and by what fills them in.

Headlines of one event share too few words to be a help (docs/sources.md), so only bodies are compared, without what
every paper and agency puts around them (`stripping`). Two reports of one event share few runs. Two texts on one
template share many, but not their leads, or not the names and numbers that stand between the same words (`slots`):
a letter sent to thirty cities is thirty letters.
"""

from __future__ import annotations

import re
import zlib
from bisect import bisect_left
from collections.abc import Sequence

from classifier.slots import FIRST_SLOT, differing, on_one_template, slots_of
from classifier.stripping import told
from facts.event import Sketch
from facts.text import normalise
from facts.twins import twin_key

#: Words in a run; long enough that two reports of one event share few, short enough to survive an editor.
SHINGLE = 5
#: Runs kept of a text: a bottom-k sketch (Broder 1997), error about 1/sqrt(k).
SKETCH_SIZE = 96
#: A text shorter than this is not compared (the rule of the feed reader `reader`).
MIN_WORDS = 48
#: Share of the shorter text's runs in the longer one from which they may be one text: a wire story that was cut by a
#: third and a third of which a local desk wrote keeps it.
COPY_SHARE = 0.5
#: A text in which one much shorter stands whole is more than a copy of it, such as a round-up.
COPY_LENGTH = 1 / 3
#: Runs at the top of a text that are its lead, and among which another's lead is looked for: a local desk may set two
#: paragraphs above it.
LEAD, TOP = 60, 200
#: Share of a lead that stands at the top of a copy.
LEAD_SHARE = 0.6
#: Share of the longer text's runs from which a site published one text twice. What agencies and papers write on top of
#: what they wrote before is another text.
AGAIN_SHARE = 0.95

_WORD = re.compile(r"\w+")
# A run's hash is a polynomial in its words' sums modulo a prime: each follows from the one before it.
_PRIME = (1 << 61) - 1
_BASE = 0x0F3A_96D1_5C27_E84B
_OUTGOING = pow(_BASE, SHINGLE, _PRIME)
# A sketch is ascending: the smallest runs, then a fourth of those at the top, the lead's apart, then the slots.
_FIRST_BELOW, _FIRST_LEAD = 1 << 61, 1 << 62
_KEPT_OF_TOP = 4


def sketch_of(text: str) -> Sketch:
    """Return what a text is compared by, as ascending numbers; empty for a text too short to compare."""
    kept = normalise("\n".join([text[start:end] for start, end in told(text)]))
    words = _WORD.findall(kept)
    if len(words) < MIN_WORDS:
        return ()
    sums = {word: _sum(word) for word in set(words)}
    values = [sums[word] for word in words]
    runs = _runs(values)
    return (
        *sorted(set(runs))[:SKETCH_SIZE],
        *_marked(runs[LEAD:TOP], _FIRST_BELOW),
        *_marked(runs[:LEAD], _FIRST_LEAD),
        *slots_of(text, words, values),
    )


def similarity(one: Sketch, other: Sketch) -> float:
    """Return the estimated share of the shorter text's runs in the longer one, 0 to 1; 0 when either was too short.

    0 as well when one is so much shorter that it can be no version of the other.
    """
    shared, shorter, longer = _overlap(one, other)
    return shared / shorter if shorter and shorter >= COPY_LENGTH * longer else 0.0


def is_copy(one: Sketch, other: Sketch, *, at: tuple[str, str] = ("", "")) -> bool:
    """Return whether one text is a copy of the other, edits of an editor allowed; `at` is where each of them stands.

    Two versions of one page are one text whatever came on top of it; two pages of one site only where next to nothing
    differs.
    """
    share = similarity(one, other)
    if share < COPY_SHARE:
        return False
    here, there = map(twin_key, at)
    if here and here == there:
        return True
    slots, others = _between(one, FIRST_SLOT), _between(other, FIRST_SLOT)
    if here and _site(here) == _site(there):
        shared, _, longer = _overlap(one, other)
        return shared >= AGAIN_SHARE * longer and not differing(slots, others)
    lead = max(_lead_share(one, other), _lead_share(other, one))
    return lead >= LEAD_SHARE and not on_one_template(slots, others)


def _site(key: str) -> str:
    return key.partition("/")[0]


def _overlap(one: Sketch, other: Sketch) -> tuple[int, int, int]:
    """Return how many runs two texts share, and how many the shorter and the longer have, in a sample of both."""
    ours, theirs = _between(one, 0, _FIRST_BELOW), _between(other, 0, _FIRST_BELOW)
    if not ours or not theirs:
        return 0, 0, 0
    # Up to here both sketches hold every run of their texts.
    end = min(runs[-1] if len(runs) == SKETCH_SIZE else _PRIME for runs in (ours, theirs))
    known, compared = ({run for run in runs if run <= end} for runs in (ours, theirs))
    shorter, longer = sorted((len(known), len(compared)))
    return len(known & compared), shorter, longer


def _lead_share(one: Sketch, other: Sketch) -> float:
    """Return the share of one text's lead that stands at the top of the other; 1 where it has no run in the sample."""
    lead = {run & _PRIME for run in _between(one, _FIRST_LEAD, FIRST_SLOT)}
    top = {run & _PRIME for run in _between(other, _FIRST_BELOW, FIRST_SLOT)}
    return len(lead & top) / len(lead) if lead else 1.0


def _between(sketch: Sketch, first: int, end: int = 1 << 64) -> Sketch:
    return sketch[bisect_left(sketch, first) : bisect_left(sketch, end)]


def _marked(runs: Sequence[int], mark: int) -> list[int]:
    return sorted({mark | run for run in runs if not run % _KEPT_OF_TOP})


def _sum(word: str) -> int:
    return zlib.crc32(word.casefold().encode("utf-8", "surrogatepass"))


def _runs(values: Sequence[int]) -> list[int]:
    """Return the hash of each run of words in their order, given the sums of the words."""
    run = 0
    for value in values[:SHINGLE]:
        run = (run * _BASE + value) % _PRIME
    found = [run]
    for out, value in zip(values, values[SHINGLE:], strict=False):
        run = (run * _BASE + value - out * _OUTGOING) % _PRIME
        found.append(run)
    return found
