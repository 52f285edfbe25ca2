"""Parties: what a document says of each place it names, as the features that tell recipients and respondents.

A place is a recipient when the condition is addressed to it, a respondent when it answers; many stories name both, a
judge's city, a neighbour and a dateline besides.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from classifier.features import joined
from classifier.grams import masked
from classifier.outline import LETTER_HEAD, Outline
from classifier.parsing import Parsed
from classifier.places import Mention
from classifier.references import Reference, focus_of, references_of
from classifier.surroundings import said_by_name, surroundings
from facts.places import Place, PlaceKind

#: How often a place is named and spoken of, how many stand in a sentence and in a document, and which of them it is:
#: beyond this it makes no difference.
MOST_NAMED, MOST_SPOKEN, MOST_TOGETHER, MOST_PLACES, LAST_IN_ORDER = 4, 3, 4, 6, 5
#: Sentences from the top by which a place stands there, near it or further down.
ZONES = (1, 3, 8)
#: Bounds of how far a sentence is the reason for a label, in log odds, and of how far it falls short of the best one.
STRENGTHS, LAGS = (-4, -3, -2, -1, 0, 1, 2), (0.01, 1, 2, 3, 4)
#: Sentences below a name that may still tell what the place does.
BELOW = 2
_NEIGHBOURS = frozenset(
    {"federal acts", "local answers", "local says", "has ruling", "has federal_act", "tie", "core", "tied money"}
)
#: What a sentence says means the same whatever the label.
_UNMARKED = ("w:", "rw:", "rf:", "os:")

#: Of each sentence of the text how far it is the reason for each label of an alert, in log odds.
Reasons = Sequence[Mapping[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A document with the places that its text and its headline name, and those that its source is about."""

    parsed: Parsed
    outline: Outline
    mentions: Sequence[Mention]
    titled: Sequence[Mention]
    home: Sequence[Place] = ()
    #: What "the state", "the city" and the like mean, by realm, and who is spoken of in each sentence.
    focus: Mapping[str, Place]
    references: tuple[tuple[Reference, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A place of a document: what is said of it, and the sentences that name it and that speak of it, by index."""

    place: Place
    features: frozenset[str]
    named: tuple[int, ...] = ()
    spoken: tuple[int, ...] = ()


def named_of(
    parsed: Parsed,
    outline: Outline,
    mentioned: tuple[Sequence[Mention], Sequence[Mention]],
    home: Sequence[Place],
    states: Mapping[str, Place],
) -> Named:
    """Return a document with who is spoken of in it; what text and headline mention, and the states by USPS code."""
    mentions, titled = mentioned
    own = home or tuple(dict.fromkeys(mention.place for mention in mentions if mention.dateline))
    focus = focus_of(mentions, titled, own, states)
    return Named(
        parsed=parsed,
        outline=outline,
        mentions=mentions,
        titled=titled,
        home=own,
        focus=focus,
        references=references_of(parsed, mentions, focus),
    )


def parties_of(named: Named) -> tuple[Party, ...]:
    """Return each place of a document in the order of the text, and last the state that it only calls "the state"."""
    mentioned = [mention.place for mention in (*named.titled, *named.mentions)]
    state = named.focus.get("state")
    spoken = {reference.place for inside in named.references for reference in inside}
    places = dict.fromkeys([*mentioned, *([state] if state in spoken and state else [])])
    counts = Counter(mentioned)
    found: dict[Place, set[str]] = {place: set() for place in places}
    at: dict[Place, defaultdict[str, dict[int, None]]] = {place: defaultdict(dict) for place in places}
    for place, index, features in _said(named):
        if place in found:
            found[place] |= features
            at[place]["spoken"][index] = None
            if "how:name" in features:
                at[place]["named"][index] = None
    for order, place in enumerate(places):
        found[place] |= set(_whole(named, place, list(places), counts))
        found[place] |= {f"order:{min(order, LAST_IN_ORDER)}", *_count(at[place]["spoken"], at[place]["named"], place)}
    return tuple(
        Party(place=place, features=frozenset(said), named=tuple(at[place]["named"]), spoken=tuple(at[place]["spoken"]))
        for place, said in found.items()
    )


def weighed(party: Party, labels: frozenset[str], reasons: Reasons) -> frozenset[str]:
    """Return what the model weighs of a place of a document that earned these labels."""
    found = party.features | set(_reasoned(party, reasons))
    mark = "+".join(sorted(labels))
    return frozenset(found | {f"{mark}&{each}" for each in found if not each.startswith(_UNMARKED)})


def _said(named: Named) -> Iterator[tuple[Place, int, set[str]]]:
    """Yield of each reference the place, the sentence and what is said there."""
    parsed, outline = named.parsed, named.outline
    facts = [joined([each]) for each in outline.facts]
    for index, inside in enumerate(named.references):
        if not inside:
            continue
        passage, at = parsed.passages[index], outline.titles + index
        words = {word for _, word in masked(passage)}
        together = len({each.place.id for each in inside if each.how == "name"})
        around = {
            f"{side}:{fact}"
            for side, near in (("before", at - 1), ("after", at + 1))
            if outline.titles <= near < len(facts)
            for fact in facts[near] & _NEIGHBOURS
        }
        own = said_by_name(parsed, passage, inside)
        zone = {
            f"together:{min(MOST_TOGETHER, together)}",
            f"zone:{sum(index >= bound for bound in ZONES)}",
            *around,
        }
        for each in inside:
            by_name = each.how == "name"
            features = set(surroundings(parsed, passage, inside, each))
            features |= {f"{'' if by_name else 'r'}f:{fact}" for fact in facts[at]}
            features |= {f"{'' if by_name else 'r'}w:{word}" for word in words}
            if outline.writer:
                features.add("head" if index <= LETTER_HEAD else "body")
            yield each.place, index, features | zone | own[each.place.id] if by_name else features


def _whole(named: Named, place: Place, places: Sequence[Place], counts: Counter[Place]) -> Iterator[str]:
    """Yield what a place is in the whole document."""
    outline, kind = named.outline, place.kind.value
    yield f"kind:{kind}"
    yield f"named:{min(MOST_NAMED, counts[place])}"
    yield f"places:{min(MOST_PLACES, len(places))}"
    yield f"leads:{outline.leads}"
    yield f"writer:{outline.writer}"
    if any(mention.place == place for mention in named.titled):
        yield "title"
        yield from (f"t:{fact}" for fact in joined(outline.facts[: outline.titles]))
    if any(mention.dateline and mention.place == place for mention in named.mentions):
        yield "dateline"
    yield from (f"focus {realm}" for realm in (kind, "local") if named.focus.get(realm) == place)
    if not counts[place]:
        yield "implied"
    if counts[place] == max(counts.values(), default=0):
        yield "most named"
    if sum(other.kind is place.kind for other in places) == 1:
        yield f"only {kind}"
    if place.kind is PlaceKind.STATE and any(
        other.state == place.state and other.kind is not PlaceKind.STATE for other in places
    ):
        yield "its city is named"


def _count(spoken: Mapping[int, None], named: Mapping[int, None], place: Place) -> Iterator[str]:
    """Yield in how many sentences a place is spoken of and not named."""
    count = min(MOST_SPOKEN, len(spoken.keys() - named.keys()))
    yield f"refs:{count}"
    yield f"kind:{place.kind.value} refs:{count}"


def _reasoned(party: Party, reasons: Reasons) -> Iterator[str]:
    """Yield how far the sentences of a place are the reason for each label, and how far behind the best they are."""
    below = [index + step for index in party.named for step in range(BELOW + 1) if index + step < len(reasons)]
    for head in reasons[0] if reasons else ():
        best = max(each[head] for each in reasons)
        for where, indices in (("named", party.named), ("spoken", party.spoken), ("below", below)):
            own = max((reasons[index][head] for index in indices), default=None)
            if own is None:
                yield f"q{head} {where}:none"
            else:
                yield f"q{head} {where}:{sum(own >= bound for bound in STRENGTHS)}"
                yield f"q{head} {where} behind:{sum(best - own >= bound for bound in LAGS)}"
