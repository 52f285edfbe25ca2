"""Wiring: from a configuration to the pipeline. The one place where all parts meet."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import version

from alerts.message import Channel
from alerts.router import Route
from facts.canary import CANARY
from pursestrings.browsing import browser_sources, chromium_settings, page_settings
from pursestrings.judging import label_settings, make_judge
from pursestrings.models import model_in_use
from pursestrings.plugins import plugin_class
from pursestrings.stanzas import ChannelConfig, Config, RouteConfig, SourceConfig
from scheduler.digests import DigestPlan
from scheduler.gathering import Gathering
from scheduler.pipeline import END_PAUSE, Newsroom, Pipeline
from spiders.browser import Browser, BrowserSettings, FollowerInBrowser, SpiderInBrowser, open_browser
from spiders.canary_site import CanarySpider
from spiders.fetcher import FetchSettings, open_fetcher, user_agent
from spiders.fetching import Spider
from spiders.follow import follow, from_summary
from spiders.own_feed import OwnFeed
from spiders.page_requests import Bounds
from spiders.scans import open_scans
from storage.opening import Stores

#: The canary's feed says by itself how long it stays the same.
_CANARY_EVERY = timedelta(seconds=1)


@asynccontextmanager
async def open_pipeline(  # noqa: PLR0913  what a run differs in, named at each call
    config: Config,
    stores: Stores,
    *,
    clock: Callable[[], datetime],
    jitter: Callable[[], float],
    own_feed: OwnFeed | None = None,
    end_pause: float = END_PAUSE,
) -> AsyncIterator[Pipeline]:
    """Put the pipeline together; its connections are let go of at the end of the block.

    `own_feed` is where the canary is published, None for a pipeline without one. `end_pause` is the time between two
    commits of ends of visits: none for those who make one visit after the other.
    """
    judge = make_judge(label_settings(config), model_in_use(stores.learning, config.bot.data))
    channels = {channel.name: _channel(config, channel) for channel in config.channels}
    every = {source.name: source.every for source in config.sources}
    scans = open_scans()
    try:
        async with (
            open_browser(browser_settings(config), clock) as browser,
            open_fetcher(replace(fetch_settings(config), own_feed=own_feed), clock, stores.hosts) as fetch,
        ):
            spiders = {source.name: in_browser(make_spider(source), source, browser) for source in config.sources}
            if own_feed is not None:
                spiders[CANARY] = CanarySpider(own_feed.url)
                every[CANARY] = _CANARY_EVERY
            yield Pipeline(
                store=stores.store,
                catalogue=stores.catalogue,
                fetch=fetch,
                spiders=spiders,
                every=every,
                follow=FollowerInBrowser(
                    follow=partial(follow, recognise=scans),
                    browser=browser,
                    sources=frozenset(browser_sources(config)),
                ),
                from_summary=from_summary,
                judge=lambda snapshot, now: judge.judge(snapshot, judged_at=now),
                routes=[_route(route) for route in config.routes],
                channels=channels,
                ops=config.bot.ops,
                digests=digest_plans(config),
                newsroom=newsroom(config),
                canary=config.canary.interval if own_feed is not None else None,
                jitter=jitter,
                ends=Gathering(pause=end_pause),
            )
    finally:
        if scans is not None:
            scans.close()
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


def fetch_settings(config: Config) -> FetchSettings:
    """Return how the configuration has pages fetched."""
    return FetchSettings(
        user_agent=user_agent(version=version("pursestrings"), contact=config.bot.contact, name=config.bot.name),
        allow_networks=config.fetch.allow_networks,
        allow_ports=frozenset(config.fetch.allow_ports),
        deadline=config.fetch.timeout.total_seconds(),
    )


def browser_settings(config: Config) -> BrowserSettings:
    """Return how the configuration has pages shown."""
    return BrowserSettings(
        user_agent=fetch_settings(config).user_agent,
        chromium=chromium_settings(config),
        bounds=Bounds(own_host_only=bool(config.fetch.allow_networks)),
    )


def in_browser(spider: Spider, source: SourceConfig, browser: Browser) -> Spider:
    """Return a source's spider as it is, or as one whose page is read in the browser."""
    settings = page_settings(source)
    if settings is None:
        return spider
    return SpiderInBrowser(spider=spider, browser=browser, wait_for=settings.wait_for)


def make_spider(source: SourceConfig) -> Spider:
    """Return the spider of a source."""
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
