"""Wiring: from a configuration to the parts that do the work. The one place where they all meet."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from alerts.message import Channel
from alerts.router import Route
from classifier.gazetteer import Gazetteer
from facts.errors import PursestringsError
from pursestrings.config import load
from pursestrings.judging import make_judge
from pursestrings.plugins import plugin_class
from pursestrings.redact import Redactor
from pursestrings.stanzas import ChannelConfig, Config, RouteConfig, SourceConfig
from scheduler.digests import DigestPlan
from scheduler.lock import only_one
from scheduler.pipeline import Newsroom, Pipeline
from spiders.fetcher import FetchSettings, open_fetcher, user_agent
from spiders.fetching import Spider
from spiders.follow import follow, from_summary
from storage.opening import Stores, open_catalogue, open_store
from storage.protocols import Catalogue


def load_config(path: Path, environ: Mapping[str, str]) -> Config:
    """Read and check a configuration.

    Raises:
        ConfigError: every mistake in it, together.
    """
    return load(path, environ, Gazetteer.load().find)


@contextmanager
def writing(config: Config, now: datetime) -> Iterator[Stores]:
    """Hold the data folder and its archive, making it when there is none; what a killed process held is free again.

    Raises:
        PursestringsError: another process holds the folder.
        StorageError: the archive cannot be opened or written.
    """
    with _masked(config), only_one(config.bot.data):
        stores = open_store(config.storage.url.get_secret_value(), config.bot.data)
        try:
            stores.store.register([source.name for source in config.sources], now)
            stores.store.free_leases()
            yield stores
        finally:
            stores.close()


@contextmanager
def reading(config: Config) -> Iterator[Catalogue]:
    """Open the archive to read, beside a running service or without one.

    Raises:
        NotFound: there is no archive yet.
    """
    with _masked(config):
        catalogue = open_catalogue(config.storage.url.get_secret_value(), config.bot.data)
        try:
            yield catalogue
        finally:
            catalogue.close()


@contextmanager
def _masked(config: Config) -> Iterator[None]:
    """Mask this configuration's secrets in the errors that leave the block: they are printed."""
    try:
        yield
    except PursestringsError as error:
        error.args = (Redactor.of(config.secrets)(str(error)),)
        raise


@asynccontextmanager
async def open_pipeline(
    config: Config, stores: Stores, *, clock: Callable[[], datetime], jitter: Callable[[], float]
) -> AsyncIterator[Pipeline]:
    """Put the pipeline together; its connections are let go of at the end of the block."""
    judge = make_judge({label.name: label.settings for label in config.labels})
    channels = {channel.name: _channel(config, channel) for channel in config.channels}
    fetch_settings = FetchSettings(
        user_agent=user_agent(version=version("pursestrings"), contact=config.bot.contact, name=config.bot.name),
        allow_networks=config.fetch.allow_networks,
        allow_ports=frozenset(config.fetch.allow_ports),
        deadline=config.fetch.timeout.total_seconds(),
    )
    try:
        async with open_fetcher(fetch_settings, clock) as fetch:
            yield Pipeline(
                store=stores.store,
                catalogue=stores.catalogue,
                fetch=fetch,
                spiders={source.name: _spider(source) for source in config.sources},
                every={source.name: source.every for source in config.sources},
                follow=follow,
                from_summary=from_summary,
                judge=lambda snapshot, now: judge.judge(snapshot, judged_at=now),
                routes=[_route(route) for route in config.routes],
                channels=channels,
                ops=config.bot.ops,
                digests=digest_plans(config),
                newsroom=newsroom(config),
                jitter=jitter,
            )
    finally:
        for channel in channels.values():
            await channel.close()


def digest_plans(config: Config) -> dict[str, DigestPlan]:
    """Return the digests by name."""
    return {
        one.name: DigestPlan(name=one.name, at=one.at, channel=one.channel, to=one.to, quiet_days=one.quiet_days)
        for one in config.digests
    }


def newsroom(config: Config) -> Newsroom:
    """Return whom the bot works for."""
    return Newsroom(bot_name=config.bot.name, zone=config.bot.timezone, public_url=config.web.public_url)


def _spider(source: SourceConfig) -> Spider:
    spider: Spider = plugin_class("spiders", source.kind)(
        source=source.name, settings=source.settings, places=source.places
    )
    return spider


def _channel(config: Config, channel: ChannelConfig) -> Channel:
    made: Channel = plugin_class("alerts", channel.kind)(
        name=channel.name,
        settings=channel.settings,
        allow_networks=config.fetch.allow_networks,
        allow_ports=config.fetch.allow_ports,
        bot_name=config.bot.name,
    )
    return made


def _route(route: RouteConfig) -> Route:
    return Route(name=route.name, labels=route.labels, places=route.places, channel=route.channel)
