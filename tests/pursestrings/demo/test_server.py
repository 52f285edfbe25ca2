from __future__ import annotations

import asyncio
import signal
import socket
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
import pytest

from pursestrings.demo.server import is_current, serve_world
from pursestrings.demo.world import World, answer

FEED = "/sandia-courier/feed/"


class _Clock:
    """A present that a test moves."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment


async def _get(url: str) -> httpx.Response:
    async with httpx.AsyncClient() as client:
        return await client.get(url)


async def test_it_serves_what_the_world_answers(world: World) -> None:
    """Status, headers and bytes are the pure function's, the query included."""
    async with serve_world(world, lambda: world.end) as base, httpx.AsyncClient() as client:
        for target in (FEED, "/doj/api/v1/press_releases.json?pagesize=50&page=1", "/doj/opa/media/1234567/dl", "/no"):
            got = await client.get(base + target)
            status, headers, body = answer(world, target, world.end, base=base)

            assert (status, body) == (got.status_code, got.content)
            assert headers == {name: got.headers[name] for name in headers}


async def test_it_listens_on_loopback_alone(world: World) -> None:
    """The base URL is the address it is bound to, and each start may take a new port."""
    async with serve_world(world, lambda: world.end) as one, serve_world(world, lambda: world.end) as two:
        assert one != two
        assert urlsplit(one).hostname == "127.0.0.1"


async def test_a_taken_port_is_an_error(world: World) -> None:
    """It does not move to another port by itself."""
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        async with serve_world(world, lambda: world.end, port=taken.getsockname()[1]):
            pass


async def test_it_is_down_after_the_block_and_the_port_is_free(world: World) -> None:
    """The same port can be served again at once, even when the block ends before a request or in an error."""
    async with serve_world(world, lambda: world.end) as base:
        port = urlsplit(base).port or 0
    with pytest.raises(httpx.ConnectError):
        await _get(base)
    with pytest.raises(ZeroDivisionError):
        async with serve_world(world, lambda: world.end, port=port):
            raise ZeroDivisionError
    async with serve_world(world, lambda: world.end, port=port) as again, httpx.AsyncClient() as client:
        assert (await client.get(f"{again}/robots.txt")).status_code == 200


async def test_signals_stay_with_the_host(world: World) -> None:
    """A guest in the loop leaves Ctrl-C alone."""
    before = signal.getsignal(signal.SIGINT)
    async with serve_world(world, lambda: world.end) as base, httpx.AsyncClient() as client:
        await client.get(f"{base}/robots.txt")

        assert before == signal.getsignal(signal.SIGINT)


async def test_the_present_is_asked_at_each_request(world: World) -> None:
    """The clock moves on and the feed with it, and back again."""
    clock = _Clock(world.start)
    async with serve_world(world, clock) as base, httpx.AsyncClient() as client:
        first = (await client.get(base + FEED)).content
        clock.moment = world.end
        second = (await client.get(base + FEED)).content
        clock.moment = world.start
        third = (await client.get(base + FEED)).content
        clock.moment = datetime(1999, 1, 1, tzinfo=UTC)
        empty = await client.get(base + FEED)

    assert first == third
    assert first != second
    assert b"<item>" not in empty.content


async def test_a_conditional_request_is_answered_304_until_something_changes(world: World) -> None:
    """Both validators work; a new article makes them stale."""
    clock = _Clock(world.start)
    async with serve_world(world, clock) as base, httpx.AsyncClient() as client:
        fresh = await client.get(base + FEED)
        by_tag = {"If-None-Match": fresh.headers["etag"]}
        by_date = {"If-Modified-Since": fresh.headers["last-modified"]}
        same = [await client.get(base + FEED, headers=headers) for headers in (by_tag, by_date)]
        clock.moment = world.start + timedelta(days=2)
        changed = [await client.get(base + FEED, headers=headers) for headers in (by_tag, by_date)]

    assert [(each.status_code, each.content) for each in same] == [(304, b"")] * 2
    assert fresh.headers["etag"] == same[0].headers["etag"]
    assert [each.status_code for each in changed] == [200, 200]


@pytest.mark.parametrize(
    ("asked", "current"),
    [
        ({}, False),
        ({"if-none-match": '"b", "a"'}, True),
        ({"if-none-match": '"b"'}, False),
        ({"if-none-match": '"b"', "if-modified-since": "then"}, False),
        ({"if-modified-since": "then"}, True),
        ({"if-modified-since": "before"}, False),
    ],
)
def test_the_tag_wins_over_the_date(asked: dict[str, str], current: bool) -> None:  # noqa: FBT001 - a table's column
    """RFC 9110 section 13.2.2: with If-None-Match there, If-Modified-Since is not looked at."""
    assert current == is_current(asked, {"ETag": '"a"', "Last-Modified": "then"})


def test_what_has_no_validators_is_never_current() -> None:
    """A bot wall is served whole each time."""
    assert not is_current({"if-none-match": '"a"'}, {})
    assert not is_current({"if-modified-since": "then"}, {})


async def test_it_answers_many_at_once(world: World) -> None:
    """A demo asks thousands of times, over many connections."""
    async with serve_world(world, lambda: world.end) as base, httpx.AsyncClient() as client:
        for _ in range(10):
            answers = await asyncio.gather(*(client.get(base + FEED) for _ in range(40)))

            assert {(200, answers[0].content)} == {(each.status_code, each.content) for each in answers}
