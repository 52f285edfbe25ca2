"""Places: which cities, counties and states a text speaks of.

A name with its state behind it is certain. Any other is weighed: how many people each bearer of the name has, which
states the text speaks of and how near, whether the words around ask for a city, a county or a person. A name whose
bearers weigh too much alike, or that weighs too little to be a place at all, stays unresolved.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from math import log10, sqrt

from classifier import namesakes
from classifier.gazetteer import Entry, Gazetteer
from classifier.parsing import Passage
from classifier.place_cues import IN_CUE, PLAIN_CUE, Name
from classifier.place_doubles import doubled, is_doubled
from classifier.place_names import find_names
from classifier.place_words import BOROUGHS, CAPITALS, STAND_ALONE
from facts.places import Place, PlaceKind

# Weights in powers of ten of people: a bearer with ten times the people of another weighs 1 more.
_SMALLEST = 400
_BARE_COUNTY = -1.3
_NO_CITY = -0.5
_BESIDE_LARGE_CITY = -2.0
_LARGE_CITY = 50_000
_COUNTY_NAMED = 0.6
_WRONG_KIND = -1.5
_CAPITAL = 0.5
_STAND_ALONE = 1.0
_HOME = 2.5
_BESIDE = 1.0
_NEAR = 0.4
_IN_TEXT = 1.6
_COUNTY_IN_TEXT = 1.6
_IMPLIED = 0.5
_DISTINCT = 0.8
_A_WORD = -1.5
_A_PERSON = -1.0
_IN_HEADLINE = -0.5
_SAYS_COUNTY = 3.0
#: A small place in a state that the text never speaks of, while it speaks so much of another.
_ELSEWHERE = -0.6
_FIRM = 1.0
_ENOUGH = 5.0
_MARGIN = 0.45
_COUNTY_MARGIN = 0.65
_MARGIN_WITH_STATE = 0.1
_STATE_LEAD = 0.4
#: Names to either side that are looked at.
_FEW = 4
_LOOKS = 3
#: A bearer with so many times fewer people than the largest is not meant without its state.
_LARGEST_RATIO = 40
_LARGEST_COUNTY_RATIO = 1000
#: People of a county that may go without the word.
_KNOWN_COUNTY = 150_000
_LIST_REACH = 60
_NEAR_REACH = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A place named in the folded text, from `start` to `end`, its state included."""

    place: Place
    start: int
    end: int
    dateline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What one look at the text found, for the next to go on with."""

    #: The place of a name, by index.
    found: Mapping[int, Place]
    #: By base of the name, how much its bearers speak for each state.
    leanings: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    """What helps to tell places of one name apart."""

    names: Sequence[Name]
    #: Places that are certain, by index of the name.
    certain: Mapping[int, Place]
    #: USPS codes beside a name in its clause, and around it in its paragraph, by index.
    beside: Sequence[frozenset[str]]
    near: Sequence[frozenset[str]]
    #: Ids of the places that the source is about.
    home: frozenset[str]
    #: How often the text names a state, by USPS code; and what other names lean to, by their bases.
    named: Mapping[str, float]
    leanings: Mapping[str, Mapping[str, float]]


def find_places(text: str, gazetteer: Gazetteer, home: Sequence[Place] = ()) -> tuple[Mention, ...]:
    """Return every place a folded text names, in order; `home` are the places that the source is about."""
    names = find_names(text, gazetteer)
    known = {at: place for at, name in enumerate(names) if (place := _certain(name, gazetteer))}
    look = _Look(found=known, leanings={})
    # What one look finds says which states are meant, and so tells more the next time.
    for _ in range(_LOOKS):
        certain = known | doubled(text, names, look.found, gazetteer)
        before, look = look, _looked(_context(text, names, certain, look, home))
        if look == before:
            break
    return tuple(
        Mention(place=_governed(look.found[at], gazetteer), start=name.start, end=name.end, dateline=name.dateline)
        for at, name in enumerate(names)
        if at in look.found
    )


def _governed(place: Place, gazetteer: Gazetteer) -> Place:
    """Return the place whose government is meant: a borough of New York City has none that is written to."""
    if place.state == "NY" and place.name in BOROUGHS and place.kind is PlaceKind.CITY:
        return gazetteer.within("New York City", "NY") or place
    return place


def by_passage(passages: Sequence[Passage], mentions: Iterable[Mention]) -> tuple[tuple[Mention, ...], ...]:
    """Return the mentions of each passage, in order."""
    starts = [passage.sentence.start for passage in passages]
    found: list[list[Mention]] = [[] for _ in passages]
    for mention in mentions:
        index = bisect_right(starts, mention.start) - 1
        if index >= 0:
            found[index].append(mention)
    return tuple(tuple(inside) for inside in found)


def _certain(name: Name, gazetteer: Gazetteer) -> Place | None:
    """Return the place of a name that carries its state, or is a state's."""
    if is_doubled(name):
        return None
    if name.state:
        inside = (entry.place for entry in name.entries if entry.place.state == name.state)
        return next((place for place in inside if place.kind is name.kind), gazetteer.within(name.written, name.state))
    return name.own_state


