"""Assembles the configuration from its stanzas."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field, SecretStr

from facts.address import SCHEMES
from facts.event import LETTER, RESPONSE
from pursestrings.databases import absolute_url
from pursestrings.kind_stanzas import SHORTEST_EVERY, read_channels, read_labels, read_sources
from pursestrings.mistakes import quoted
from pursestrings.plugins import Plugins, kinds
from pursestrings.reading import Reader, Table
from pursestrings.stanzas import (
    BotConfig,
    CanaryConfig,
    Config,
    DigestConfig,
    FetchConfig,
    RouteConfig,
    Stanza,
    StorageConfig,
    WebConfig,
)
from pursestrings.values import Clock, Mail, format_duration

_STANZAS = ("bot", "storage", "fetch", "sources", "labels", "channels", "routes", "digests", "web", "canary")


class _Storage(Stanza):
    url: SecretStr | None = None


class _Route(Stanza):
    labels: tuple[str, ...] = Field(default=(LETTER, RESPONSE), min_length=1)
    places: tuple[str, ...] = ()
    channel: str


class _Digest(Stanza):
    at: Clock
    channel: str
    to: tuple[Mail, ...] = ()
    quiet_days: bool = True


def assemble(path: Path, tree: Table, reader: Reader, plugins: Plugins) -> Config | None:
    """Return the configuration that this parsed file holds, or None when the reader found a mistake."""
    for stanza in tree:
        if stanza not in _STANZAS:
            reader.unknown((stanza,), _STANZAS)
    channels = _named(reader, tree, "channels")
    bot = _bot(reader, tree, path.parent, channels)
    fetch = reader.model(FetchConfig, reader.table(tree, "fetch"), ("fetch",)).value
    reader.ports = fetch.allow_ports if fetch else reader.ports
    parts: dict[str, Any] = {
        "path": path,
        "bot": bot,
        "storage": _storage(reader, tree, path.parent, bot),
        "fetch": _fetch(fetch, path.parent),
        "sources": read_sources(reader, tree, plugins),
        "labels": read_labels(reader, tree, plugins),
        "channels": read_channels(reader, tree, plugins),
        "routes": _routes(reader, tree, channels, kinds(plugins.labels)),
        "digests": _digests(reader, tree, channels),
        "web": _web(reader, tree),
        "canary": _canary(reader, tree),
    }
    return None if reader.mistakes else Config(**parts, secrets=tuple(reader.secrets))


def _named(reader: Reader, tree: Table, stanza: str) -> list[str]:
    """Return the names under a stanza, also of those with a mistake inside."""
    table = tree.get(stanza, {})
    if not table:
        expected = 'at least one, such as [channels.desk] with kind = "console"'
        reader.wrong((stanza,), f"is missing or empty; expected {expected}")
    return list(table) if isinstance(table, dict) else []


def _bot(reader: Reader, tree: Table, folder: Path, channels: list[str]) -> BotConfig | None:
    table = reader.table(tree, "bot")
    if "ops" in table:
        reader.one_of(table["ops"], channels, ("bot", "ops"), "channel")
    bot = reader.model(BotConfig, table, ("bot",)).value
    if bot is None or not channels:
        return None
    return bot.model_copy(update={"data": folder / bot.data, "ops": bot.ops or channels[0]})


def _fetch(fetch: FetchConfig | None, folder: Path) -> FetchConfig | None:
    if fetch is None or fetch.chromium is None:
        return fetch
    return fetch.model_copy(update={"chromium": folder / fetch.chromium})


def _storage(reader: Reader, tree: Table, folder: Path, bot: BotConfig | None) -> StorageConfig | None:
    table = reader.table(tree, "storage")
    written = table.get("url")
    inline = isinstance(written, str)
    read = reader.model(_Storage, {k: v for k, v in table.items() if k != "url" or not inline}, ("storage",))
    reader.need(read.missing)
    stored = read.value.url if read.value else None
    url = SecretStr(str(written)) if inline else stored
    if url is None:
        return StorageConfig(url=SecretStr(f"sqlite:///{bot.data / 'pursestrings.db'}")) if bot else None
    try:
        return StorageConfig(url=SecretStr(absolute_url(url.get_secret_value(), folder)))
    except ValueError as error:
        reader.wrong(("storage", "url"), str(error))
        return None


def _routes(reader: Reader, tree: Table, channels: list[str], labels: list[str]) -> tuple[RouteConfig, ...]:
    routes = []
    for name, table in reader.tables(tree, "routes"):
        at = ("routes", name)
        for number, label in enumerate(reader.texts(table.get("labels"))):
            reader.one_of(label, labels, (*at, "labels", number), "label")
        places = reader.places(table.get("places"), (*at, "places"))
        reader.one_of(table.get("channel"), channels, (*at, "channel"), "channel")
        route = reader.model(_Route, table, at).value
        if route:
            routes.append(RouteConfig(name=name, labels=route.labels, places=places, channel=route.channel))
    return tuple(routes)


def _digests(reader: Reader, tree: Table, channels: list[str]) -> tuple[DigestConfig, ...]:
    digests = []
    for name, table in reader.tables(tree, "digests"):
        at = ("digests", name)
        reader.one_of(table.get("channel"), channels, (*at, "channel"), "channel")
        digest = reader.model(_Digest, table, at).value
        if digest:
            digests.append(DigestConfig(name=name, **dict(digest)))
    return tuple(digests)


def _web(reader: Reader, tree: Table) -> WebConfig | None:
    web = reader.model(WebConfig, reader.table(tree, "web"), ("web",)).value
    if web is None:
        return None
    if web.bind == web.replay_bind and web.bind.port:
        reader.wrong(("web", "replay_bind"), f'"{web.bind}" is that of bind; expected another port')
    public, replay = web.public_url or f"http://{web.bind}", web.replay_url or f"http://{web.replay_bind}"
    if web.replay_url and _origin(replay) == _origin(public):
        reader.wrong(("web", "replay_url"), "has the host and port of public_url; expected another host name or port")
    return web.model_copy(update={"public_url": public, "replay_url": replay})


def _canary(reader: Reader, tree: Table) -> CanaryConfig | None:
    table = reader.table(tree, "canary")
    canary = reader.model(CanaryConfig, table, ("canary",)).value
    if canary and canary.every and canary.every < SHORTEST_EVERY:
        expected = f'at least "{format_duration(SHORTEST_EVERY)}", or "0s" for none'
        reader.wrong(("canary", "every"), f"{quoted(table['every'])} is too often; expected {expected}")
    return canary


def _origin(url: str) -> tuple[str | None, int]:
    parts = urlsplit(url)
    return parts.hostname, parts.port or SCHEMES[parts.scheme]
