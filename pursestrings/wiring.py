"""Wiring: from a configuration to the pipeline. The one place where all parts meet."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from importlib.metadata import version

from alerts.message import Channel
from alerts.router import Route
from pursestrings.judging import make_judge
from pursestrings.plugins import plugin_class
from pursestrings.stanzas import ChannelConfig, Config, RouteConfig, SourceConfig
from scheduler.digests import DigestPlan
from scheduler.pipeline import Newsroom, Pipeline
from spiders.fetcher import FetchSettings, open_fetcher, user_agent
from spiders.fetching import Spider
from spiders.follow import follow, from_summary
from storage.opening import Stores


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