def _context(
    text: str, names: Sequence[Name], certain: Mapping[int, Place], look: _Look, home: Sequence[Place]
) -> _Context:
    # "Chicago and New York" says nothing of where Portland lies, "places in Oregon" does.
    stated = {at: place.state for at, place in certain.items() if names[at].state or place.kind is PlaceKind.STATE}
    return _Context(
        names=names,
        certain=certain,
        beside=[frozenset(_around(text, names, at, stated, _LIST_REACH)) for at in range(len(names))],
        near=[frozenset(_around(text, names, at, stated, _NEAR_REACH)) for at in range(len(names))],
        home=frozenset([place.id for place in home]),
        named=Counter([*stated.values(), *(place.state for place in home)]),
        leanings=look.leanings,
    )


def _around(text: str, names: Sequence[Name], at: int, stated: Mapping[int, str], reach: int) -> Iterator[str]:
    """Yield the states written around a name; in a short reach only those of its own clause."""
    name = names[at]
    for other in range(max(0, at - _FEW), min(len(names), at + _FEW + 1)):
        if other == at or other not in stated:
            continue
        between = text[min(name.end, names[other].end) : max(name.start, names[other].start)]
        if len(between) <= reach and (reach > _LIST_REACH or "." not in between.replace(".,", "")):
            yield stated[other]


def _looked(context: _Context) -> _Look:
    found = dict(context.certain)
    carried = _carried(context)
    called = {place.id for place in context.certain.values() if place.kind is PlaceKind.COUNTY}
    leanings = {}
    for at, name in enumerate(context.names):
        if at in found or is_doubled(name):
            continue
        states = _states_of(context, at)
        ranked = _ranked(context, name, called, states)
        place = _last_before(carried.get(name.key, ()), at, name) or _outweighing(name, ranked, states)
        leanings[_base(name)] = {place.state: 1.0} if place else _leaning(ranked, name)
        if place:
            found[at] = place
            if name.is_county:
                called.add(place.id)
    return _Look(found=found | _repeated(context, found), leanings=leanings)


def _carried(context: _Context) -> dict[str, list[tuple[int, Place]]]:
    """Return by key where a name stands with its state."""
    carried: defaultdict[str, list[tuple[int, Place]]] = defaultdict(list)
    for at, name in enumerate(context.names):
        if name.state and at in context.certain:
            carried[name.key].append((at, context.certain[at]))
    return carried


def _last_before(places: Sequence[tuple[int, Place]], at: int, name: Name) -> Place | None:
    """Return the place that the name was last said to be, else the one it is said to be later."""
    wanted = [(index, place) for index, place in places if name.kind is None or place.kind is name.kind]
    before = [place for index, place in wanted if index < at]
    return before[-1] if before else next((place for _, place in wanted), None)


def _repeated(context: _Context, found: Mapping[int, Place]) -> dict[int, Place]:
    """Return the names left over that stand resolved elsewhere in the text."""
    known: dict[str, Place] = {}
    for at, place in found.items():
        known.setdefault(context.names[at].key, place)
    return {
        at: known[name.key]
        for at, name in enumerate(context.names)
        if at not in found and name.key in known and not is_doubled(name)
    }


def _ranked(
    context: _Context, name: Name, called: AbstractSet[str], states: Mapping[str, float]
) -> list[tuple[float, Entry]]:
    """Return the bearers of a name with their weights, the heaviest first; `states` is what the text speaks of."""
    weighed = [
        (_weight(name, entry, called, context.home) + states.get(entry.place.state, 0.0), entry)
        for entry in name.entries
        if not _is_small(name, entry, called)
    ]
    return sorted(weighed, key=lambda each: (-each[0], each[1].place.id))


def _is_small(name: Name, entry: Entry, called: AbstractSet[str]) -> bool:
    """Return whether the bearer is too small beside the largest, or a county that goes without its word in vain."""
    if entry.place.kind is PlaceKind.COUNTY and not name.is_county and name.kind is not PlaceKind.COUNTY:
        unlike_others = " " in name.key and len(name.entries) == 1
        well_known = unlike_others or (entry.population >= _KNOWN_COUNTY and name.key not in namesakes.WORDS)
        if not well_known and entry.place.id not in called:
            return True
    ratio = _LARGEST_COUNTY_RATIO if name.is_county or name.kind is PlaceKind.COUNTY else _LARGEST_RATIO
    return entry.population * ratio < name.entries[0].population


