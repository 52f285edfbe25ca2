"""Stances: what each place answers.

Rules go sentence by sentence and take the nearest actor before the answering verb; what they find is one of the
features, beside the words of the sentences that speak of the place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from classifier.features import federal_actors
from classifier.grams import grams_of
from classifier.lexicon import Hit
from classifier.model import Table
from classifier.parsing import Parsed, Passage, part_of
from classifier.parties import Named, Reasons
from classifier.places import Mention, by_passage
from classifier.senses import sense_grams, stems_of
from classifier.surroundings import runs_of
from classifier.words import word_set
from facts.event import Stance, StanceKind
from facts.places import Place, PlaceKind

#: Of two answers with equal support the more telling one stands.
_ORDER = (
    StanceKind.SUES,
    StanceKind.REFUSES,
    StanceKind.DISPUTES,
    StanceKind.COMPLIES,
    StanceKind.ASKS,
    StanceKind.REVIEWS,
)
_STRENGTH = {kind: 1.0 - 0.05 * rank for rank, kind in enumerate(_ORDER)}
_NOT = word_set(
    "not won't don't doesn't didn't wouldn't cannot can't never no neither nor refuse refused refuses declined"
)
_NOT_REACH = 4
# In small letters: "In Stockton, the mayor refused" names who does.
_WHERE = re.compile(r"\b(?:in|at|near|outside|from)\s\Z")
_WHERE_REACH = 9
#: Sentences of a place that may be its answer.
ANSWERS = 3
#: Sentences through which "the city" or "she" still means the place named last.
_CARRY = 2
_SPEAKER = re.compile(
    r"\b(?:he|she|they|we|our|"
    r"the (?:city|county|state|town|mayor|chief|council|sheriff|governor|commissioner)|"
    r"(?:city|county|state|police) officials|mayor|chief|spokes\w{1,8})\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Actor:
    """Somebody in a sentence: a place, or a federal actor (None), and the character where the name ends."""

    place: Place | None
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """Where a place may answer: the sentences that speak of it with what they say, and what holds wherever that is."""

    sentences: Mapping[int, frozenset[str]]
    #: What the sentence after each of them says, where it names no other place: "They will keep it, she said."
    following: Mapping[int, frozenset[str]]
    features: frozenset[str]


def stances_of(document: Named, respondents: Sequence[Place], reasons: Reasons, table: Table) -> tuple[Stance, ...]:
    """Return the answer of each respondent, in order."""
    found = []
    for place, answering in zip(respondents, answers_of(document, respondents), strict=True):
        odds = table.log_odds(answer_features(answering, reasons))
        found.append(Stance(place=place, stance=StanceKind(max(odds, key=odds.__getitem__))))
    return tuple(found)


def answers_of(document: Named, places: Sequence[Place]) -> Iterator[Answering]:
    """Yield where each place may answer; a text that never speaks of it may answer for it anywhere."""
    outline = document.outline
    told = _told(document.parsed, document.mentions, document.home)
    titles = {f"t{gram}" for grams in outline.grams[: outline.titles] for gram in grams}
    for place in places:
        said = {f"told:{told[place.id].value}"} if place.id in told else set()
        spoken = [
            index
            for index, inside in enumerate(document.references)
            if any(each.place.id == place.id for each in inside)
        ]
        others = frozenset(other.id for other in places if other.id != place.id)
        yield Answering(
            sentences={
                index: frozenset(_own_words(document, index, place, others))
                for index in spoken or range(len(document.references))
            },
            following={index: frozenset(_following_words(document, index, place)) for index in spoken},
            features=frozenset(titles | said),
        )


def answer_features(answering: Answering, reasons: Reasons) -> frozenset[str]:
    """Return what the model weighs of an answer: the words of the sentences that are most likely the answer."""
    found = set(answering.features)
    ranked = sorted(answering.sentences, key=lambda index: -reasons[index]["response"])
    for rank, index in enumerate(ranked[:ANSWERS]):
        found |= answering.sentences[index]
        if rank == 0:
            found |= {f"1{gram}" for gram in answering.sentences[index]}
            found |= answering.following.get(index, frozenset())
    return frozenset(found)


def _own_words(document: Named, index: int, place: Place, others: frozenset[str]) -> Iterator[str]:
    """Yield the words of a sentence; where others answer in it too, only those from the place's name to the next."""
    passage, inside = document.parsed.passages[index], document.references[index]
    runs = runs_of(document.parsed.folded.text, inside)
    starts = [run[0].start for run in runs if not others.isdisjoint(each.place.id for each in run)]
    own = [run[0].start for run in runs if place.id in {each.place.id for each in run}]
    starts = [start for start in starts if start not in own]
    if not own or not starts:
        parts = [passage]
    else:
        ends = [min((start for start in starts if start > at), default=passage.sentence.end) for at in own]
        first = passage.sentence.start if own[0] < starts[0] else own[0]
        parts = [part_of(passage, at, end) for at, end in zip([first, *own[1:]], ends, strict=True)]
    for part in parts:
        yield from (gram for gram in grams_of(part) if not gram.startswith("w:"))
        yield from sense_grams(stems_of(part))
        yield from (f"stance:{hit.term.name}" for hit in part.of("stance"))


