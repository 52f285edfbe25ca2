"""Stanzas whose settings belong to a kind: sources, labels and channels."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from facts.address import refusal
from facts.canary import CANARY
from pursestrings.mistakes import quoted
from pursestrings.plugins import Plugins, kinds, settings_class
from pursestrings.reading import Reader, Table
from pursestrings.stanzas import DEFAULT_EVERY, ChannelConfig, LabelConfig, SourceConfig, Stanza
from pursestrings.toml_lines import KeyPath
from pursestrings.values import Duration, format_duration

#: No site is asked more often, whatever the stanza says.
SHORTEST_EVERY = timedelta(minutes=1)
#: But for an address that is not global, which is a machine of one's own: a relay on the desk's network, a benchmark.
SHORTEST_EVERY_AT_HOME = timedelta(seconds=1)


class _Source(Stanza):
    spider: str
    every: Duration = DEFAULT_EVERY
    places: tuple[str, ...] = ()


class _Channel(Stanza):
    kind: str
    otherwise: str | None = None


def read_sources(reader: Reader, tree: Table, plugins: Plugins) -> tuple[SourceConfig, ...]:
    """Return the sources."""
    known = kinds(plugins.spiders)
    sources = []
    for name, table in reader.tables(tree, "sources"):
        at = ("sources", name)
        if name == CANARY:
            reader.wrong(at, "is the name of the built-in canary; expected another name")
        own, rest = reader.split(table, _Source)
        common = reader.model(_Source, own, at).value
        if common and common.every < (shortest := _shortest_every(rest.get("url"))):
            expected = f'at least "{format_duration(shortest)}"'
            reader.wrong((*at, "every"), f"{quoted(own['every'])} is too often; expected {expected}")
        places = reader.places(own.get("places"), (*at, "places"))
        if not reader.one_of(own.get("spider"), known, (*at, "spider"), "kind of source"):
            continue
        kind = own["spider"]
        read = reader.settings(settings_class(plugins.spiders, kind), rest, at, also=_keys(_Source))
        reader.need(read.missing)
        if common and read.value:
            every = common.every
            sources.append(SourceConfig(name=name, kind=kind, every=every, places=places, settings=read.value))
    return tuple(sources)


def _shortest_every(url: object) -> timedelta:
    try:
        host = urlsplit(str(url)).hostname or ""
        return SHORTEST_EVERY if refusal(host) is None else SHORTEST_EVERY_AT_HOME
    except ValueError:  # a name, or no URL at all
        return SHORTEST_EVERY


def read_labels(reader: Reader, tree: Table, plugins: Plugins) -> tuple[LabelConfig, ...]:
    """Return every label there is; one without a stanza has its defaults."""
    known = kinds(plugins.labels)
    written = dict(reader.tables(tree, "labels"))
    for name in written:
        reader.one_of(name, known, ("labels", name), "label")
    labels = []
    for name in known:
        settings = reader.model(settings_class(plugins.labels, name), written.get(name, {}), ("labels", name)).value
        labels.append(LabelConfig(name=name, settings=settings))
    return tuple(labels)


def read_channels(reader: Reader, tree: Table, plugins: Plugins) -> tuple[ChannelConfig, ...]:
    """Return the channels; one whose variables are not set is of its `otherwise` kind for now."""
    known = kinds(plugins.channels)
    found = (_channel(reader, name, table, plugins.channels, known) for name, table in reader.tables(tree, "channels"))
    return tuple(channel for channel in found if channel)


def _channel(reader: Reader, name: str, table: Table, package: str, known: list[str]) -> ChannelConfig | None:
    at = ("channels", name)
    own, rest = reader.split(table, _Channel)
    reader.model(_Channel, own, at)
    other = own.get("otherwise")
    stand_in = None
    if reader.one_of(other, known, (*at, "otherwise"), "kind of channel"):
        stand_in = _stand_in(reader, str(other), package, (*at, "otherwise"))
    kind = own.get("kind")
    if not reader.one_of(kind, known, (*at, "kind"), "kind of channel"):
        return None
    read = reader.settings(settings_class(package, str(kind)), rest, at, also=_keys(_Channel))
    if read.missing and stand_in:
        missing = tuple(dict.fromkeys(read.missing.values()))
        return ChannelConfig(name=name, kind=own["otherwise"], settings=stand_in, wanted=str(kind), missing=missing)
    if "otherwise" not in own:
        reader.need(read.missing, hint=', or otherwise = "console" in this stanza to go on without it')
    return ChannelConfig(name=name, kind=str(kind), settings=read.value, wanted=str(kind))


def _stand_in(reader: Reader, kind: str, package: str, at: KeyPath) -> BaseModel | None:
    """Return the settings of a kind that needs none, or None when it does need some."""
    try:
        return settings_class(package, kind).model_validate({})
    except ValidationError:
        reader.wrong(at, f'"{kind}" needs settings of its own; expected a kind that needs none, such as "console"')
        return None


def _keys(model: type[BaseModel]) -> tuple[str, ...]:
    return tuple(model.model_fields)
