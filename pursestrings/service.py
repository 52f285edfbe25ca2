"""The service: lock, archive, pipeline, web app and loops, from a configuration until a signal says stop."""

from __future__ import annotations

import asyncio
import logging
import random
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from alerts.wording import label_words
from archive.health import Health
from archive.pages import Site
from archive.replay import make_replay_app
from archive.security import allowed_hosts
from archive.serve import serve
from archive.web import make_app
from classifier.gazetteer import Gazetteer
from facts.canary import CANARY, PathReport
from pursestrings.browsing import browser_advice
from pursestrings.opening import writing
from pursestrings.stanzas import Config
from pursestrings.summary import advice, lines, summarise
from pursestrings.wiring import open_pipeline
from scheduler.canary import path_report
from scheduler.service import TICK, Heartbeat, Service
from spiders.canary_site import open_canary_site
from spiders.own_feed import OwnFeed
from storage.protocols import Catalogue
from storage.work import SourceState

log = logging.getLogger(__name__)


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def stop_on_signal() -> asyncio.Event:
    """Return an event that SIGTERM and SIGINT set from now on."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


async def run_service(
    config: Config, stop: asyncio.Event, *, clock: Callable[[], datetime] = utc_now, tick: float = TICK
) -> None:
    """Run until `stop` is set; `tick` is that of `scheduler.service`, in seconds.

    Raises:
        PursestringsError: another process holds the data folder, the archive cannot be opened, or a port is taken.
    """
    for line in lines(summarise(config)):
        log.info("%s", line)
    log.info("data     %s", config.bot.data)
    for line in (*advice(config), *browser_advice(config)):
        log.warning("%s", line)
    every = config.canary.interval
    with writing(config, clock(), also=[CANARY] if every else []) as stores:
        async with (
            _publishing(config, every, clock) as own_feed,
            open_pipeline(config, stores, clock=clock, jitter=random.random, own_feed=own_feed) as pipeline,
        ):
            service = Service(pipeline, clock, tick=tick)
            path = _path_of(stores.catalogue, every, clock, service.heartbeat)
            async with serve_web(config, stores.catalogue, service.heartbeat.oldest, clock, path):
                log.info("sources watched: %d; stop with SIGTERM or Ctrl-C", len(config.sources))
                await service.run(stop)
    log.info("stopped")


@asynccontextmanager
async def _publishing(
    config: Config, every: timedelta | None, clock: Callable[[], datetime]
) -> AsyncIterator[OwnFeed | None]:
    """Publish the canary beside the block, when the configuration has one."""
    if every is None:
        yield None
        return
    async with open_canary_site(every, clock, config.fetch.allow_ports) as own_feed:
        yield own_feed


def _path_of(
    catalogue: Catalogue, every: timedelta | None, clock: Callable[[], datetime], heart: Heartbeat
) -> Callable[[], PathReport | None]:
    return lambda: path_report(catalogue, every, clock(), started_at=heart.awake_since) if every else None


@asynccontextmanager
async def serve_web(
    config: Config,
    catalogue: Catalogue,
    last_tick: Callable[[], datetime],
    clock: Callable[[], datetime],
    path: Callable[[], PathReport | None] = lambda: None,
) -> AsyncIterator[None]:
    """Serve the archive beside the block, when the configuration says so; `path` tells how the canary stands."""
    if not config.web.enabled:
        yield
        return

    def health() -> Health:
        failing = tuple(row.name for row in catalogue.sources() if row.state is SourceState.FAILING)
        return Health(now=clock(), last_tick=last_tick(), failing=failing, path=path())

    web = config.web
    site = Site(
        bot_name=config.bot.name,
        replay_url=web.replay_url,
        timezone=config.bot.timezone,
        allowed_hosts=allowed_hosts(web.public_url, str(web.bind)),
        labels={label.name: label_words(label.name) for label in config.labels},
    )
    app = make_app(catalogue, site, health=health, find_place=Gazetteer.load().find)
    replay = make_replay_app(catalogue, allowed_hosts=allowed_hosts(web.replay_url, str(web.replay_bind)))
    async with serve(app, replay, str(web.bind), str(web.replay_bind)):
        log.info("archive at %s", web.public_url)
        yield
