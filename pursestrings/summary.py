"""What a configuration would do, and what in it deserves a second look."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from pursestrings.browsing import browser_sources
from pursestrings.stanzas import ChannelConfig, Config, DigestConfig, RouteConfig, SourceConfig, WebConfig
from pursestrings.values import format_duration
from spiders.directory import Directory

#: RFC 2606, section 3: nobody can be reached under these.
_PLACEHOLDERS = ("example.com", "example.net", "example.org")


def summarise(config: Config) -> dict[str, Any]:
    """Return what would run, as plain values for JSON; no settings of kinds, so no secrets."""
    return {
        "file": str(config.path),
        "bot": config.bot.name,
        "sources": [_source(source) for source in config.sources],
        "labels": [label.name for label in config.labels],
        "channels": [_channel(channel) for channel in config.channels],
        "routes": [_route(route) for route in config.routes],
        "digests": [_digest(digest) for digest in config.digests],
        "canary": _canary(config),
        "web": _web(config.web),
    }


def advice(config: Config) -> tuple[str, ...]:
    """Return what is allowed and probably not meant, one sentence each; what stands in for what is in the summary."""
    return (
        *_about_bot(config),
        *_about_sources(config),
        *_about_browser(config),
        *_about_channels(config),
        *_about_web(config),
    )


def lines(summary: Mapping[str, Any]) -> Iterator[str]:
    """Return a summary for people, one line for each source, channel, route and digest."""
    for one in summary["sources"]:
        places = f" about {', '.join(one['places'])}" if one["places"] else ""
        yield f"source   {one['name']}: {one['kind']}, every {one['every']}{places}"
    for one in summary["channels"]:
        instead = f" instead of {one['wanted']}, {', '.join(one['missing'])} not set" if one["missing"] else ""
        yield f"channel  {one['name']}: {one['kind']}{instead}"
    for one in summary["routes"]:
        places = ", ".join(one["places"]) or "all places"
        yield f"route    {one['name']}: {', '.join(one['labels'])} of {places} to {one['channel']}"
    for one in summary["digests"]:
        to = f", to {', '.join(one['to'])}" if one["to"] else ""
        yield f"digest   {one['name']}: at {one['at']} by {one['channel']}{to}"
    if one := summary["canary"]:
        yield f"canary   every {one['every']} to {one['channel']}"
    web = summary["web"]
    yield f"archive  {web['public_url']} (listens on {web['bind']})" if web["enabled"] else "archive  no web app"


def _source(source: SourceConfig) -> dict[str, Any]:
    places = [str(place) for place in source.places]
    return {"name": source.name, "kind": source.kind, "every": format_duration(source.every), "places": places}


def _channel(channel: ChannelConfig) -> dict[str, Any]:
    missing = list(channel.missing)
    return {"name": channel.name, "kind": channel.kind, "wanted": channel.wanted, "missing": missing}


def _route(route: RouteConfig) -> dict[str, Any]:
    places = [str(place) for place in route.places]
    return {"name": route.name, "labels": list(route.labels), "places": places, "channel": route.channel}


def _digest(digest: DigestConfig) -> dict[str, Any]:
    return {"name": digest.name, "at": f"{digest.at:%H:%M}", "channel": digest.channel, "to": list(digest.to)}


def _canary(config: Config) -> dict[str, Any] | None:
    every = config.canary.interval
    return {"every": format_duration(every), "channel": config.bot.ops} if every else None


def _web(web: WebConfig) -> dict[str, Any]:
    return {
        "enabled": web.enabled,
        "bind": str(web.bind),
        "replay_bind": str(web.replay_bind),
        "public_url": web.public_url,
    }


def _about_bot(config: Config) -> Iterator[str]:
    host = config.bot.contact.rpartition("@")[2] if "@" in config.bot.contact else _host(config.bot.contact)
    if host in _PLACEHOLDERS or host.endswith(tuple(f".{name}" for name in _PLACEHOLDERS)):
        yield f"bot.contact is the placeholder {config.bot.contact}: put an address there that a site's owner can reach"
    if not config.sources:
        yield "there is no source: nothing is watched"
    if not config.routes:
        yield "there is no route: nobody is alerted"


def _about_sources(config: Config) -> Iterator[str]:
    directory = Directory.load()
    for source in config.sources:
        for key in ("url", "feed"):
            trap = directory.trap(str(getattr(source.settings, key, None) or ""))
            if trap is not None:
                yield f"the {key} of source {source.name} is a known trap: {trap}"


def _about_browser(config: Config) -> Iterator[str]:
    if config.fetch.allow_networks and (names := browser_sources(config)):
        yield (
            f"pages of {', '.join(names)} are read in a browser, and allow_networks of [fetch] is open to their "
            "scripts: they may ask their own host alone, but a name of theirs can lead into these networks"
        )


def _about_channels(config: Config) -> Iterator[str]:
    used = {route.channel for route in config.routes} | {digest.channel for digest in config.digests} | {config.bot.ops}
    for channel in config.channels:
        if channel.name not in used:
            yield f"channel {channel.name} hears nothing: no route and no digest names it"


def _about_web(config: Config) -> Iterator[str]:
    if not config.web.enabled:
        return
    if not _is_loopback(config.web.bind.host) or not _is_loopback(config.web.replay_bind.host):
        yield "the archive listens beyond this machine and asks for no password: put it behind something that does"
    elsewhere = any(channel.kind != "console" for channel in config.channels)
    if elsewhere and _is_loopback(_host(config.web.public_url)):
        yield f"web.public_url is {config.web.public_url}: links in alerts open on this machine only"


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
