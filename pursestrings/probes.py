"""Probing the sources of a configuration, and addresses that it does not know, all hosts at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from pursestrings.browsing import page_settings
from pursestrings.stanzas import Config, SourceConfig
from pursestrings.wiring import browser_settings, fetch_settings, make_spider
from spiders.browser import open_browser, shown_by
from spiders.directory import Directory
from spiders.fetcher import open_fetcher
from spiders.probing import Probe, Prober

#: Hosts asked at the same time; each one is asked for one thing after the other.
HOSTS_AT_ONCE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is to be probed: a source of the configuration, or an address alone."""

    name: str
    url: str
    source: SourceConfig | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """A target and what was found."""

    target: Target
    probe: Probe


def target_of(source: SourceConfig) -> Target:
    """Return a source as a target."""
    return Target(name=source.name, url=str(getattr(source.settings, "url", "")), source=source)


async def probe_all(
    config: Config, targets: Sequence[Target], *, now: Callable[[], datetime], done: Callable[[], None]
) -> tuple[Probed, ...]:
    """Probe each target once and return what was found in their order; `done` is called after each."""
    found: dict[int, Probe] = {}
    turns = asyncio.Semaphore(HOSTS_AT_ONCE)
    async with (
        open_browser(browser_settings(config), now) as browser,
        open_fetcher(fetch_settings(config), now) as fetch,
    ):
        prober = Prober(fetch, Directory.load())

        def prober_of(target: Target) -> Prober:
            settings = page_settings(target.source) if target.source is not None else None
            if settings is None:
                return prober
            return Prober(shown_by(browser, fetch, settings.wait_for), Directory.load())

        async def one_host(numbers: Sequence[int]) -> None:
            async with turns:
                for number in numbers:
                    found[number] = await _probe(prober_of(targets[number]), targets[number], now())
                    done()

        async with asyncio.TaskGroup() as group:
            for numbers in _by_host(targets):
                group.create_task(one_host(numbers))
    return tuple(Probed(target=target, probe=found[number]) for number, target in enumerate(targets))


async def _probe(prober: Prober, target: Target, now: datetime) -> Probe:
    source = target.source
    if source is None:
        return await prober.address(target.url, now)
    return await prober.source(make_spider(source), source.kind, target.url, now)


def _by_host(targets: Sequence[Target]) -> tuple[list[int], ...]:
    hosts: dict[str, list[int]] = {}
    for number, target in enumerate(targets):
        hosts.setdefault(urlsplit(target.url).hostname or "", []).append(number)
    return tuple(hosts.values())
