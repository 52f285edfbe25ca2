"""The canary's own site: a feed that changes each interval, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from facts.canary import CANARY
from facts.errors import PursestringsError, SourceError
from facts.visit import Remembered
from spiders.canary_site import LETTER_URL, LONGEST_WAIT, CanarySpider, canary_feed, open_canary_site
from spiders.fetcher import FetchSettings, open_fetcher
from spiders.fetching import BodyCap
from spiders.own_feed import OwnFeed

HOUR = timedelta(hours=1)
NOW = datetime(2026, 11, 24, 14, 0, 7, tzinfo=UTC)


async def ask(own: OwnFeed, request: bytes) -> bytes:
    """Send these bytes and return the answer."""
    reader, writer = await asyncio.open_connection(*own.address)
    writer.write(request)
    writer.write_eof()
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


async def test_the_spider_reads_its_document_through_the_guarded_fetcher() -> None:
    """No network is allowed; the document is one, at one address, and its version carries the hour."""
    at = NOW
    async with open_canary_site(HOUR, lambda: at, (80, 443)) as own:
        settings = FetchSettings(user_agent="x", own_feed=own)
        async with open_fetcher(settings, lambda: at) as fetch:
            spider = CanarySpider(own.url)
            first = await spider.visit(fetch, {}, at)
            again = await spider.visit(fetch, {own.url: Remembered(url=own.url, etag="x")}, at)
            at = NOW + HOUR
            later = await spider.visit(fetch, {}, at)

    documents = [harvest.documents[0] for harvest in (first, again, later)]
    assert {(CANARY, LETTER_URL)} == {(document.source, document.url) for document in documents}
    assert documents[0].digest == documents[1].digest != documents[2].digest
    assert [at.replace(minute=0, second=0) for at in (NOW, NOW, NOW + HOUR)] == [one.published_at for one in documents]
    assert "14:00 UTC on 2026-11-24" in documents[0].title
    assert "This is a test of the bot" in documents[0].text
    assert (first.remembered, first.links, first.warnings) == ((), (), ())


@pytest.mark.parametrize(
    ("now", "wait"),
    [
        (NOW, LONGEST_WAIT),
        (NOW.replace(minute=55), timedelta(minutes=4, seconds=53)),
        (NOW.replace(minute=59, second=59, microsecond=999_000), timedelta(seconds=1)),
    ],
)
async def test_the_feed_says_how_long_it_stays_the_same(now: datetime, wait: timedelta) -> None:
    """So it is looked at when there is something new, and a changed interval is soon kept to."""
    async with open_canary_site(HOUR, lambda: now, (80, 443)) as own:
        settings = FetchSettings(user_agent="x", own_feed=own)
        async with open_fetcher(settings, lambda: now) as fetch:
            harvest = await CanarySpider(own.url).visit(fetch, {}, now)

    assert wait == harvest.wait


@pytest.mark.parametrize(
    "request_line",
    [b"GET / HTTP/1.1", b"GET /feed.xml HTTP/1.1", b"GET http://a.example/ HTTP/1.1", b"POST %b HTTP/1.1", b"GET", b""],
)
async def test_nothing_else_is_served(request_line: bytes) -> None:
    """Neither by another path nor by another method."""
    async with open_canary_site(HOUR, lambda: NOW, ()) as own:
        path = urlsplit(own.url).path.encode()
        answer = await ask(own, (request_line % path if b"%b" in request_line else request_line) + b"\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 404 ")
    assert b"Canary Falls" not in answer


@pytest.mark.parametrize("hostile", [b"", b"GET", b"\x00" * 100_000, b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 10_000])
async def test_a_broken_request_ends_its_connection_alone(hostile: bytes) -> None:
    """The next one is answered."""
    async with open_canary_site(HOUR, lambda: NOW, ()) as own:
        with suppress(ConnectionError):
            assert await ask(own, hostile) == b""
        answer = await ask(own, b"GET /robots.txt HTTP/1.1\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 200 ")


async def test_its_port_is_none_that_may_be_dialled_anyway() -> None:
    """Else a name that leads to loopback would be asked there by its port."""
    tried: list[int] = []

    class First(Collection[int]):
        def __contains__(self, port: object) -> bool:
            assert isinstance(port, int)
            tried.append(port)
            return len(tried) == 1

        def __iter__(self) -> Iterator[int]:
            return iter(tried[:1])

        def __len__(self) -> int:
            return 1

    async with open_canary_site(HOUR, lambda: NOW, First()) as own:
        assert own.address[1] == tried[1]
    with pytest.raises(PursestringsError, match="shorten allow_ports"):
        async with open_canary_site(HOUR, lambda: NOW, range(65_536)):
            pass


async def test_each_run_has_a_path_of_its_own() -> None:
    """Nobody can link to it."""
    async with open_canary_site(HOUR, lambda: NOW, ()) as one, open_canary_site(HOUR, lambda: NOW, ()) as other:
        assert urlsplit(one.url).path != urlsplit(other.url).path
        async with open_fetcher(FetchSettings(user_agent="x", own_feed=one), lambda: NOW) as fetch:
            with pytest.raises(SourceError):
                await fetch(other.url, cap=BodyCap.FEED)


def test_the_feed_is_the_same_for_the_whole_interval() -> None:
    """What is published is a function of the clock alone."""
    assert canary_feed(NOW, HOUR) == canary_feed(NOW + timedelta(minutes=59), HOUR)
    assert canary_feed(NOW, HOUR) != canary_feed(NOW + HOUR, HOUR)