def _following_words(document: Named, index: int, place: Place) -> Iterator[str]:
    """Yield the words of the sentence after one, if it is of the same place."""
    after = index + 1
    if after == len(document.references):
        return
    named = {each.place.id for each in document.references[after] if each.how == "name"}
    if named <= {place.id}:
        yield from (f"n{gram}" for gram in sense_grams(stems_of(document.parsed.passages[after])) if " " not in gram)


def _told(parsed: Parsed, mentions: Sequence[Mention], home: Sequence[Place]) -> dict[str, StanceKind]:
    """Return by id the stance of each place that is said to act, the best supported one."""
    support: dict[Place, dict[StanceKind, float]] = {}
    carried: Place | None = None
    age = 0
    for passage, named in zip(parsed.passages, by_passage(parsed.passages, mentions), strict=True):
        inside = [mention for mention in named if _stands_in(parsed, passage, mention)]
        age += 1
        fallback = carried if carried and age <= _CARRY else _home(parsed, passage, home)
        for place, kind in _answers(parsed, passage, inside, fallback):
            counts = support.setdefault(place, {})
            counts[kind] = counts.get(kind, 0.0) + _STRENGTH[kind]
        if inside:
            carried, age = inside[-1].place if len({m.place.id for m in inside}) == 1 else None, 0
    return {
        place.id: max(counts, key=lambda kind: (counts[kind], -_ORDER.index(kind))) for place, counts in support.items()
    }


def _stands_in(parsed: Parsed, passage: Passage, mention: Mention) -> bool:
    """Return whether a sentence names the place as somebody; "the jail in Stockton" only says where."""
    sentence = passage.sentence
    if mention.dateline:
        return False
    return not _WHERE.search(parsed.folded.text, max(sentence.start, mention.start - _WHERE_REACH), mention.start)


def _home(parsed: Parsed, passage: Passage, home: Sequence[Place]) -> Place | None:
    if len(home) != 1:
        return None
    sentence = passage.sentence
    return home[0] if _SPEAKER.search(parsed.folded.lower, sentence.start, sentence.end) else None


def _answers(
    parsed: Parsed, passage: Passage, inside: Sequence[Mention], fallback: Place | None
) -> Iterator[tuple[Place, StanceKind]]:
    sentence = passage.sentence
    if sentence.question:
        return
    federal = [_Actor(place=None, at=sentence.ends[hit.last - 1]) for hit in federal_actors(passage)]
    # Beside a city its county or state is mostly the one that is said to run the jail.
    cities = [mention for mention in inside if mention.place.kind is PlaceKind.CITY]
    local = [_Actor(place=mention.place, at=mention.end) for mention in cities or inside]
    hits = passage.of("stance")
    for hit in hits:
        if _negated(passage, hit, hits):
            continue
        start = sentence.starts[hit.first]
        actor = _nearest([*federal, *local], start)
        if actor is None:
            actor = _following(parsed, passage, inside, hit, fallback)
        if actor and actor.place:
            yield actor.place, StanceKind(hit.term.name)


def _nearest(actors: Iterable[_Actor], start: int) -> _Actor | None:
    before = [actor for actor in actors if actor.at <= start]
    return max(before, key=lambda actor: actor.at, default=None)


def _following(
    parsed: Parsed, passage: Passage, inside: Sequence[Mention], hit: Hit, fallback: Place | None
) -> _Actor | None:
    """Return who answers when nobody is named before the verb: the place named last, or the only one here."""
    sentence = passage.sentence
    if fallback and _SPEAKER.search(parsed.folded.lower, sentence.start, sentence.end):
        return _Actor(place=fallback, at=sentence.starts[hit.first])
    only = {mention.place for mention in inside}
    speaks = bool(passage.of("say", "local_actor"))
    return _Actor(place=only.pop(), at=sentence.end) if len(only) == 1 and speaks else None


def _negated(passage: Passage, hit: Hit, hits: Sequence[Hit]) -> bool:
    """Return whether a word of agreement stands under a "not", or inside a phrase that refuses."""
    if hit.term.name != StanceKind.COMPLIES:
        return False
    before = passage.sentence.words[max(0, hit.first - _NOT_REACH) : hit.first]
    refused = any(
        other.term.name == StanceKind.REFUSES and other.first <= hit.first and hit.last <= other.last + _NOT_REACH
        for other in hits
    )
    return refused or not _NOT.isdisjoint(before)
