"""Both servers in the running loop."""

from __future__ import annotations

import asyncio
import signal
import socket

import httpx
import pytest

from archive.serve import listen, parse_bind, serve
from facts.errors import ConfigError
from tests.archive import site
from tests.archive.newsroom import Newsroom

FREE = "127.0.0.1:0"


async def test_both_origins_answer_while_the_context_lasts(newsroom: Newsroom) -> None:
    """On free ports, read from what is yielded; afterwards nobody listens."""
    app, replay = site.app(newsroom.catalogue), site.replay(newsroom.catalogue)
    async with serve(app, replay, FREE, FREE) as serving, httpx.AsyncClient() as client:
        page = await client.get(f"{serving.app}/documents/{newsroom.letter.id}")
        capture = await client.get(f"{serving.replay}/captures/{newsroom.letter.id}")
        crossed = await client.get(f"{serving.app}/captures/{newsroom.letter.id}")

    assert [page.status_code, capture.status_code, crossed.status_code] == [200, 200, 404]
    assert "server" not in page.headers
    async with httpx.AsyncClient() as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(serving.app)


async def test_signals_stay_with_the_service(newsroom: Newsroom) -> None:
    """The handlers are those that were there before."""
    before = (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM))
    async with serve(site.app(newsroom.catalogue), site.replay(newsroom.catalogue), FREE, FREE):
        during = (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM))

    assert before == during


async def test_a_taken_port_is_said_with_its_key(newsroom: Newsroom) -> None:
    """What, where, and what to do; and the first server is let go again."""
    app, replay = site.app(newsroom.catalogue), site.replay(newsroom.catalogue)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        bind = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(ConfigError, match=r"replay_bind: cannot listen on .*in use.*another address"):
            async with serve(app, replay, FREE, bind):
                pytest.fail("it listened on a taken port")


async def test_an_error_inside_comes_out_as_it_is(newsroom: Newsroom) -> None:
    """The servers stop, and the error is not wrapped."""
    with pytest.raises(ZeroDivisionError):
        async with serve(site.app(newsroom.catalogue), site.replay(newsroom.catalogue), FREE, FREE):
            raise ZeroDivisionError


async def test_a_cancelled_service_stops_cleanly(newsroom: Newsroom) -> None:
    """The task ends as cancelled, with the ports let go."""
    addresses: list[str] = []

    async def service() -> None:
        async with serve(site.app(newsroom.catalogue), site.replay(newsroom.catalogue), FREE, FREE) as serving:
            addresses.append(serving.app)
            started.set()
            await asyncio.get_running_loop().create_future()

    started = asyncio.Event()
    task = asyncio.create_task(service())
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    port = int(addresses[0].rpartition(":")[2])
    with socket.create_server(("127.0.0.1", port)):
        pass


@pytest.mark.parametrize(
    ("bind", "expected"),
    [("127.0.0.1:8080", ("127.0.0.1", 8080)), ("[::1]:0", ("::1", 0)), ("localhost:65535", ("localhost", 65535))],
)
def test_an_address_is_read(bind: str, expected: tuple[str, int]) -> None:
    """Host and port."""
    assert parse_bind(bind, "[web] bind") == expected


@pytest.mark.parametrize(
    "bind", ["", "8080", "localhost", ":8080", "::1:8080", "localhost:65536", "localhost:-1", "[]:1"]
)
def test_what_is_no_address_is_refused(bind: str) -> None:
    """With the key it stands under."""
    with pytest.raises(ConfigError, match=r"^\[web\] bind: expected an address such as"):
        parse_bind(bind, "[web] bind")


def test_small_answers_are_sent_at_once() -> None:
    """The listening socket names its protocol, without which asyncio leaves Nagle's algorithm on: 40 ms an answer."""
    with listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP
