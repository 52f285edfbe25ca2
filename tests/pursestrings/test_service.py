"""The service from start to stop, with an event instead of a signal."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from facts.errors import ConfigError, PursestringsError
from pursestrings.opening import load_config, reading, writing
from pursestrings.service import run_service, serve_web, stop_on_signal, utc_now
from pursestrings.stanzas import Config
from storage.work import SourceState
from tests.archive.newsroom import visited
from tests.archive.samples import NOON, SOURCES
from tests.pursestrings.commands.desk import FeedSite, feed_site, write_config
from tests.rig.newsroom import item, rss


@asynccontextmanager
async def running(config: Config) -> AsyncIterator[asyncio.Event]:
    """Run the service beside the block, and stop it at the end."""
    stop = asyncio.Event()
    service = asyncio.create_task(run_service(config, stop))
    try:
        yield stop
    finally:
        stop.set()
        await service


class Listening(logging.Handler):
    """Hears the log of the service until it says something."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words
        self.heard = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        """Set the event when the words were said."""
        if self.words in record.getMessage():
            self.heard.set()


@asynccontextmanager
async def watching(config: Config, words: str) -> AsyncIterator[None]:
    """Run the service beside the block, which begins when the service says this."""
    listening = Listening(words)
    service_log = logging.getLogger("pursestrings.service")
    service_log.addHandler(listening)
    try:
        async with running(config), asyncio.timeout(20):
            await listening.heard.wait()
            yield
    finally:
        service_log.removeHandler(listening)


def load(folder: Path, site: FeedSite) -> Config:
    """Return a configuration over the site."""
    return load_config(write_config(folder, site.base), {})


async def test_it_watches_serves_and_stops(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What it watches is said first; the archive answers meanwhile; what was read is kept."""
    caplog.set_level(logging.INFO)
    with feed_site() as site:
        site.pages.update({"/paper.xml": rss(item("Picnic", "Rain is expected.")), "/radio.xml": rss()})
        config = load(tmp_path, site)
        async with watching(config, "sources watched: 2"), httpx.AsyncClient() as client:
            health = (await client.get(f"{config.web.public_url}/health")).json()
            while "Picnic" not in (await client.get(f"{config.web.public_url}/?label=all")).text:
                pass
    said = [record.message for record in caplog.records if record.name == "pursestrings.service"]

    assert (health["alive"], health["sources_failing"]) == (True, [])
    assert said[0] == "source   paper: feed, every 15m about Stockton, CA"
    assert f"data     {config.bot.data}" in said
    assert said[-1] == "stopped"
    with reading(config) as catalogue:
        assert {"canary", "paper", "radio"} == {row.name for row in catalogue.sources() if row.last_visit_at}


async def test_what_deserves_a_second_look_is_warned_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Such as a configuration that watches nothing."""
    caplog.set_level(logging.INFO)
    async with watching(load_config(write_config(tmp_path, sources=""), {}), "sources watched: 0"):
        pass

    assert "there is no source: nothing is watched" in [
        record.message for record in caplog.records if record.levelno == logging.WARNING
    ]


async def test_a_second_service_on_the_folder_is_refused(tmp_path: Path) -> None:
    """Before it listens or polls."""
    config = load_config(write_config(tmp_path), {})
    with writing(config, utc_now()), pytest.raises(PursestringsError, match="in use by another pursestrings"):
        await run_service(config, asyncio.Event())


async def test_a_taken_port_is_refused_and_the_folder_let_go(tmp_path: Path) -> None:
    """The key is named."""
    config = load_config(write_config(tmp_path), {})
    with socket.create_server(("127.0.0.1", config.web.bind.port)), pytest.raises(ConfigError) as refused:
        await run_service(config, asyncio.Event())

    assert refused.value.where == "[web] bind"
    with writing(config, utc_now()):
        pass


async def test_health_names_the_failing_sources_and_the_last_tick(tmp_path: Path) -> None:
    """As the archive has them."""
    config = load_config(write_config(tmp_path), {})
    with writing(config, NOON) as stores:
        for row in SOURCES:
            visited(stores.store, row)
        clock = NOON + timedelta(seconds=30)
        async with (
            serve_web(config, stores.catalogue, last_tick=lambda: NOON, clock=lambda: clock),
            httpx.AsyncClient() as client,
        ):
            health = (await client.get(f"{config.web.public_url}/health")).json()

    failing = [row.name for row in SOURCES if row.state is SourceState.FAILING]
    assert (failing, 30.0) == (health["sources_failing"], health["seconds_since_tick"])


async def test_without_the_web_app_nothing_listens(tmp_path: Path) -> None:
    """When the configuration says so."""
    path = write_config(tmp_path)
    path.write_text(path.read_text().replace("[web]\n", "[web]\nenabled = false\n"))
    config = load_config(path, {})
    with writing(config, NOON) as stores:
        async with serve_web(config, stores.catalogue, last_tick=utc_now, clock=utc_now):
            with socket.create_server(("127.0.0.1", config.web.bind.port)):
                pass


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_stops(number: signal.Signals) -> None:
    """Both that a supervisor and a person send."""
    stop = stop_on_signal()
    try:
        os.kill(os.getpid(), number)
        async with asyncio.timeout(5):
            await stop.wait()
    finally:
        for each in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().remove_signal_handler(each)

    assert stop.is_set()


def test_the_time_has_a_zone() -> None:
    """UTC."""
    assert utc_now().tzinfo is UTC
    assert abs(datetime.now(UTC) - utc_now()) < timedelta(minutes=1)
