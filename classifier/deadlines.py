"""Deadlines: the day by which a jurisdiction owes an answer, out of all the days that a text names.

A hearing, a vote, a report between federal agencies and the date of the letter are no deadlines. Which day is one is
learned from labelled documents: of the words on either side of it, of what its sentence and those beside it say, and
of how it stands among the other days. A day without a year takes it from the document's date.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from classifier.deadline_clauses import clause_facts, owed_inside
from classifier.deadline_dates import DayFound, counts_days, days_in
from classifier.grams import masked
from classifier.letter_days import counting_day, heading_date
from classifier.model import DUE, Table
from classifier.outline import Outline
from classifier.parsing import Parsed, Passage
from classifier.words import word_set
from facts.event import Deadline

#: Log odds that the likeliest day must have against all others and none: a wrong day in an alert costs more than none.
LEAST = 0.0
#: How many times likelier than the next day it must be: of two that are nearly as likely either may be wrong.
AHEAD = 1.3
#: Words on either side of a day that are weighed, and those of them that are weighed with their place.
_WORDS, _PLACED = 9, 3
#: Log odds beyond which a day is no likelier.
_MOST = 30.0
#: Days from the document's day to a deadline: most lie from a week to two months ahead.
_AHEAD = (-30, 0, 1, 4, 8, 15, 22, 32, 46, 62, 93, 200)
#: Sentences to the evidence; and how many days a text names.
_DISTANCES, _COUNTS = (0, 1, 2, 4, 8, 16), (1, 2, 3, 5, 8, 13)
_NOWHERE = 99
#: How the feature begins that tells how far a day stands from the reason.
FROM_REASON = "apart:"
_WHO = frozenset({"agency", "federal", "local_actor", "place", "state_power", "private", "ruling", "instrument_word"})
_ACTS = _WHO | {"federal_act", "say", "stance", "threat", "condition", "strings", "money", "program"}
#: Words before a day that say how it is meant: as a duty, as somebody's plan, as what is over.
_MODES = word_set(
    "must shall should may will would could can plans hopes expects wants asks asked asking told tells required "
    "requires ordered demands demanded gives gave given give has have had until unless if or due deadline before after "
    "was were is are been be said says vote voted votes meets approved adopted signed sent filed expires ends begins "
    "starts closes"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A document with the day it is of; what was flagged, and the sentences, by index, that tell of it."""

    parsed: Parsed
    outline: Outline
    published: date | None
    near: Collection[int]
    labels: frozenset[str]


#: "The letter came on Aug. 18": a day gone by, whatever stands around it.
_CAME_ON = re.compile(
    r"(?<!be )\b(?:came|arrived|received|dated|mailed|sent|opened|went out|went up|posted|published)\s(?:in\s)?on\s\Z"
)
_CAME_BEFORE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A day that a sentence of the text, by index, names; a headline's sentences are counted below zero."""

    index: int
    found: DayFound
    features: frozenset[str] = frozenset()


def find_deadline(document: Dated, table: Table) -> Deadline | None:
    """Return the day an answer is due; None when the text names none, or its date cannot be counted."""
    named = candidates(document)
    weights = [math.exp(min(_MOST, table.log_odds(each.features)[DUE])) for each in named]
    days: defaultdict[date, float] = defaultdict(float)
    for each, weight in zip(named, weights, strict=True):
        days[each.found.day] += weight
    if not days:
        return None
    likeliest, *others = sorted(days, key=lambda day: -days[day])
    # The other days and "none of them", which weighs 1, stand against it.
    if days[likeliest] < math.exp(LEAST) * (1 + sum(weights) - days[likeliest]):
        return None
    if others and days[likeliest] < AHEAD * days[others[0]]:
        return None
    told = [at for at, each in enumerate(named) if each.found.day == likeliest]
    best = named[max(told, key=lambda at: (weights[at], -at))]
    return Deadline(date=best.found.day, phrase=_phrase(document.parsed, best), assumed_year=not best.found.has_year)


def candidates(document: Dated) -> list[Candidate]:
    """Return every day that a document names with what is said of it, in the order of the text."""
    found = list(_days(document.parsed, document.published))
    counts = Counter(each.found.day for each in found)
    return [
        replace(
            each,
            features=frozenset({*_of_the_day(each, found, counts, document.published), *_around(document, each)}),
        )
        for each in found
    ]


def _days(parsed: Parsed, published: date | None) -> Iterator[Candidate]:
    heading = heading_date(parsed, published)
    for index in range(-len(parsed.title), len(parsed.passages)):
        lower = _sentence(parsed, index)
        counting = counting_day(parsed, index, published, heading) if counts_days(lower) else None
        for found in days_in(lower, heading or published, counting):
            came = _CAME_ON.search(lower, max(0, found.start - _CAME_BEFORE), found.start + len("on "))
            if not came and not owed_inside(lower, found):
                yield Candidate(index=index, found=found)


def _phrase(parsed: Parsed, best: Candidate) -> str:
    if best.index < 0:
        at = parsed.title[best.index].sentence.start
        return parsed.title_folded.text[at + best.found.start : at + best.found.end]
    at = parsed.passages[best.index].sentence.start
    start, end = parsed.folded.span(at + best.found.start, at + best.found.end)
    return " ".join(parsed.original[start:end].split())


