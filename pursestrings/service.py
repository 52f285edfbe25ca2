"""The service: lock, archive, pipeline, web app and loops, from a configuration until a signal says stop."""

from __future__ import annotations

import asyncio
import logging
import random
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from alerts.wording import label_words
from archive.health import Health
from archive.pages import Site
from archive.replay import make_replay_app
from archive.security import allowed_hosts
from archive.serve import serve
from archive.web import make_app
from classifier.gazetteer import Gazetteer
from pursestrings.opening import writing
from pursestrings.stanzas import Config
from pursestrings.summary import advice, lines, summarise
from pursestrings.wiring import open_pipeline
from scheduler.service import Service
from storage.protocols import Catalogue, SourceState

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


async def run_service(config: Config, stop: asyncio.Event) -> None:
    """Run until `stop` is set.

    Raises:
        PursestringsError: another process holds the data folder, the archive cannot be opened, or a port is taken.
    """
    for line in lines(summarise(config)):
        log.info("%s", line)
    log.info("data     %s", config.bot.data)
    for line in advice(config):
        log.warning("%s", line)
    with writing(config, utc_now()) as stores:
        async with open_pipeline(config, stores, clock=utc_now, jitter=random.random) as pipeline:
            service = Service(pipeline, utc_now)
            async with serve_web(config, stores.catalogue, service.heartbeat.oldest, utc_now):
                log.info("sources watched: %d; stop with SIGTERM or Ctrl-C", len(config.sources))
                await service.run(stop)
    log.info("stopped")


@asynccontextmanager
async def serve_web(
    config: Config, catalogue: Catalogue, last_tick: Callable[[], datetime], clock: Callable[[], datetime]
) -> AsyncIterator[None]:
    """Serve the archive beside the block, when the configuration says so."""
    if not config.web.enabled:
        yield
        return

    def health() -> Health:
        failing = tuple(row.name for row in catalogue.sources() if row.state is SourceState.FAILING)
        return Health(now=clock(), last_tick=last_tick(), failing=failing)

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
