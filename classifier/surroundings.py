"""Surroundings: the words and acts on either side of a reference to a place, as features.

A name in a list has those of the whole list: "letters went to Reno, Tulsa and Mobile" addresses all three.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from classifier.features import federal_actors
from classifier.parsing import Parsed, Passage, part_of
from classifier.references import Reference
from classifier.senses import senses_of, stems_of
from classifier.words import word_set

#: Words between a name and the verb of what it does; words to either side that are told.
REACH, WORDS_BEFORE, WORDS_AFTER = 9, 3, 5
#: Beyond this many members a longer list makes no difference.
LONG_LIST = 4
_GOVERNMENT = word_set(
    "police mayor city county council sheriff gov governor public schools school officials leaders board department "
    "chief attorney commissioners superintendent transit state manager lawyers"
)
_VERBS = frozenset({"say", "stance", "federal_act"})
_KINDS_BEFORE = frozenset(
    {"agency", "federal", "local_actor", "federal_act", "say", "stance", "target", "instrument_word"}
)
_WORD = re.compile(r"[a-z$'.]+")
_LOOK_BEFORE, _LOOK_AFTER = 40, 48
_LINK = 28
_LISTED = re.compile(
    r"(?:'s)?[,;]?\s?(?:and|or|&|as well as|plus)?\s?(?:the )?(?:(?:city|state|county|cities|states|counties) of )?\Z"
)


def runs_of(text: str, references: Sequence[Reference]) -> list[list[Reference]]:
    """Return the names of a sentence in the lists that they stand in; a name by itself is a list of one."""
    runs: list[list[Reference]] = []
    for each in references:
        if each.how != "name":
            continue
        end = runs[-1][-1].end if runs else -1
        if 0 <= end <= each.start < end + _LINK and _LISTED.match(text[end : each.start]):
            runs[-1].append(each)
        else:
            runs.append([each])
    return runs


def said_by_name(parsed: Parsed, passage: Passage, references: Sequence[Reference]) -> dict[str, set[str]]:
    """Return by id what a sentence says of each place from its name, or that of its list, to the next.

    "Joining are Maine, Utah, Ohio and Texas" is said of all four, wherever the verb stands.
    """
    runs = runs_of(parsed.folded.text, references)
    found: dict[str, set[str]] = {}
    for at, run in enumerate(runs):
        start = run[0].start if at else passage.sentence.start
        end = runs[at + 1][0].start if at + 1 < len(runs) else passage.sentence.end
        said = set(_said(part_of(passage, start, end) if len(runs) > 1 else passage))
        if len(run) >= LONG_LIST:
            said |= {f"l{each}" for each in _said(passage)}
        for each in run:
            found.setdefault(each.place.id, set()).update(said)
    return found


def _said(part: Passage) -> Iterator[str]:
    """Yield the stems of a part of a sentence, and its senses alone and one after the other."""
    stems = stems_of(part)
    senses = [sense for _, sense in senses_of(stems)]
    yield from (f"os:{each}" for each in stems)
    yield from (f"oc:{each}" for each in senses)
    yield from (f"oc:{one}>{other}" for one, other in pairwise(senses))


def surroundings(
    parsed: Parsed, passage: Passage, references: Sequence[Reference], reference: Reference
) -> Iterator[str]:
    """Yield what stands around one of the references of a sentence."""
    run = next((run for run in runs_of(parsed.folded.text, references) if reference in run), [reference])
    how = {"name": "n", "person": "p", "pronoun": "p"}.get(reference.how, "g")
    yield f"how:{reference.how}"
    if len(run) > 1:
        yield f"{how}list:{min(len(run), LONG_LIST)}"
    start, end = run[0].start, run[-1].end
    yield from (f"{how}{each}" for each in _words(parsed, passage, start, end))
    yield from (f"{how}{each}" for each in _acts(passage, references, reference, (start, end)))


def _words(parsed: Parsed, passage: Passage, start: int, end: int) -> Iterator[str]:
    lower, sentence = parsed.folded.lower, passage.sentence
    before = _WORD.findall(lower, max(sentence.start, start - _LOOK_BEFORE), start)[-WORDS_BEFORE:]
    after = _WORD.findall(lower, end, min(sentence.end, end + _LOOK_AFTER))
    if after and after[0] in {"'s", "'"}:
        yield "own"
        after = after[1:]
    if start - sentence.start < WORDS_BEFORE:
        before = ["^"]
    yield from (f"b:{word}" if at == 0 else f"b+:{word}" for at, word in enumerate(reversed(before)))
    if before[1:]:
        yield f"b2:{' '.join(before[-2:])}"
    if after:
        yield f"a:{'@government' if after[0] in _GOVERNMENT else after[0]}"
    if after[1:]:
        yield f"a2:{' '.join(after[:2])}"
    yield from (f"a+:{word}" for word in after[1:WORDS_AFTER])


def _acts(
    passage: Passage, references: Sequence[Reference], reference: Reference, span: tuple[int, int]
) -> Iterator[str]:
    """Yield the first verb behind a reference, marked where another actor stands before it, and the kinds ahead."""
    starts = passage.sentence.starts
    first, last = (bisect_left(starts, at) for at in span)
    others = [bisect_left(starts, each.start) for each in references if each.place.id != reference.place.id]
    others += [hit.first for hit in federal_actors(passage)]
    verb = next((h for h in passage.hits if 0 <= h.first - last < REACH and h.term.kind in _VERBS), None)
    if verb:
        others_verb = any(last <= other < verb.first for other in others)
        name = verb.term.name if verb.term.kind == "stance" else ""
        yield f"v:{'x' if others_verb else ''}{verb.term.kind}{name}"
    earlier = [hit for hit in passage.hits if hit.last <= first and hit.term.kind in _KINDS_BEFORE]
    yield from (f"p:{hit.term.kind}" for hit in earlier[-2:])
    if earlier and earlier[0].term.kind in {"agency", "federal"}:
        yield "federal first"
