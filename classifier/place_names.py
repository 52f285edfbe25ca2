"""Names of places in a text: runs of capitalised words that the gazetteer knows, and what stands around them.

A name alone is never enough where it may be a newspaper, a university, a street, a river, a court or a person.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from classifier.gazetteer import AP_STATES, Entry, Gazetteer, key_of
from classifier.place_cues import IN_CUE, PLAIN_CUE, Name, around, bears_person, cued, stands_for_other
from classifier.place_words import AFTER_POSTAL, PEOPLE_OF, POSTAL_WORDS
from facts.places import Place, PlaceKind

_TOKEN = re.compile(
    r"(?:[A-Z]\.){2,4}|d'[A-Z][a-z]+|[A-Z\u00c0-\u00de][A-Za-z\u00c0-\u024f]*(?:['-][A-Za-z\u00c0-\u024f]+)*"
)
_GAP = re.compile(r"\.?[ \n]{1,2}(?:(?:of the|of|du|del|de|la|qui|or|and) )?\Z|-\Z")
_LOWER_END = re.compile(r"-(?:area|based|led|born|adjacent|bound|wide|style)\Z")
_STATE_AFTER = re.compile(
    r",?\s{1,3}\(?([A-Z][a-z]{1,12}\.?(?:\s[A-Z][a-z]{2,12})?|[A-Z]\.\s?[A-Z][a-z]{0,2}\.|[A-Z]{2}(?![A-Za-z]))"
)
_BARE_STATE_AFTER = re.compile(r"\s\(?([A-Z]{2}(?![A-Za-z])|[A-Z]\.\s?[A-Z]\.|[A-Z][a-z]{1,4}\.)")
_LONGEST_NAME = 4
_REACH = 16
_ACTOR = re.compile(r"(?:'s)? ([A-Za-z]{2,12})")
_OF_COUNTIES = re.compile(r"\bcounties(?: of|:) \Z", re.IGNORECASE)
_COUNTIES = re.compile(r"(?:,? and (?:[a-z]{3,8} )?(?:other|more))? (?:counties|parishes|boroughs)\b", re.IGNORECASE)
_LISTED = re.compile(r"(?:'s)?(?:,|,? (?:and|or|&|and of)|,? as well as) (?:the )?")
_DATELINE = re.compile(
    r"(?:\A|\n)[ \t]{0,4}([A-Z][A-Z.'-]{1,15}(?: [A-Z][A-Z.'-]{1,15}){0,3})(?:, [A-Z][A-Za-z. ]{0,20})?"
    r"(?: ?\([^)\n]{1,40}\))? ?-{1,2} "
)
#: A dateline stands above the story or below a byline, not further down.
_DATELINE_REACH = 900

_LOS_ANGELES = re.compile(r" (?:County|[Mm]ayor|Mayor|Unified|Metro|City|city|police|schools|officials|council)\b")
_OTHER_BEGINNINGS = frozenset(
    [people.partition(" ")[0] for people in PEOPLE_OF] + [key_of(short) for short in AP_STATES]
)
_POSTAL = 2
_CODE_AFTER = re.compile(r"(?:, ?|/|; )(?:and )?([A-Z]{2})(?![A-Za-z])")
_CODE_BEFORE = re.compile(r"(?<![A-Za-z])([A-Z]{2})(?:, ?|/|; )(?:and )?\Z")
#: States whose names are cities too, and how many times larger a namesake makes theirs a village.
_ALSO_CITIES = frozenset({"NY", "WA"})
_VILLAGE = 40
#: Between two names of a list.
_LINK = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scan:
    """One text with its capitalised words."""

    text: str
    gazetteer: Gazetteer
    tokens: Sequence[re.Match[str]]
    #: Where the place of its dateline stands; (0, 0) without one.
    dateline: tuple[int, int]


def find_names(text: str, gazetteer: Gazetteer) -> tuple[Name, ...]:
    """Return the names of places in a folded text, in order; what only looks like one is left out."""
    dateline = _DATELINE.search(text, 0, _DATELINE_REACH)
    scan = _Scan(
        text=text,
        gazetteer=gazetteer,
        tokens=list(_TOKEN.finditer(text)),
        dateline=dateline.span(1) if dateline else (0, 0),
    )
    found = list(_found(scan))
    persons = Counter(name.key for name, person in found if person)
    places = Counter(name.key for name, person in found if not person and name.cue >= IN_CUE)
    kept = [
        name
        for name, person in found
        if not person and (name.cue >= IN_CUE or name.own_state or persons[name.key] <= places[name.key])
    ]
    return _counties_marked(text, list(_lists_marked(text, kept)))


def _found(scan: _Scan) -> Iterator[tuple[Name, bool]]:
    """Yield each name with whether a person bears it."""
    skip_to = 0
    for at, token in enumerate(scan.tokens):
        if token.start() < skip_to or not _may_begin(token.group(), scan.gazetteer):
            continue
        for size in range(_run_length(scan, at), 0, -1):
            if name := _named(scan, at, size):
                skip_to = name.end
                yield from _judged(scan, name, at, size)
                break


def _judged(scan: _Scan, name: Name, at: int, size: int) -> Iterator[tuple[Name, bool]]:
    tokens, last = scan.tokens, at + size - 1
    left = tokens[at - 1] if at else None
    right = tokens[last + 1] if last + 1 < len(tokens) else None
    beside = around(scan.text, name, tokens[last].end(), left, right)
    # A part of a dateline that nobody knows: "KITTERY BAY -".
    unknown = not name.dateline and scan.dateline[0] <= name.start < scan.dateline[1]
    if name.state or not (unknown or stands_for_other(name, beside)):
        yield cued(name, beside), not name.state and bears_person(name, beside)


def _may_begin(word: str, gazetteer: Gazetteer) -> bool:
    first = key_of(word.removesuffix("'s").removesuffix("'S")).partition(" ")[0]
    return first in gazetteer.beginnings or first in _OTHER_BEGINNINGS or len(word) == len("CA")


def _run_length(scan: _Scan, at: int) -> int:
    """Return how many capitalised words stand together from one on, up to the longest name."""
    for size in range(1, min(_LONGEST_NAME, len(scan.tokens) - at)):
        if not _GAP.match(scan.text, scan.tokens[at + size - 1].end(), scan.tokens[at + size].start()):
            return size
    return min(_LONGEST_NAME, len(scan.tokens) - at)


def _named(scan: _Scan, at: int, size: int) -> Name | None:
    text, gazetteer = scan.text, scan.gazetteer
    start, end = scan.tokens[at].start(), scan.tokens[at + size - 1].end()
    written = _LOWER_END.sub("", text[start:end])
    bare = written.removesuffix("'s").removesuffix("'S").removesuffix("'")
    entries = _entries(text, bare, end, gazetteer)
    if not entries:
        return None
    in_dateline = (start, end) == scan.dateline
    state, stop = _state_after(text, entries, end, gazetteer) if bare == text[start:end] else (None, end)
    return Name(written=bare, start=start, end=stop, entries=entries, state=state, dateline=in_dateline)


def _entries(text: str, name: str, end: int, gazetteer: Gazetteer) -> tuple[Entry, ...]:
    """Return what a name may mean: a state by its people or its short forms, else all its bearers."""
    code = PEOPLE_OF.get(name.lower())
    if not code and text.startswith(".", end):
        code = AP_STATES.get(f"{name}.")
    if not code and len(name) == _POSTAL:
        return _of_two_letters(text, name, end, gazetteer)
    if not code and "." in name and not gazetteer.named(name) and (state := gazetteer.state(name)):
        code = state.state
    if code:
        return (Entry(place=gazetteer.states[code], population=0),)
    return (*gazetteer.named(name), *gazetteer.counties(name))


def _of_two_letters(text: str, name: str, end: int, gazetteer: Gazetteer) -> tuple[Entry, ...]:
    """Return the state of a postal code that governs something, and Los Angeles, whose letters are Louisiana's."""
    if name == "LA":
        return gazetteer.named(name) if _LOS_ANGELES.match(text, end) else ()
    if name in gazetteer.states and _among_codes(text, end, gazetteer):
        return (Entry(place=gazetteer.states[name], population=0),)
    actor = _ACTOR.match(text, end)
    acts = actor and actor.group(1).lower() in AFTER_POSTAL
    if name == "DC":
        return gazetteer.named(name)
    if name in gazetteer.states and name not in POSTAL_WORDS and acts:
        return (Entry(place=gazetteer.states[name], population=0),)
    return ()


