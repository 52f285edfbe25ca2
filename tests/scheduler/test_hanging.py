"""S6: a hundred hosts that hang in four ways beside ten good ones, through the real service."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from facts.visit import Outcome
from spiders import feed
from spiders.fetcher import FetchSettings, open_fetcher
from tests.rig.newsroom import as_feed, item, rss
from tests.rig.site import Site, open_site
from tests.scheduler.rig import HOUR, Rig, rig
from tests.scheduler.test_service import real_time, start, until

HANGING, GOOD = 100, 10
Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
#: The first bytes of a handshake that goes no further: a record of 1,000 bytes, of which four come.
_HALF_HANDSHAKE = b"\x16\x03\x03\x03\xe8\x02\x00\x03\xe4"


@dataclass(kw_only=True)
class Tarpit:
    """One port on all of loopback; what a connection gets depends on the address that it came to."""

    port: int = 0
    #: The connections that are held at this moment, and the addresses that were ever asked.
    held: set[asyncio.Task[None]] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)

    async def hold(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Hold a connection until the other side lets go of it."""
        task = asyncio.current_task()
        assert task is not None
        host: str = writer.get_extra_info("sockname")[0]
        self.held.add(task)
        self.asked.add(host)
        try:
            await _WAYS[int(host.rpartition(".")[2]) % len(_WAYS)](reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self.held.discard(task)
            writer.close()

    def urls(self) -> list[str]:
        """Return the feeds of the hosts that hang; that of a half handshake is asked by https."""
        numbers = range(1, HANGING + 1)
        return [f"{'https' if n % len(_WAYS) == 3 else 'http'}://127.0.1.{n}:{self.port}/feed" for n in numbers]


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take all and answer nothing."""
    del writer
    while await reader.read(4096):
        pass


async def drip_header(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send a header that has no end."""
    await _drip(reader, writer, b"HTTP/1.1 200 OK\r\nX: ")


async def drip_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Say that there is no robots.txt, and send a body that has no end."""
    if b"/robots.txt" in await reader.readuntil(b"\r\n\r\n"):
        writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        return
    await _drip(reader, writer, b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")


async def half_handshake(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Begin to speak TLS, and no more."""
    await reader.read(1)
    writer.write(_HALF_HANDSHAKE)
    await silent(reader, writer)


async def _drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: bytes) -> None:
    writer.write(head)
    while not reader.at_eof():
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.2)


_WAYS: tuple[Answer, ...] = (silent, drip_header, drip_body, half_handshake)


@asynccontextmanager
async def open_tarpit() -> AsyncIterator[Tarpit]:
    """Open the hosts that hang."""
    tarpit = Tarpit()
    server = await asyncio.start_server(tarpit.hold, "0.0.0.0", 0, backlog=HANGING)
    tarpit.port = server.sockets[0].getsockname()[1]
    try:
        yield tarpit
    finally:
        server.close()
        held = list(tarpit.held)
        for task in held:
            task.cancel()
        await asyncio.gather(*held, return_exceptions=True)


@asynccontextmanager
async def sources(folder: Path, bad: list[str], good: Site, *, ports: set[int], deadline: float) -> AsyncIterator[Rig]:
    """Open a pipeline over all of them; a visit of each is due now."""
    good.otherwise = lambda path: as_feed(rss(item(f"Choir {path[1:]}", "The choir sings.", good.url(f"/of{path}"))))
    urls = {f"bad-{number}": url for number, url in enumerate(bad)}
    urls |= {f"good-{n}": good.url(f"/feed-{n}").replace("127.0.0.1", f"127.0.2.{n + 1}") for n in range(GOOD)}
    spiders = {name: feed.Spider(source=name, settings=feed.Settings(url=url), places=()) for name, url in urls.items()}
    settings = FetchSettings(
        user_agent="x",
        allow_networks=(ip_network("127.0.0.0/8"),),
        allow_ports=frozenset({good.port, *ports}),
        deadline=deadline,
    )
    async with open_fetcher(settings, real_time) as fetch:
        with rig(folder, spiders, fetch=fetch, every=dict.fromkeys(spiders, HOUR)) as made:
            yield made


def outcomes(made: Rig, kind: str, count: int) -> list[Outcome]:
    """Return how the visits of the bad or of the good ended."""
    found = (made.stores.catalogue.visits(f"{kind}-{number}", 10) for number in range(count))
    return [visit.outcome for visits in found for visit in visits]


async def test_S6_a_hundred_hosts_that_hang_hold_up_nobody(tmp_path: Path) -> None:
    """All ten good sources are read while all hundred hang; each of these then ends at its deadline, once."""
    async with open_tarpit() as tarpit, open_site("0.0.0.0") as good:
        good.host = "127.0.0.1"
        async with sources(tmp_path, tarpit.urls(), good, ports={tarpit.port}, deadline=8) as made:
            running = start(made.pipeline)
            await until(lambda: len(outcomes(made, "good", GOOD)) == GOOD, limit=60)
            ended = len(outcomes(made, "bad", HANGING))
            await until(lambda: len(tarpit.asked) == HANGING, limit=60)
            await until(lambda: len(outcomes(made, "bad", HANGING)) == HANGING, limit=120)
            await running.end()

            assert ended == 0
            assert outcomes(made, "good", GOOD) == [Outcome.FRESH] * GOOD
            assert outcomes(made, "bad", HANGING) == [Outcome.FAILED] * HANGING
            errors = {(made.stores.store.source(f"bad-{n}").last_error or "").partition(" ")[2] for n in range(HANGING)}
            assert all("gave no complete answer within 8 seconds" in error for error in errors), errors
            # No transfer goes on past the deadline.
            await until(lambda: not tarpit.held)


@pytest.mark.nightly
async def test_S6_good_hosts_take_no_longer_beside_hanging_ones(tmp_path: Path) -> None:
    """At most 1.5 times as long as alone, plus two ticks of the loop that claims what is due."""
    took = []
    for hosts in (0, HANGING):
        folder = tmp_path / str(hosts)
        folder.mkdir()
        async with open_tarpit() as tarpit, open_site("0.0.0.0") as good:
            good.host = "127.0.0.1"
            async with sources(folder, tarpit.urls()[:hosts], good, ports={tarpit.port}, deadline=30) as made:
                began = time.monotonic()
                running = start(made.pipeline, tick=1.0)
                await until(lambda made=made: len(outcomes(made, "good", GOOD)) == GOOD, limit=60)  # type: ignore[misc]
                took.append(timedelta(seconds=time.monotonic() - began))
                await running.end()

    alone, beside = took
    assert beside <= 1.5 * alone + timedelta(seconds=0.5), took
