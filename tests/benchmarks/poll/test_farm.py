"""The farm serves what it says: seeded feeds, validators, 304, gzip, new items, faults, and a true log."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from multidict import CIMultiDictProxy

from benchmarks.poll.content import ITEMS, VALIDATORS, Press
from benchmarks.poll.farm import addresses
from benchmarks.poll.running import FarmHandle, open_farm
from spiders.entries import read_feed

FEEDS = 20


@pytest.fixture(scope="module")
def farm() -> Iterator[FarmHandle]:
    with open_farm(feeds=FEEDS, hosts=4) as opened:
        yield opened


@pytest.fixture
async def web() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        yield session


async def get(web: aiohttp.ClientSession, url: str, **headers: str) -> tuple[int, CIMultiDictProxy[str], bytes]:
    """Return status, headers and body as sent."""
    sent = {"Accept-Encoding": "identity", **{name.replace("_", "-"): value for name, value in headers.items()}}
    async with web.get(url, headers=sent) as answer:
        return answer.status, answer.headers, await answer.read()


def test_a_seed_writes_the_same_feeds() -> None:
    """Byte for byte, and another seed others."""
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)

    def written(seed: int) -> list[bytes]:
        press = Press(seed=seed)
        return [press.write(feed) for feed in press.feeds(3, ["http://127.1.0.1:1"], now)]

    assert written(1) == written(1)
    assert written(1) != written(2)


def test_feeds_offer_the_validators_in_their_shares() -> None:
    """Of many feeds, within a few hundredths."""
    feeds = Press(seed=1).feeds(2000, ["http://127.1.0.1:1"], datetime.now(UTC))

    shares = {kind: sum(feed.validators == kind for feed in feeds) / len(feeds) for kind in VALIDATORS}

    assert shares == pytest.approx(VALIDATORS, abs=0.03)
    assert sum(feed.atom for feed in feeds) / len(feeds) == pytest.approx(0.3, abs=0.03)


async def test_every_feed_is_read_whole(farm: FarmHandle, web: aiohttp.ClientSession) -> None:
    """25 items each with title, text, date and address, on hosts of their own."""
    urls = farm.ask("urls")
    for url in urls:
        status, headers, body = await get(web, url)
        read = read_feed(body, tuple(headers.items()), url, datetime.now(UTC))

        assert status == 200
        assert len({entry.url for entry in read.entries}) == ITEMS
        assert all(entry.title and entry.text and entry.published_at for entry in read.entries)
    assert {url.split("/")[2].split(":")[0] for url in urls} == set(addresses(4))


async def test_a_validator_that_is_offered_is_answered_by_304(farm: FarmHandle, web: aiohttp.ClientSession) -> None:
    """And only that: another one, or none, gets the body."""
    offered = 0
    for url in farm.ask("urls"):
        _, headers, _ = await get(web, url)
        known = {"If_None_Match": headers.get("ETag"), "If_Modified_Since": headers.get("Last-Modified")}
        sent = {name: value for name, value in known.items() if value is not None}
        offered += bool(sent)

        assert (await get(web, url, **sent))[0] == (304 if sent else 200)
        assert (await get(web, url, If_None_Match='"other"', If_Modified_Since="yesterday"))[0] == 200
    assert offered == FEEDS - farm.ask("offers").get("none", 0)


async def test_gzip_is_served_to_who_takes_it(farm: FarmHandle, web: aiohttp.ClientSession) -> None:
    """A quarter of the bytes."""
    url = farm.ask("urls")[0]
    _, plain_headers, plain = await get(web, url)
    _, packed_headers, packed = await get(web, url, Accept_Encoding="gzip")

    assert "Content-Encoding" not in plain_headers
    assert packed_headers["Content-Encoding"] == "gzip"
    assert len(packed) < len(plain) / 2


async def test_a_tick_publishes_on_feeds_that_are_well(farm: FarmHandle, web: aiohttp.ClientSession) -> None:
    """Each new item is on its feed, whose validators change."""
    urls = farm.ask("urls")
    ill = 3
    farm.ask("fault", feed=ill, kind="500")
    before = {number: await get(web, url) for number, url in enumerate(urls) if number != ill}

    published = farm.ask("tick", feeds=FEEDS, items=2, relevant=1)
    farm.ask("fault", feed=ill, kind="none")

    assert sorted(item["feed"] for item in published) == sorted([*before, *before])
    assert all(item["relevant"] for item in published)
    for item in published:
        _, headers, body = await get(web, urls[item["feed"]])
        assert item["url"].encode() in body
        old = before[item["feed"]][1]
        assert all(headers[name] != old[name] for name in ("ETag", "Last-Modified") if name in old)


async def test_faults_are_as_ordered(farm: FarmHandle, web: aiohttp.ClientSession) -> None:
    """429 names a time, slow comes late, and what hangs answers nothing until it is made well."""
    url = farm.ask("urls")[5]
    farm.ask("fault", feed=5, kind="429")
    status, headers, _ = await get(web, url)
    assert (status, headers["Retry-After"]) == (429, "5")

    farm.ask("fault", feed=5, kind="slow", seconds=0.2)
    begun = asyncio.get_running_loop().time()
    assert (await get(web, url))[0] == 200
    assert asyncio.get_running_loop().time() - begun >= 0.2

    farm.ask("fault", feed=5, kind="hang")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await get(web, url)
    farm.ask("fault", feed=5, kind="none")
    assert (await get(web, url))[0] == 200


async def test_the_log_says_what_was_asked_and_served(farm: FarmHandle, web: aiohttp.ClientSession) -> None:
    """robots.txt, which says nothing, is no request for a feed."""
    url = farm.ask("urls")[0]
    farm.ask("reset")
    for asked in (url, url.replace("/feeds/0.xml", "/robots.txt"), url.replace("0.xml", "99.xml")):
        await get(web, asked)

    stats: dict[str, Any] = farm.ask("stats")
    log = farm.ask("log")

    assert [(path, status) for _, _, path, status, _ in log] == [
        ("/feeds/0.xml", 200),
        ("/robots.txt", 404),
        ("/feeds/99.xml", 404),
    ]
    assert stats["requests"] == 2
    assert stats["bytes"] == log[0][4] + log[2][4]
    assert json.dumps(stats["by_status"], sort_keys=True) == '{"200": 1, "404": 1}'