def _among_codes(text: str, end: int, gazetteer: Gazetteer) -> bool:
    """Return whether a postal code stands beside another one: "(VT, ME, NH)"."""
    beside = (_CODE_AFTER.match(text, end), _CODE_BEFORE.search(text, max(0, end - _REACH), end - _POSTAL))
    return any(match and match.group(1) in gazetteer.states for match in beside)


def _state_after(text: str, entries: Sequence[Entry], end: int, gazetteer: Gazetteer) -> tuple[str | None, int]:
    """Return the USPS code written behind a name and where it ends; a state that owns what follows stays a name."""
    match = _STATE_AFTER.match(text, end) if text[end : end + 1] == "," else _BARE_STATE_AFTER.match(text, end)
    if not match:
        return None, end
    written = match.group(1)
    if text.startswith("District of Columbia", match.start(1)) and any(each.place.state == "DC" for each in entries):
        return "DC", match.start(1) + len("District of Columbia")
    for candidate in (written, written.split()[0]):
        stop = match.start(1) + len(candidate)
        state = gazetteer.state(candidate)
        if state and not text.startswith(" City", stop) and _may_lie_in(state, candidate, entries):
            stop -= candidate.endswith(".") and candidate[:-1] == state.name
            return state.state, end if text.startswith("'s", stop) else stop
    return None, end


