"""Roles: which places a condition is addressed to and which answer it; all others are mentions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from classifier.model import Table
from classifier.parsing import Parsed
from classifier.parties import Named
from classifier.places import by_passage
from facts.event import LETTER, RESPONSE
from facts.places import Place, PlaceKind

#: In a list of places one that is a little less likely than not, in log odds, goes with the others.
LISTED = -1.0
#: The label whose places have a role of their own.
_LABELS: Mapping[str, str] = {"recipient": LETTER, "respondent": RESPONSE}


def places_in_role(
    role: str, document: Named, said: Mapping[Place, frozenset[str]], table: Table, labels: frozenset[str]
) -> tuple[Place, ...]:
    """Return the places that are "recipient" or "respondent" of a document with these labels, in order of the text.

    A local text that names none speaks of the place that its source is about.
    """
    if _LABELS[role] not in labels:
        return ()
    odds = {place: table.log_odds(features)[role] for place, features in said.items()}
    sure = {place.id for place, value in odds.items() if value > 0}
    listed = _named_with(sure, document)
    found = [
        place
        for place, value in odds.items()
        if value > (LISTED if place.id in listed else 0.0) and not _is_surrounding(place, odds)
    ]
    if found:
        return _without_their_states(found) if role == "recipient" else tuple(found)
    home = document.home
    return tuple(home) if len(home) == 1 and _speaks_of_home(document.parsed) else ()


def _named_with(sure: Collection[str], document: Named) -> set[str]:
    """Return the ids of the places that share a sentence with one that is sure."""
    together = (
        {mention.place.id for mention in inside} for inside in by_passage(document.parsed.passages, document.mentions)
    )
    return {ident for ids in together if not ids.isdisjoint(sure) for ident in ids}


def _is_surrounding(place: Place, odds: Mapping[Place, float]) -> bool:
    """Return whether a county or state is less likely than a city within its state: then it says where that lies."""
    if place.kind is PlaceKind.CITY:
        return False
    cities = (other for other in odds if other.kind is PlaceKind.CITY and other.state == place.state)
    return any(odds[city] >= odds[place] for city in cities)


def _speaks_of_home(parsed: Parsed) -> bool:
    return any(passage.of("local_actor") for passage in (*parsed.title, *parsed.passages))


def _without_their_states(places: Iterable[Place]) -> tuple[Place, ...]:
    """Return the places without a state that only says where a city lies."""
    kept = tuple(places)
    lower = {place.state for place in kept if place.kind is not PlaceKind.STATE}
    return tuple(place for place in kept if place.kind is not PlaceKind.STATE or place.state not in lower)
