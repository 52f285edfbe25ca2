"""Washington and New York: names that are a state's and a city's, and of Washington the federal government's too."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from classifier.gazetteer import Gazetteer
from classifier.place_cues import Name
from facts.places import Place, PlaceKind

_STATE_CUES = re.compile(
    r"(?:'s)? (?:state\b|(?:and|with) [\w-]{1,12} (?:other|more) states|gov(?:ernor|\.)|"
    r"attorney general|ag\b|legislature|state lawmakers|secretary of state|state's|"
    r"insurance commissioner|department of (?:licensing|ecology|social|corrections)|state patrol)",
    re.IGNORECASE,
)
_LAW_CUES = re.compile(
    r"(?:'s)? law (?!firm)|'s (?:\w{2,12} )?(?:law|laws|voters|constitution|schools|agency|agencies|lawmakers)\b"
)
_REGION = re.compile(
    r"\b(?:states? of|western|eastern|central|southwest|southwestern|northwest|upstate) \Z", re.IGNORECASE
)
_CITY_CUES = re.compile(
    r"(?:'s)? (?:city|mayor|police|council|n\.?y\.?p\.?d|public schools|public housing|schools chancellor)\b",
    re.IGNORECASE,
)
_CITY_OF = re.compile(r"\b(?:city|mayor) of \Z", re.IGNORECASE)
_POSTCODE = re.compile(r"[.,\s]{0,3}\d{5}")
#: Where the federal government sits, and whence it writes.
_SEAT = re.compile(r"\b(?:in|from|out of) \Z", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:between|from|against|with|than) \Z", re.IGNORECASE)
_REACH = 32
_ACROSS = re.compile(r"\b(?:across|throughout|(?:all )?over|around|in|rural|for|of) \Z", re.IGNORECASE)
_STATE_DOES = re.compile(
    r",? (?:has|had|is|was|will|would|law|receives?d?|recorded|collects?|gets|got|uses|sued|filed|joined|residents|"
    r"voters|families|farmers|growers|students|schools|cities|counties|taxpayers)\b"
)
_DOUBLES = frozenset({"washington", "new york"})
_NEW_YORK_CITY = frozenset({"new york city", "nyc"})
#: A capital among cities is the city from so many on: "Chicago and Washington" may be a quarrel.
_LIST_OF_CITIES = 3


def is_doubled(name: Name) -> bool:
    """Return whether the name alone says neither state nor city."""
    return name.key in _DOUBLES and bool(name.own_state)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Double:
    """A doubled name in its text."""

    name: Name
    before: str
    after: str
    #: The kinds of the places in the same list, and of those right beside it.
    listed: Sequence[PlaceKind]
    beside: Sequence[PlaceKind]
    #: USPS codes of the states that the text speaks of, and whether it names New York City.
    states: frozenset[str]
    city_named: bool
    beside_city: bool
    governed: bool
    #: Places in the State of Washington outnumber those of any other state.
    at_home: bool


def doubled(text: str, names: Sequence[Name], found: Mapping[int, Place], gazetteer: Gazetteer) -> dict[int, Place]:
    """Return what each "Washington" and "New York" means, by index; bare "Washington" is the federal government.

    `found` are the places known so far, by index of the name.
    """
    doubles = {at: _double(text, names, at, found) for at, name in enumerate(names) if is_doubled(name)}
    places = {
        at: _washington(each, gazetteer) if each.name.key == "washington" else _new_york(each, gazetteer)
        for at, each in doubles.items()
    }
    return {at: place for at, place in places.items() if place}


def _double(text: str, names: Sequence[Name], at: int, found: Mapping[int, Place]) -> _Double:
    name = names[at]
    others = Counter(place.state for index, place in found.items() if not is_doubled(names[index]))
    return _Double(
        name=name,
        before=text[max(0, name.start - _REACH) : name.start].replace("\n", " "),
        after=text[_written_end(name) : name.end + _REACH].replace("\n", " "),
        listed=list(_kinds(names, _list_around(names, at), found)),
        beside=list(_kinds(names, [each for each in _list_around(names, at) if abs(each - at) == 1], found)),
        states=frozenset([place.state for place in found.values()]),
        city_named=any(each.key in _NEW_YORK_CITY or (each.key == "new york" and each.dateline) for each in names),
        beside_city=any(names[each].key in _NEW_YORK_CITY for each in _list_around(names, at)),
        governed=any(_governs(text, each) for each in names),
        at_home=others["WA"] > max((count for state, count in others.items() if state != "WA"), default=0),
    )


def _washington(double: _Double, gazetteer: Gazetteer) -> Place | None:
    name, listed = double.name, double.listed
    if name.state == "DC" and (name.dateline or _SEAT.search(double.before) or _POSTCODE.match(double.after)):
        return None
    if name.state:
        return gazetteer.within(name.written, name.state)
    if name.dateline:
        return None
    is_state = _STATE_CUES.match(double.after) or _REGION.search(double.before)
    lawful = "WA" in double.states and _LAW_CUES.match(double.after)
    among_states = _mostly_states(double) and not _BETWEEN.search(double.before)
    if is_state or lawful or among_states or (double.at_home and _does_as_state(double)):
        return gazetteer.states.get("WA")
    if _CITY_OF.search(double.before) or (len(listed) + 1 >= _LIST_OF_CITIES and PlaceKind.STATE not in listed):
        return gazetteer.within("Washington", "DC")
    return None


def _does_as_state(double: _Double) -> bool:
    """Return whether the words around "Washington" may speak of the state, in a text about it."""
    owns = double.after.startswith("'s ")
    return bool(owns or _ACROSS.search(double.before) or _STATE_DOES.match(double.after))


def _new_york(double: _Double, gazetteer: Gazetteer) -> Place | None:
    state, city = gazetteer.states.get("NY"), gazetteer.within("New York City", "NY")
    name = double.name
    if name.state or name.dateline or _CITY_OF.search(double.before) or _CITY_CUES.match(double.after):
        return city
    if _STATE_CUES.match(double.after) or _REGION.search(double.before) or double.beside_city:
        return state
    if double.listed:
        return state if _mostly_states(double) else city
    return city if double.city_named and not double.governed else state


def _mostly_states(double: _Double) -> bool:
    """Return whether a list, its next members above all, is one of states."""
    states, others = double.beside.count(PlaceKind.STATE), len(double.beside) - double.beside.count(PlaceKind.STATE)
    if states == others:
        states = double.listed.count(PlaceKind.STATE)
        others = len(double.listed) - states
    return states > others


def _list_around(names: Sequence[Name], at: int) -> range:
    first, last = at, at
    while names[first].listed:
        first -= 1
    while last + 1 < len(names) and names[last + 1].listed:
        last += 1
    return range(first, last + 1)


def _written_end(name: Name) -> int:
    """Return where a name ends without the "'s" that it may have."""
    return name.end if name.state else name.start + len(name.written)


def _governs(text: str, name: Name) -> bool:
    """Return whether the name tells of the government of the State of New York."""
    return name.key == "albany" or (name.key == "new york" and bool(_STATE_CUES.match(text, _written_end(name))))


def _kinds(names: Sequence[Name], indexes: Iterable[int], found: Mapping[int, Place]) -> Iterator[PlaceKind]:
    """Yield the kinds of the places; another doubled name says nothing, an unresolved name is a city's."""
    for index in indexes:
        if not is_doubled(names[index]):
            yield found[index].kind if index in found else PlaceKind.CITY
