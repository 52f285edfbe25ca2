"""Roles: which places a condition is addressed to and which answer it; all others are mentions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from classifier.model import Table
from classifier.parsing import Parsed
from classifier.parties import Named, Party, Reasons, weighed
from classifier.surroundings import runs_of
from facts.event import LETTER, RESPONSE
from facts.places import Place, PlaceKind

#: How much of what a list of places says goes to each of them, and what one gains that stands among those who are sure.
OF_THE_LIST, AMONG_THE_SURE = 0.4, 1.0
#: "One of four cities ... The other three are": before a list whose places share the part of one named elsewhere.
_THE_OTHERS = re.compile(r"\bthe others?\b[^.;:]{0,40}\Z", re.IGNORECASE)
_BEFORE = 60
#: A state or county that is so much less likely than a place within its state only says where that lies.
ONLY_AROUND: Mapping[PlaceKind, float] = {PlaceKind.STATE: 0.5, PlaceKind.COUNTY: 2.0}
_SIZES: Mapping[PlaceKind, int] = {PlaceKind.CITY: 0, PlaceKind.COUNTY: 1, PlaceKind.STATE: 2}
#: The log odds from which a place has the role, and from which the likeliest has it when no other does.
LEAST: Mapping[str, float] = {"recipient": -0.4, "respondent": -0.5}
LIKELIEST = -1.0
#: The label whose places have a role of their own.
_LABELS: Mapping[str, str] = {"recipient": LETTER, "respondent": RESPONSE}


def places_in_role(
    role: str, document: Named, odds: Mapping[Place, float], labels: frozenset[str]
) -> tuple[Place, ...]:
    """Return the places that are "recipient" or "respondent" of a document with these labels, in order of the text.

    A local text that names none speaks of the place that its source is about.
    """
    if _LABELS[role] not in labels:
        return ()
    shared = _shared(document, odds)
    found = [place for place, value in shared.items() if value > LEAST[role] and not _only_around(place, shared)]
    if found:
        return tuple(found)
    home = document.home
    if len(home) == 1 and home[0] not in odds and _speaks_of_home(document.parsed):
        return tuple(home)
    likeliest = max(shared, key=lambda place: shared[place], default=None)
    return (likeliest,) if likeliest and shared[likeliest] > LIKELIEST else ()


def role_odds(
    role: str, parties: Iterable[Party], labels: frozenset[str], reasons: Reasons, table: Table
) -> dict[Place, float]:
    """Return how likely each place has a role, in log odds."""
    return {party.place: table.log_odds(weighed(party, labels, reasons))[role] for party in parties}


def _shared(document: Named, odds: Mapping[Place, float]) -> dict[Place, float]:
    """Return the odds with those of each list of places evened out: a list is mostly addressed as a whole."""
    shared = dict(odds)
    among: set[Place] = set()
    text = document.parsed.folded.text
    for inside in document.references:
        for run in runs_of(text, inside):
            places = [place for place in dict.fromkeys(each.place for each in run) if place in odds]
            if len(places) > 1:
                mean = sum(odds[place] for place in places) / len(places)
                shared |= {place: (1 - OF_THE_LIST) * shared[place] + OF_THE_LIST * mean for place in places}
                among |= set(places) if _sure(places, odds) or _are_the_others(text, run[0].start, odds) else set()
    return {place: value + AMONG_THE_SURE * (place in among) for place, value in shared.items()}


def _sure(places: Iterable[Place], odds: Mapping[Place, float]) -> bool:
    return any(odds[place] > 0 for place in places)


def _are_the_others(text: str, start: int, odds: Mapping[Place, float]) -> bool:
    return _sure(odds, odds) and bool(_THE_OTHERS.search(text, max(0, start - _BEFORE), start))


def _only_around(place: Place, odds: Mapping[Place, float]) -> bool:
    """Return whether a state or county only says where a likelier place lies, or who runs its jail."""
    margin = ONLY_AROUND.get(place.kind)
    smaller = (other for other in odds if other.state == place.state and _SIZES[other.kind] < _SIZES[place.kind])
    return margin is not None and any(odds[other] > odds[place] + margin for other in smaller)


def _speaks_of_home(parsed: Parsed) -> bool:
    return any(passage.of("local_actor") for passage in (*parsed.title, *parsed.passages))