def _of_the_day(
    each: Candidate, found: Sequence[Candidate], counts: Counter[date], published: date | None
) -> Iterator[str]:
    """Yield how a day stands among the others, and how far ahead it lies."""
    day = each.found
    yield f"form:{day.form}"
    if day.counted:
        yield "counted"
    if day.has_year:
        yield "year"
    if published:
        yield f"ahead:{_step((day.day - published).days, _AHEAD)}"
        yield f"form:{day.form} ahead:{_step((day.day - published).days, _AHEAD)}"
    yield f"told:{min(3, counts[day.day])}"
    if any(other.index < 0 and other.found.day == day.day for other in found):
        yield "told in the headline"
    yield f"days:{_step(len(counts), _COUNTS)}"
    ahead = sorted({other.found.day for other in found if published is None or other.found.day >= published})
    yield f"rank:{min(4, ahead.index(day.day))}" if day.day in ahead else "rank:past"
    yield f"order:{min(4, found.index(each))}"
    limited = [other for other in found if other.found.form]
    if day.form and len(limited) == 1:
        yield "the only limit"


def _around(document: Dated, each: Candidate) -> Iterator[str]:
    """Yield what is said around a day: in its clause and its sentence, and how far from what is the news."""
    parsed, outline = document.parsed, document.outline
    passage = parsed.passages[each.index] if each.index >= 0 else parsed.title[each.index]
    yield f"mark:{'+'.join(sorted(document.labels))}"
    yield f"writer:{outline.writer}"
    yield f"leads:{outline.leads}"
    if each.index < 0:
        yield "headline"
    for fact in clause_facts(_sentence(parsed, each.index), each.found):
        yield f"c:{fact}"
        yield f"c:{fact} form:{each.found.form}"
    yield from _subjects(parsed, each.index)
    yield from _words(passage, each.found)
    yield from _actors(passage, each.found)
    apart = min((abs(each.index - other) for other in document.near), default=_NOWHERE)
    yield f"{FROM_REASON}{_step(apart, _DISTANCES)}"


def _subjects(parsed: Parsed, index: int) -> Iterator[str]:
    """Yield the kinds of terms in the sentence of a day and in the two before it: what is the news around it."""
    if index < 0:
        return
    near = range(index, index - 3, -1)
    own, before, earlier = (parsed.passages[at].kinds & _ACTS if at >= 0 else frozenset() for at in near)
    yield from (f"k:{kind}" for kind in own)
    yield from (f"p:{kind}" for kind in before)
    yield from (f"pp:{kind}" for kind in earlier - before - own)


def _words(passage: Passage, found: DayFound) -> Iterator[str]:
    """Yield the words and pairs on either side of a day, names and numbers masked, the nearest with their place."""
    first, last = _span(passage, found)
    words = list(masked(passage))
    before = ["^", *(word for at, word in words if at < first)][-_WORDS:][::-1]
    after = [*(word for at, word in words if at >= last), "$"][:_WORDS]
    yield from (f"in:{word}" for at, word in words if first <= at < last)
    for side, near in (("b", before), ("a", after)):
        yield from (f"{side}:{word}" for word in near)
        yield from (f"{side}:{one} {other}" for one, other in pairwise(near))
        yield from (f"{side}{at}:{word}" for at, word in enumerate(near[:_PLACED]))
    yield f"ab:{before[0]} {after[0]}"


def _actors(passage: Passage, found: DayFound) -> Iterator[str]:
    """Yield who acts before a day and what is spoken of behind it, and whether it is a duty, a plan or over."""
    first, last = _span(passage, found)
    earlier = [hit.term.kind for hit in passage.hits if hit.last <= first and hit.term.kind in _ACTS]
    behind = [hit.term.kind for hit in passage.hits if hit.first >= last and hit.term.kind in _ACTS]
    yield f"who:{' '.join(earlier[-1:])}"
    yield f"who:{' '.join(earlier[-2:])}"
    yield f"first:{' '.join(earlier[:1])}"
    yield f"then:{' '.join(behind[:1])}"
    before = passage.sentence.words[max(0, first - _WORDS) : first]
    verb = next((word for word in reversed(before) if word in _MODES), "")
    actor = next((kind for kind in reversed(earlier) if kind in _WHO), "")
    yield f"mode:{verb}"
    yield f"mode:{verb} {actor}"
    yield f"mode:{verb} form:{found.form}"


def _span(passage: Passage, found: DayFound) -> tuple[int, int]:
    """Return the words of a day in its sentence, by index: first included, last excluded."""
    sentence = passage.sentence
    start, end = sentence.start + found.start, sentence.start + found.end
    return bisect_right(sentence.ends, start), bisect_left(sentence.starts, end)


def _sentence(parsed: Parsed, index: int) -> str:
    """Return a folded sentence of the text, or below zero of the headline, in small letters."""
    folded, passages = (parsed.folded, parsed.passages) if index >= 0 else (parsed.title_folded, parsed.title)
    sentence = passages[index].sentence
    return folded.lower[sentence.start : sentence.end]


def _step(value: int, bounds: Sequence[int]) -> int:
    return sum(value >= bound for bound in bounds)
