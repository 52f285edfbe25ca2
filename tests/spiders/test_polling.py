"""One conditional look: what is sent, what is remembered, and when the whole is asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest

from facts.visit import Remembered
from spiders.fetcher import Fetcher, FetchSettings, open_fetcher
from spiders.fetching import BodyCap
from spiders.polling import WHOLE_EVERY, due_whole, poll
from tests.rig.site import Reply, Site, open_site

NOW = datetime(2017, 8, 3, 16, tzinfo=UTC)
SECOND = timedelta(seconds=1)
URL = "https://news.example/feed"
KNOWN = Remembered(url=URL, etag='W/"1"', last_modified="yesterday", body_digest="d", mark="m", whole_at=NOW)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with open_site() as opened:
        yield opened


@pytest.fixture
async def fetch(site: Site) -> AsyncIterator[Fetcher]:
    settings = FetchSettings(
        user_agent="Test", allow_networks=(ip_network("127.0.0.0/8"),), allow_ports=frozenset({site.port})
    )
    async with open_fetcher(settings, lambda: NOW) as opened:
        yield opened


@pytest.mark.parametrize("age", [timedelta(), WHOLE_EVERY - SECOND, -SECOND, SECOND - WHOLE_EVERY])
def test_R31_a_known_validator_is_sent_for_a_week(age: timedelta) -> None:
    """The very memory is used, byte for byte, also when the clock was set back a little."""
    memory = {URL: KNOWN}

    assert due_whole(memory, NOW + age) is memory


@pytest.mark.parametrize("age", [WHOLE_EVERY, 3 * WHOLE_EVERY, -WHOLE_EVERY])
def test_R31_after_a_week_of_nothing_but_304_the_whole_is_asked_for(age: timedelta) -> None:
    """Of that address alone, and all else that is known of it stays known."""
    fresh = replace(KNOWN, url="https://news.example/other", whole_at=NOW + age)

    asked = due_whole({URL: KNOWN, fresh.url: fresh}, NOW + age)

    assert {URL: replace(KNOWN, etag=None, last_modified=None), fresh.url: fresh} == asked


def test_what_was_kept_before_the_rule_is_asked_for_once() -> None:
    """Nobody knows since when it says 304."""
    old = replace(KNOWN, whole_at=None)

    assert due_whole({URL: old}, NOW)[URL].etag is None


async def test_R31_validators_go_back_byte_for_byte(site: Site, fetch: Fetcher) -> None:
    """A 304 keeps them, the digest and the time of the last whole answer."""
    etag, date = 'W/"a b, c"', "Thu, 03 Aug 2017 16:00:00 GMT"
    url = site.serve("/feed", Reply(body=b"<rss/>", etag=etag, last_modified=date))

    first = await poll(fetch, url, BodyCap.FEED, {})
    second = await poll(fetch, url, BodyCap.FEED, {url: replace(first.remembered, whole_at=NOW - SECOND)})

    assert [seen.header("If-None-Match") for seen in site.asked("/feed")] == [None, etag]
    assert [seen.header("If-Modified-Since") for seen in site.asked("/feed")] == [None, date]
    assert (first.not_modified, first.remembered.whole_at) == (False, NOW)
    assert second.not_modified
    assert second.remembered == replace(first.remembered, whole_at=NOW - SECOND)


async def test_the_weekly_look_is_whole_and_the_next_is_not(site: Site, fetch: Fetcher) -> None:
    """A body that is the same is not read again; the week begins anew."""
    url = site.serve("/feed", Reply(body=b"<rss/>", etag='"1"'))
    first = await poll(fetch, url, BodyCap.FEED, {})
    stale = {url: replace(first.remembered, whole_at=NOW - WHOLE_EVERY)}

    whole = await poll(fetch, url, BodyCap.FEED, due_whole(stale, NOW))
    after = await poll(fetch, url, BodyCap.FEED, due_whole({url: whole.remembered}, NOW + WHOLE_EVERY - SECOND))

    assert [seen.header("If-None-Match") for seen in site.asked("/feed")] == [None, None, '"1"']
    assert (whole.capture, whole.not_modified, whole.remembered.whole_at) == (None, False, NOW)
    assert after.not_modified