def _outweighing(name: Name, ranked: Sequence[tuple[float, Entry]], states: Mapping[str, float]) -> Place | None:
    """Return the bearer of a name that outweighs the others, when the name weighs enough to be a place."""
    if not ranked or ranked[0][0] + _likelihood(name) < _ENOUGH:
        return None
    weight, best = ranked[0]
    if _lies_elsewhere(name, best.place, states) and weight + _likelihood(name) + _ELSEWHERE < _ENOUGH:
        return None
    rival = next((each for each in ranked if each[1].place.state != best.place.state), None)
    if rival is None:
        return best.place
    lead = states.get(best.place.state, 0.0) - states.get(rival[1].place.state, 0.0)
    margin = _COUNTY_MARGIN if best.place.kind is PlaceKind.COUNTY else _MARGIN
    return best.place if weight - rival[0] >= (_MARGIN_WITH_STATE if lead >= _STATE_LEAD else margin) else None


def _lies_elsewhere(name: Name, place: Place, states: Mapping[str, float]) -> bool:
    """Return whether the text is about other states: "Oak Park" in Sacramento is no suburb of Chicago."""
    if place.state in states or name.dateline or name.key in STAND_ALONE:
        return False
    return max(states.values(), default=0.0) >= _FIRM


def _leaning(ranked: Sequence[tuple[float, Entry]], name: Name) -> dict[str, float]:
    """Return how much the bearers of an unresolved name speak for each state; all of them together 1."""
    if not ranked or ranked[0][0] + _likelihood(name) < _ENOUGH:
        return {}
    shares: defaultdict[str, float] = defaultdict(float)
    for weight, entry in ranked:
        shares[entry.place.state] += 10**weight
    total = sum(shares.values())
    return {state: share / total for state, share in shares.items()}


def _base(name: Name) -> str:
    return name.key.rpartition(" ")[0] if name.is_county else name.key


def _weight(name: Name, entry: Entry, called: AbstractSet[str], home: AbstractSet[str]) -> float:
    place = entry.place
    weight = log10(max(entry.population, _SMALLEST))
    if place.kind is PlaceKind.COUNTY and not name.is_county:
        weight += _COUNTY_NAMED * (place.id in called)
        weight += 0.0 if name.kind is PlaceKind.COUNTY else _bare_county(name)
    weight += _WRONG_KIND * (name.kind is not None and place.kind is not name.kind)
    is_capital = place.kind is PlaceKind.CITY and f"{name.key} {place.state}" in CAPITALS
    weight += _CAPITAL * (is_capital and name.key not in namesakes.PEOPLE)
    weight += _STAND_ALONE * (entry is name.entries[0] and name.key in STAND_ALONE)
    return weight + _HOME * (place.id in home)


def _bare_county(name: Name) -> float:
    """Return what a county's name weighs without the word: less where a city bears it, least where a large one does."""
    largest = max((entry.population for entry in name.entries if entry.place.kind is PlaceKind.CITY), default=0)
    return _NO_CITY if not largest else _BESIDE_LARGE_CITY if largest >= _LARGE_CITY else _BARE_COUNTY


def _states_of(context: _Context, at: int) -> dict[str, float]:
    """Return how much the text around a name, and all of it, speaks for each state; the name itself is left out."""
    weights: defaultdict[str, float] = defaultdict(float, context.named)
    base = _base(context.names[at])
    for other, leaning in context.leanings.items():
        if other != base:
            for state, share in leaning.items():
                weights[state] += _IMPLIED * share
    total = sum(weights.values()) + _IMPLIED
    # Local news names a county without its state sooner than a city.
    in_text = _IN_TEXT * (_COUNTY_IN_TEXT if context.names[at].is_county else 1.0)
    spoken = {state: in_text * sqrt(weight / total) for state, weight in weights.items()}
    for states, weight in ((context.beside[at], _BESIDE), (context.near[at], _NEAR)):
        for state in states:
            spoken[state] = spoken.get(state, 0.0) + weight
    return spoken


def _likelihood(name: Name) -> float:
    """Return how much the name and the words around it speak for a place at all."""
    # "A Gulf county" is none of its own.
    if name.is_county or (name.kind is PlaceKind.COUNTY and name.key not in namesakes.WORDS):
        return _SAYS_COUNTY
    if name.key in namesakes.NEVER:
        return -_ENOUGH
    likelihood = name.cue + _IN_HEADLINE * name.headline
    if name.dateline:
        return likelihood + _DISTINCT
    if name.key in namesakes.WORDS:
        return likelihood + _A_WORD * (0.5 if name.cue >= PLAIN_CUE else 1.0)
    if name.key in namesakes.PEOPLE:
        return likelihood + (_DISTINCT if name.cue >= IN_CUE else _A_PERSON)
    return likelihood + _DISTINCT