def _may_lie_in(state: Place, written: str, entries: Sequence[Entry]) -> bool:
    """Return whether a name is addressed in a state: "Los Angeles, New York and", "Ohio, Maine and" are lists."""
    inside = [
        entry for entry in entries if entry.place.state == state.state and entry.place.kind is not PlaceKind.STATE
    ]
    if not inside:
        return False
    in_full = written.rstrip(".") == state.name
    if in_full and any(entry.place.kind is PlaceKind.STATE for entry in entries):
        return False
    # "Seattle, Portland, New York" means no village of New York.
    is_city_too = in_full and state.state in _ALSO_CITIES
    return not is_city_too or max(each.population for each in inside) * _VILLAGE >= entries[0].population


def _lists_marked(text: str, names: Sequence[Name]) -> Iterator[Name]:
    yield from names[:1]
    for one, other in pairwise(names):
        between = text[one.end : other.start]
        yield replace(other, listed=True) if len(between) <= _LINK and _LISTED.fullmatch(between) else other


def _counties_marked(text: str, names: list[Name]) -> tuple[Name, ...]:
    """Return the names with every member of "Bexar and El Paso counties" and "the counties of ..." made a county."""
    marked = list(names)
    of_many: set[int] = set()
    for at, name in enumerate(names):
        if _COUNTIES.match(text, name.end):
            first = at
            while first and names[first].listed:
                first -= 1
            if not all(each.own_state for each in names[first : at + 1]):
                marked[first : at + 1] = [_as_county(each) for each in names[first : at + 1]]
        elif _OF_COUNTIES.search(text, max(0, name.start - _REACH), name.start) or (name.listed and at - 1 in of_many):
            of_many.add(at)
            marked[at] = _as_county(name)
    return tuple(marked)


def _as_county(name: Name) -> Name:
    """Return the name as that of a county: "Marion and Ohio counties" names no state."""
    entries = tuple(entry for entry in name.entries if entry.place.kind is not PlaceKind.STATE)
    return replace(name, kind=PlaceKind.COUNTY, cue=PLAIN_CUE, entries=entries or name.entries)
