"""What went by between two polls of a feed, and its past, where further pages have them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from email.utils import format_datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from facts.errors import Unreachable
from facts.visit import Harvest, Remembered
from spiders import feed
from spiders.fetcher import Fetcher
from spiders.fetching import Historian
from tests.rig.site import NOT_FOUND, Reply, Site
from tests.spiders.conftest import NOW
from tests.spiders.pasts import read_back

WORDPRESS = "<generator>https://wordpress.org/?v=6.9</generator>"


def rss(numbers: range | list[int], *, generator: str = WORDPRESS, tail: str = "") -> Reply:
    """Return a feed of stories, numbered by the hours that have gone by since."""
    items = "".join(
        f"<item><title>Story {number}</title><link>https://paper.example/{number}</link>"
        f"<pubDate>{format_datetime(NOW - timedelta(hours=number))}</pubDate>"
        f"<description>Text {number}</description></item>"
        for number in numbers
    )
    body = f"<rss version='2.0'><channel><title>Paper</title>{generator}{items}</channel></rss>{tail}"
    return Reply(headers=(("Content-Type", "application/rss+xml"),), body=body.encode())


def wordpress(site: Site, numbers: range, *, path: str = "/stories", size: int = 10) -> str:
    """Serve a feed with all its pages, and return its address."""

    def answer(asked: str) -> Reply:
        page = int(parse_qs(urlsplit(asked).query).get("paged", ["1"])[0])
        shown = numbers[(page - 1) * size : page * size]
        return rss(shown) if shown and urlsplit(asked).path == path else NOT_FOUND

    site.otherwise = answer
    return site.url(path)


def spider(url: str, *, follow: bool = False) -> feed.Spider:
    return feed.Spider(source="paper", settings=feed.Settings(url=url, follow=follow), places=())


def remembered(harvest: Harvest) -> dict[str, Remembered]:
    return {each.url: each for each in harvest.remembered}


def numbers_of(harvest: Harvest) -> list[int]:
    addresses = [document.url for document in harvest.documents] + [link.url for link in harvest.links]
    return sorted(int(url.rpartition("/")[2]) for url in addresses)


def pages_asked(site: Site) -> list[str]:
    return [seen.path for seen in site.log if seen.path != "/robots.txt"]


async def test_a_feed_that_moved_on_a_little_has_no_gap(site: Site, fetch: Fetcher) -> None:
    """One entry of the last poll is enough to know that none is missing."""
    url = wordpress(site, range(50, 100))
    first = await spider(url).visit(fetch, {}, NOW)
    wordpress(site, range(41, 100))

    second = await spider(url).visit(fetch, remembered(first), NOW)

    assert (numbers_of(second), second.warnings, second.requests) == (list(range(41, 51)), (), 1)


@pytest.mark.parametrize("follow", [True, False])
async def test_a_gap_is_filled_from_the_pages_behind(site: Site, fetch: Fetcher, follow: bool) -> None:  # noqa: FBT001 (a parameter of pytest)
    """On to the first entry of the last poll, and no further; each story once, with the answer it was read from."""
    url = wordpress(site, range(50, 100))
    first = await spider(url, follow=follow).visit(fetch, {}, NOW)
    wordpress(site, range(23, 100))
    site.log.clear()

    second = await spider(url, follow=follow).visit(fetch, remembered(first), NOW)

    assert (numbers_of(second), second.warnings) == (list(range(23, 53)), ())
    assert pages_asked(site) == ["/stories", "/stories?paged=2", "/stories?paged=3"]
    assert [each.url for each in second.remembered] == [url]
    assert len({document.capture.url for document in second.documents}) == (0 if follow else 3)


async def test_the_gap_is_measured_from_the_last_poll_that_read(site: Site, fetch: Fetcher) -> None:
    """A poll that found nothing new leaves the mark as it was."""
    url = wordpress(site, range(50, 100))
    first = await spider(url).visit(fetch, {}, NOW)
    quiet = await spider(url).visit(fetch, remembered(first), NOW)
    wordpress(site, range(35, 100))

    third = await spider(url).visit(fetch, remembered(quiet), NOW)

    assert (quiet.unchanged, numbers_of(third)) == (1, list(range(35, 55)))


@pytest.mark.parametrize(
    ("path", "generator", "asked"),
    [
        ("/rss.xml", "", []),
        # A site that has the address of a WordPress feed and takes no notice of the page.
        ("/news/feed/", "", ["/news/feed/?paged=2"]),
    ],
)
async def test_a_gap_that_nothing_fills_is_told(
    site: Site, fetch: Fetcher, path: str, generator: str, asked: list[str]
) -> None:
    """With the time since when, and without asking a site for pages that it has not."""
    site.otherwise = lambda _: rss(range(50, 60), generator=generator)
    url = site.url(path)
    first = await spider(url).visit(fetch, {}, NOW)
    site.otherwise = lambda _: rss(range(10, 20), generator=generator)
    site.log.clear()

    second = await spider(url).visit(fetch, remembered(first), NOW)
    third = await spider(url).visit(fetch, remembered(second), NOW)

    warning = "the feed moved on by more than it shows: entries may be missing since 2026-08-06 12:00 UTC"
    assert (second.warnings, third.warnings) == ((warning,), ())
    assert pages_asked(site) == [path, *asked, path]
    assert numbers_of(second) == list(range(10, 20))


async def test_a_gap_is_read_no_further_than_five_pages(site: Site, fetch: Fetcher) -> None:
    """What those hold comes home, and the rest is told."""
    url = wordpress(site, range(500, 600))
    first = await spider(url).visit(fetch, {}, NOW)
    wordpress(site, range(300, 600))

    second = await spider(url).visit(fetch, remembered(first), NOW)

    assert (numbers_of(second), second.requests) == (list(range(300, 360)), 6)
    assert "entries may be missing since" in second.warnings[0]


async def test_a_page_that_fails_ends_the_filling_and_not_the_visit(site: Site, fetch: Fetcher) -> None:
    """The entries that the feed shows must not wait for those that it does not."""
    url = site.serve("/stories", rss(range(50, 60)), rss(range(10, 20)))
    first = await spider(url).visit(fetch, {}, NOW)
    site.serve("/stories?paged=2", Reply(status=503))

    second = await spider(url).visit(fetch, remembered(first), NOW)

    assert numbers_of(second) == list(range(10, 20))
    assert "entries may be missing" in second.warnings[0]


@pytest.mark.parametrize(("before", "after"), [(range(20), []), (range(10, 30), [1]), ([], range(10))])
async def test_a_feed_that_is_cleared_has_lost_nothing(
    site: Site, fetch: Fetcher, before: range | list[int], after: range | list[int]
) -> None:
    """Some hold the present month alone: on its first day they are nearly empty."""
    url = site.serve("/rss.xml", rss(before, generator=""), rss(after, generator=""))
    first = await spider(url).visit(fetch, {}, NOW)

    second = await spider(url).visit(fetch, remembered(first), NOW)

    assert not any("moved on" in warning for warning in second.warnings)


async def test_a_long_feed_is_remembered_by_both_its_ends(site: Site, fetch: Fetcher) -> None:
    """Some show the newest first and some last; the mark stays short."""
    for ordered in (range(500), range(500)[::-1]):
        url = site.serve("/long.xml", rss(list(ordered)))
        first = await spider(url).visit(fetch, {}, NOW)
        moved = [number - 100 for number in ordered]
        site.serve("/long.xml", rss(moved))

        second = await spider(url).visit(fetch, remembered(first), NOW + timedelta(hours=100))

        assert second.warnings == ()
        assert len(first.remembered[0].mark or "") < 500


async def test_the_past_of_a_wordpress_feed_is_read_page_by_page(site: Site, fetch: Fetcher) -> None:
    """Latest first, down to the first day asked for; later stories are passed over, each call is one page."""
    url = wordpress(site, range(0, 24 * 30, 3), size=20)
    historian: Historian = spider(url)

    leaves = await read_back(historian, fetch, date(2026, 7, 25), date(2026, 7, 30), NOW)

    days = {(NOW - timedelta(hours=number)).date() for leaf in leaves for number in numbers_of(leaf.harvest)}
    wanted = [
        number
        for number in range(0, 24 * 30, 3)
        if date(2026, 7, 25) <= (NOW - timedelta(hours=number + 4)).date() <= date(2026, 7, 30)
    ]
    assert sorted(number for leaf in leaves for number in numbers_of(leaf.harvest)) == wanted
    assert min(days) >= date(2026, 7, 25)
    assert [1] * len(leaves) == [leaf.harvest.requests for leaf in leaves]
    assert leaves[-1].reached == date(2026, 7, 25)
    reached = [leaf.reached for leaf in leaves if leaf.reached is not None]
    assert reached == sorted(reached, reverse=True)
    assert all(leaf.pages_left for leaf in leaves[2:-1])
    assert leaves[-1].pages_left == 0


async def test_the_past_ends_where_the_pages_end(site: Site, fetch: Fetcher) -> None:
    """A page that is not there is the end of a WordPress feed; a server that fails for now is tried again."""
    url = wordpress(site, range(30))

    leaves = await read_back(spider(url), fetch, date(2020, 1, 1), date(2026, 8, 31), NOW)

    assert [len(numbers_of(leaf.harvest)) for leaf in leaves] == [10, 10, 10, 0]
    assert leaves[-1].reached == date(2020, 1, 1)
    site.serve("/stories?paged=2", Reply(status=500))
    with pytest.raises(Unreachable):
        await spider(url).history(fetch, leaves[0].cursor, date(2020, 1, 1), date(2026, 8, 31), NOW)


async def test_the_past_of_any_other_feed_is_what_it_shows(site: Site, fetch: Fetcher) -> None:
    """One page, and it does not claim to reach further than it does."""
    url = site.serve("/rss.xml", rss(range(0, 72, 6), generator=""))

    (leaf,) = await read_back(spider(url), fetch, date(2026, 1, 1), date(2026, 8, 31), NOW)

    assert (len(numbers_of(leaf.harvest)), leaf.cursor) == (12, None)
    assert leaf.reached == date(2026, 8, 5)


async def test_the_past_of_a_site_that_takes_no_notice_of_pages_ends(site: Site, fetch: Fetcher) -> None:
    """The same page again is no page of the past."""
    site.otherwise = lambda asked: rss(range(10)) if asked != "/robots.txt" else NOT_FOUND

    leaves = await read_back(spider(site.url("/feed")), fetch, date(2026, 1, 1), date(2026, 8, 31), NOW)

    assert [len(numbers_of(leaf.harvest)) for leaf in leaves] == [10, 0]


async def test_an_entry_dated_oddly_does_not_end_the_past(site: Site, fetch: Fetcher) -> None:
    """Only a page that is older as a whole does."""
    url = wordpress(site, range(0, 240, 4))
    pages = site.otherwise
    old = format_datetime(NOW - timedelta(days=4000)).encode()
    site.otherwise = lambda path: replace(
        (reply := pages(path)), body=reply.body.replace(format_datetime(NOW - timedelta(hours=8)).encode(), old)
    )

    leaves = await read_back(spider(url), fetch, date(2026, 8, 1), date(2026, 8, 31), NOW)

    found = {number for leaf in leaves for number in numbers_of(leaf.harvest)}
    assert found == set(range(0, 129, 4)) - {8}
