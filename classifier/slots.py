"""Slots: the names and numbers of a text, each with the words around it, by which a template is told from a copy.

Texts on one template share the words around a name and not the name. Copies share both, and what an editor adds or cuts
leaves no slot that is filled in two ways.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

#: A slot is a number: this bit, 39 bits of the words around it, 24 of the words in it.
FIRST_SLOT = 1 << 63
#: Slots kept of a text, those with the smallest surroundings.
MOST_SLOTS = 64
#: Slots filled in two ways up to which, and up to which share of those in common, an editor's corrections go.
CORRECTED, CORRECTED_SHARE = 1, 0.15

_FILLING_BITS, _AROUND_BITS, _HASH_BITS = 24, 39, 61
_FILLING = (1 << _FILLING_BITS) - 1
_PRIME = (1 << _HASH_BITS) - 1
# Surroundings that no words have: whom a letter greets, and the ZIP code it goes to. Either decides.
_GREETED, _POSTED, _DECISIVE = 0, 1, 2
_FACTORS = (0x1B87_3593_CC9E_2D51, 0x0C2B_2AE3_5A82_7963, 0x1656_67B1_9E37_79B9, 0x0A54_FF53_5F1D_36F1)
_GREETING = re.compile(r"^[ \t]*Dear ([^\n:,]{2,120})[:,]", re.MULTILINE)
_ZIP = re.compile(r"\b\d{5}\b")
#: Characters above a salutation in which the address stands.
_ADDRESS = 300
_WORD = re.compile(r"\w+")


def slots_of(text: str, words: Sequence[str], values: Sequence[int]) -> list[int]:
    """Return the slots of a text, ascending; `values` are numbers that stand for its words, alike in every text."""
    known = set(words)
    names = {word for word in known if word[0].isdigit() or (word[0].isupper() and word.lower() not in known)}
    padded = (0, 0, *values, 0, 0)
    smallest = sorted({_slot(padded, start, end) for start, end in _stretches(words, names)})[:MOST_SLOTS]
    return sorted({*_letter_slots(text), *smallest})


def on_one_template(one: Sequence[int], other: Sequence[int]) -> bool:
    """Return whether so much is filled in two ways that the texts tell of two things."""
    unlike = differing(one, other)
    if any(around < _DECISIVE for around in unlike):
        return True
    shared = len(_filled(one).keys() & _filled(other).keys())
    return len(unlike) > max(CORRECTED, CORRECTED_SHARE * shared)


def differing(one: Sequence[int], other: Sequence[int]) -> set[int]:
    """Return the surroundings in which the texts have nothing in common."""
    ours, theirs = _filled(one), _filled(other)
    return {around for around in ours.keys() & theirs.keys() if ours[around].isdisjoint(theirs[around])}


def _stretches(words: Sequence[str], names: set[str]) -> Iterator[tuple[int, int]]:
    """Yield where each stretch of names and numbers begins and ends."""
    others = [index for index, word in enumerate(words) if word not in names]
    for before, after in pairwise((-1, *others, len(words))):
        if after - before > 1:
            yield before + 1, after


def _slot(padded: Sequence[int], start: int, end: int) -> int:
    # The stretch is words[start:end], and `padded` has two words more at either end.
    one, two, three, four = _FACTORS
    around = padded[start] * one + padded[start + 1] * two + padded[end + 2] * three + padded[end + 3] * four
    key = max(_DECISIVE, around % _PRIME >> (_HASH_BITS - _AROUND_BITS))
    return FIRST_SLOT | key << _FILLING_BITS | sum(padded[start + 2 : end + 2]) & _FILLING


def _letter_slots(text: str) -> Iterator[int]:
    greeting = _GREETING.search(text)
    if greeting is None:
        return
    yield _letter_slot(_GREETED, _WORD.findall(greeting[1].casefold()))
    yield from (
        _letter_slot(_POSTED, [code])
        for code in _ZIP.findall(text, max(0, greeting.start() - _ADDRESS), greeting.start())[-1:]
    )


def _letter_slot(around: int, filling: Sequence[str]) -> int:
    last = "".join(filling[-1:]).encode("utf-8", "surrogatepass")
    return FIRST_SLOT | around << _FILLING_BITS | int.from_bytes(last[-3:])


def _filled(slots: Sequence[int]) -> dict[int, set[int]]:
    filled: dict[int, set[int]] = defaultdict(set)
    for slot in slots:
        filled[(slot ^ FIRST_SLOT) >> _FILLING_BITS].add(slot & _FILLING)
    return filled
