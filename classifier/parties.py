"""Parties: what a document says of each place it names, as the features that tell recipients and respondents.

A place is a recipient when the condition is addressed to it, a respondent when it answers; many stories name both, a
judge's city, a neighbour and a dateline besides.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from classifier.features import joined
from classifier.grams import grams_of
from classifier.outline import LETTER_HEAD, Outline
from classifier.parsing import Parsed, Passage
from classifier.places import Mention, by_passage
from classifier.words import word_set
from facts.places import Place, PlaceKind

#: Words between a name and the verb of what it does.
REACH = 9
#: How often a place is named, how many stand in a sentence and in a document: beyond this it makes no difference.
MOST_NAMED, MOST_TOGETHER, MOST_PLACES = 4, 4, 5
_GOVERNMENT = word_set(
    "police mayor city county council sheriff gov governor public schools school officials leaders board department "
    "chief attorney commissioners superintendent transit state manager lawyers"
)
_VERBS = frozenset({"say", "stance", "federal_act"})
_NEIGHBOURS = frozenset(
    {"federal acts", "local answers", "local says", "has ruling", "has federal_act", "tie", "core", "tied money"}
)
_BEFORE = frozenset({"agency", "federal", "local_actor", "federal_act", "say", "stance", "target", "instrument_word"})
_WORD_BEFORE = re.compile(r"([a-z]{1,15})\W{1,4}\Z")
_WORD_AFTER = re.compile(r"('s)?[\s,]{0,3}([a-z]{1,20})")
_LOOK = 24
#: Sentences from the top by which a place stands there, near it or further down.
_ZONES = (1, 3, 8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A document with the places that its text and its headline name, and those that its source is about."""

    parsed: Parsed
    outline: Outline
    mentions: Sequence[Mention]
    titled: Sequence[Mention]
    home: Sequence[Place] = ()


def party_features(named: Named, labels: frozenset[str]) -> dict[Place, frozenset[str]]:
    """Return what is said of each place of a document that earned these labels."""
    parsed, outline, mentions, titled = named.parsed, named.outline, named.mentions, named.titled
    found: defaultdict[Place, set[str]] = defaultdict(set)
    for mention in titled:
        found[mention.place] |= {"title", *(f"t:{fact}" for fact in joined(outline.facts[: outline.titles]))}
    for index, inside in enumerate(by_passage(parsed.passages, mentions)):
        together = len({mention.place.id for mention in inside})
        for mention in inside:
            found[mention.place] |= set(_said(parsed, outline, index, mention, together))
    counts = Counter(mention.place.id for mention in mentions)
    cities = {mention.place.state for mention in mentions if mention.place.kind is not PlaceKind.STATE}
    for place, features in found.items():
        features |= {
            f"kind:{place.kind.value}",
            f"named:{min(MOST_NAMED, counts[place.id])}",
            f"places:{min(MOST_PLACES, len(found))}",
            f"leads:{outline.leads}",
            f"writer:{outline.writer}",
        }
        if place.kind is PlaceKind.STATE and place.state in cities:
            features.add("its city is named")
    mark = "+".join(sorted(labels))
    return {place: frozenset(features | {f"{mark}&{each}" for each in features}) for place, features in found.items()}


def answer_features(document: Named, place: Place) -> frozenset[str]:
    """Return the words of the sentences that may hold a place's answer: those that name it, and the next ones.

    A document that names one place alone speaks of it throughout.
    """
    parsed, outline, mentions = document.parsed, document.outline, document.mentions
    named = [
        index
        for index, inside in enumerate(by_passage(parsed.passages, mentions))
        if any(mention.place.id == place.id and not mention.dateline for mention in inside)
    ]
    alone = len({mention.place.id for mention in mentions}) == 1
    near = range(len(parsed.passages)) if alone or not named else sorted({i + step for i in named for step in (0, 1)})
    found = {f"t{gram}" for grams in outline.grams[: outline.titles] for gram in grams}
    for index in near:
        if index < len(parsed.passages) and (index in named or parsed.passages[index].kinds & {"say", "stance"}):
            found |= grams_of(parsed.passages[index])
            found |= {f"stance:{hit.term.name}" for hit in parsed.passages[index].of("stance")}
    return frozenset(found)


def _said(parsed: Parsed, outline: Outline, index: int, mention: Mention, together: int) -> Iterator[str]:
    if mention.dateline:
        yield "dateline"
        return
    passage, at = parsed.passages[index], outline.titles + index
    yield from (f"f:{fact}" for fact in joined([outline.facts[at]]))
    yield f"together:{min(MOST_TOGETHER, together)}"
    yield f"zone:{sum(index >= bound for bound in _ZONES)}"
    if outline.writer:
        yield "head" if index <= LETTER_HEAD else "body"
    yield from _around(parsed, passage, mention)
    for near in (at - 1, at + 1):
        if outline.titles <= near < len(outline.facts):
            side = "before" if near < at else "after"
            yield from (f"{side}:{fact}" for fact in joined([outline.facts[near]]) & _NEIGHBOURS)


def _around(parsed: Parsed, passage: Passage, mention: Mention) -> Iterator[str]:
    """Yield the words and acts on either side of a name."""
    lower, sentence = parsed.folded.lower, passage.sentence
    before = _WORD_BEFORE.search(lower[max(0, mention.start - _LOOK) : mention.start])
    yield f"b:{before[1] if before else '^' if mention.start == sentence.start else ','}"
    after = _WORD_AFTER.match(lower, mention.end, mention.end + _LOOK)
    if after:
        yield f"a:{after[1] or ''}{'@government' if after[2] in _GOVERNMENT else after[2]}"
    word = sum(start < mention.start for start in sentence.starts)
    for hit in passage.hits:
        if hit.first >= word and hit.first - word < REACH and hit.term.kind in _VERBS:
            yield f"v:{hit.term.kind}{hit.term.name if hit.term.kind == 'stance' else ''}"
            break
    earlier = [hit for hit in passage.hits if hit.last <= word and hit.term.kind in _BEFORE]
    yield from (f"p:{hit.term.kind}" for hit in earlier[-2:])
    if earlier and earlier[0].term.kind in {"agency", "federal"}:
        yield "a federal actor first"
