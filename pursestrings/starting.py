"""A first configuration for a place, made of the template and the source directory. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from facts.places import Place, PlaceKind
from pursestrings.toml_text import commented, stanza, toml_value
from spiders.directory import Directory, KnownSource

FindPlace = Callable[[str], Place | None]

#: Where most people of each state live; where it is not listed, the template's own zone stands.
_ZONES = {
    "America/New_York": "CT DC DE FL GA IN KY MA MD ME MI NC NH NJ NY OH PA RI SC VA VT WV",
    "America/Chicago": "AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI",
    "America/Denver": "CO ID MT NM UT WY",
    "America/Phoenix": "AZ",
    "America/Los_Angeles": "CA NV OR WA",
    "America/Anchorage": "AK",
    "Pacific/Honolulu": "HI",
    "America/Puerto_Rico": "PR",
}
_SOURCES = re.compile(r"^# Sources\..*?(?=^# Labels\.)", re.MULTILINE | re.DOTALL)
_ROUTE = re.compile(r"^\[routes\.desk\]\n.*?(?=^# Digests)", re.MULTILINE | re.DOTALL)
_ZONE = re.compile(r'^timezone = "[^"]*"', re.MULTILINE)
_NEAR = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What the directory has for one place."""

    place: Place
    #: Sources about the place itself; for a state, about anything in it.
    local: tuple[KnownSource, ...]
    #: Sources about its whole state.
    statewide: tuple[KnownSource, ...]
    #: Places of the same state that the directory has sources about, when it has none about this one.
    near: tuple[str, ...]


def choose(directory: Directory, place: Place, find_place: FindPlace) -> Choice:
    """Return what the directory has for a place."""
    about = [(source, [found for text in source.places if (found := find_place(text))]) for source in directory.sources]
    in_state = [(source, places) for source, places in about if any(one.state == place.state for one in places)]
    whole = place.kind is PlaceKind.STATE
    local = [source for source, places in in_state if any(one.id == place.id for one in places)]
    statewide = [source for source, places in in_state if any(one.kind is PlaceKind.STATE for one in places)]
    if whole:
        local = [source for source, _ in in_state if source not in statewide]
    near = {str(one) for _, places in in_state for one in places if one.kind is not PlaceKind.STATE}
    return Choice(
        place=place,
        local=tuple(local),
        statewide=tuple(source for source in statewide if source not in local),
        near=() if local or whole else tuple(sorted(near)),
    )


def first_config(template: str, directory: Directory, choices: Sequence[Choice]) -> str:
    """Return the template with the sources, the route and the zone of these places; it is the template without any."""
    if not choices:
        return template
    states = tuple(dict.fromkeys(choice.place.state for choice in choices))
    text = _SOURCES.sub(lambda _: "".join(_sources(directory, choices)), template)
    text = _ROUTE.sub(lambda _: _route(states), text)
    zone = next((zone for zone, codes in _ZONES.items() if states[0] in codes.split()), None)
    return text if zone is None else _ZONE.sub(f'timezone = "{zone}"', text)


def told(choice: Choice) -> str:
    """Return in one sentence what was found for a place."""
    place = choice.place
    local, statewide = (sum(not one.optional for one in sources) for sources in (choice.local, choice.statewide))
    if local or (place.kind is PlaceKind.STATE and statewide):
        return f"{place}: {_counted(local, 'local')}, {_counted(statewide, 'statewide')}."
    where = "" if place.kind is PlaceKind.STATE else f" It has {_counted(statewide, 'statewide')}."
    near = f" Places in the state that it knows: {'; '.join(choice.near[:_NEAR])}." if choice.near else ""
    return f"{place}: the source directory has no source about it.{where}{near} Add its own with `sources probe URL`."


def _counted(number: int, what: str) -> str:
    return f"{number} {what} {'source' if number == 1 else 'sources'}"


def _sources(directory: Directory, choices: Sequence[Choice]) -> Iterator[str]:
    yield (
        "# Sources, taken from the source directory. NONE OF THEM WAS ASKED YET: `pursestrings sources probe` says\n"
        "# which still answer and what they bring; take out what is dead. docs/configure.md says what each key means.\n"
        "# read: a dated fetch of the address is on record; listed: it stands in a public list of feeds.\n"
        "# Stanzas that are commented out were left out on purpose, with the reason above them.\n\n"
    )
    written: set[str] = set()
    yield from _group("Federal", tuple(directory.federal()), written)
    for gap in directory.gaps:
        yield f"# Missing: {gap.name}: {gap.reason}.\n\n"
    for choice in choices:
        yield from _group(str(choice.place), choice.local, written)
    for choice in choices:
        yield from _group(f"{choice.place.state}, statewide", choice.statewide, written)
        if not choice.local and not choice.statewide:
            yield f"# {choice.place}: the directory has nothing; `pursestrings sources probe URL` proposes one.\n\n"
    yield "\n"


def _group(heading: str, sources: Sequence[KnownSource], written: set[str]) -> Iterator[str]:
    new = [source for source in sources if source.name not in written]
    if new:
        yield f"# {heading}\n"
    for source in new:
        written.add(source.name)
        text = stanza(source.name, keys_of(source))
        told = f"{source.evidence}, probed: {source.probed}"
        if source.optional:
            yield f"# {source.name} ({told}): {source.optional}\n{commented(text)}\n"
        else:
            yield f"# {told}\n{text}\n"


def keys_of(source: KnownSource) -> dict[str, object]:
    """Return the keys of a known source's stanza, in the order that they are written in."""
    places = {"places": source.places} if source.places else {}
    return {"spider": source.kind, "url": source.url, **source.settings, "every": source.every, **places}


def _route(states: Sequence[str]) -> str:
    return (
        "[routes.desk]\n"
        'labels = ["funding_condition_letter", "city_response"]\n'
        f"places = {toml_value(states)}                   # and what names no place, which concerns everybody\n"
        'channel = "desk"\n\n'
        "# Everything, from everywhere:\n"
        "# [routes.nation]\n"
        '# labels = ["funding_condition_letter"]\n'
        '# channel = "desk"\n\n\n'
    )
