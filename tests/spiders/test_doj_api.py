"""The Department of Justice: its API and its feed, over saved samples, through the real fetcher."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from facts.errors import Unreachable, Unreadable
from facts.visit import Harvest, Remembered
from spiders import catching_up, doj_api
from spiders.fetcher import Fetcher
from tests.rig.site import Reply, Site, html
from tests.spiders.conftest import NOW
from tests.spiders.golden import as_json, sample, saved


def as_feed(body: bytes) -> Reply:
    return Reply(headers=(("Content-Type", "application/rss+xml"),), body=body)


def as_api(body: bytes) -> Reply:
    return Reply(headers=(("Content-Type", "application/json"),), body=body)


def api_path(number: int) -> str:
    return f"/api?sort=created&direction=DESC&pagesize=50&page={number}"


def doj_spider(site: Site, **values: object) -> doj_api.Spider:
    settings = doj_api.Settings.model_validate({"url": site.url("/api"), **values})
    return doj_api.Spider(source="doj", settings=settings, places=())


async def test_doj_golden(site: Site, fetch: Fetcher) -> None:
    """Rows in all their forms become documents, the feed fills in what the API does not hold, letters are links."""
    site.serve(api_path(0), as_api(sample("doj_api_newest_first.json")))
    rss = site.serve("/rss", as_feed(sample("doj_api_feed.xml")))

    harvest = await doj_spider(site, feed=rss).visit(fetch, {}, NOW)

    actual = as_json(harvest, site.url(""))
    assert saved("doj_api_newest_first", actual) == actual
    assert ["/rss", api_path(0)] == [seen.path for seen in site.log if seen.path != "/robots.txt"]


async def test_doj_reads_from_the_end_where_the_order_is_ignored(site: Site, fetch: Fetcher) -> None:
    """The newest date of page 0 is of 2014 and a row dated ahead proves nothing: the last two pages are read."""
    site.serve(api_path(0), as_api(sample("doj_api_oldest_first.json").replace(b"100", b"151")))
    site.serve(api_path(3), as_api(sample("doj_api_newest_first.json")))
    site.serve(api_path(2), as_api(b'{"results": []}'))

    harvest = await doj_spider(site).visit(fetch, {}, NOW)

    assert [api_path(number) for number in (0, 3, 2)] == [s.path for s in site.log if s.path != "/robots.txt"]
    assert harvest.documents[0].url == "https://www.justice.gov/opa/pr/notice-juniper-flats"
    assert len(harvest.documents) == 3
    assert harvest.requests == 3


async def test_doj_does_not_ask_for_an_empty_last_page(site: Site, fetch: Fetcher) -> None:
    """With exactly 100 rows in pages of 50 the last page is 1, not 2."""
    site.serve(api_path(0), as_api(sample("doj_api_oldest_first.json")))
    site.serve(api_path(1), as_api(sample("doj_api_newest_first.json")))

    harvest = await doj_spider(site).visit(fetch, {}, NOW)

    assert [api_path(0), api_path(1)] == [seen.path for seen in site.log if seen.path != "/robots.txt"]
    assert len(harvest.documents) == 5


async def test_doj_warns_when_every_page_is_old(site: Site, fetch: Fetcher) -> None:
    """An API that shows nothing newer than a week at either end is an oddity that the operator hears of."""
    site.serve(api_path(0), as_api(sample("doj_api_oldest_first.json")))
    site.serve(api_path(1), as_api(sample("doj_api_newest_first.json")))

    harvest = await doj_spider(site).visit(fetch, {}, NOW + timedelta(days=30))

    assert any("newest release: 2026-08-05" in warning for warning in harvest.warnings)


async def test_doj_remembers_and_leaves_the_rows_alone(site: Site, fetch: Fetcher) -> None:
    """A second visit with nothing new reads nothing; a feed with new items has the rows read again."""
    site.serve(api_path(0), replace(as_api(sample("doj_api_newest_first.json")), etag='"1"'))
    rss = site.serve("/rss", as_feed(sample("doj_api_feed.xml")))
    spider = doj_spider(site, feed=rss)
    memory = {r.url: r for r in (await spider.visit(fetch, {}, NOW)).remembered}

    quiet = await spider.visit(fetch, memory, NOW)
    site.serve("/rss", as_feed(sample("doj_api_feed.xml") + b"\n"))
    busy = await spider.visit(fetch, memory, NOW)

    assert (len(quiet.documents), quiet.not_modified, quiet.unchanged) == (0, 1, 1)
    assert len(busy.documents) == 4
    texts = {document.url: document.text for document in busy.documents}
    assert "sent notice" in texts["https://www.justice.gov/opa/pr/notice-juniper-flats"]


def release_pages(site: Site, days: range, *, count: int | None = None, newest_first: bool = True) -> None:
    """Serve pages of two releases, one of each of these days before NOW, the newest first or the oldest."""
    rows = [
        {
            "title": f"Release {day}",
            "url": f"https://www.justice.gov/opa/pr/{day}",
            "body": "<p>x",
            "created": (NOW - timedelta(days=day)).isoformat(),
        }
        for day in days
    ]
    rows = rows if newest_first else rows[::-1]
    for number in range(0, len(rows), 2):
        answer = {"metadata": {"resultset": {"count": count or len(rows)}}, "results": rows[number : number + 2]}
        path = api_path(number // 2).replace("pagesize=50", "pagesize=2")
        site.serve(path, as_api(json.dumps(answer).encode()))


def days_of(harvest: Harvest) -> list[int]:
    """Return the days of the releases that came home, newest first."""
    return sorted(int(document.url.rpartition("/")[2]) for document in harvest.documents)


def remembered(harvest: Harvest) -> dict[str, Remembered]:
    """Return what the next visit remembers."""
    return {each.url: each for each in harvest.remembered}


@pytest.mark.parametrize("newest_first", [True, False])
async def test_doj_reads_on_to_where_the_last_visit_was(site: Site, fetch: Fetcher, newest_first: bool) -> None:  # noqa: FBT001 (a parameter of pytest)
    """After a pause of days the rows in between are read, and no more; a first visit reads its two pages."""
    spider = doj_spider(site, pagesize=2)
    release_pages(site, range(10, 30), newest_first=newest_first)
    first = await spider.visit(fetch, {}, NOW - timedelta(days=10))
    site.log.clear()
    release_pages(site, range(30), newest_first=newest_first)

    second = await spider.visit(fetch, remembered(first), NOW)

    assert days_of(first) == [10, 11, 12, 13]
    assert set(range(10)) <= set(days_of(second))
    assert max(days_of(second)) <= 13
    assert second.warnings == ()
    assert f"{NOW:%Y-%m-%dT%H:%M:%S}+00:00" == second.remembered[0].mark


@pytest.mark.parametrize("newest_first", [True, False])
async def test_doj_catches_up_over_several_visits(
    site: Site,
    fetch: Fetcher,
    monkeypatch: pytest.MonkeyPatch,
    newest_first: bool,  # noqa: FBT001 (a parameter of pytest)
) -> None:
    """One visit reads so many pages and says how far it came; the next ones go on from there, new rows or not."""
    monkeypatch.setattr(catching_up, "MOST_PAGES", 6)
    spider = doj_spider(site, pagesize=2)
    release_pages(site, range(30, 60), newest_first=newest_first)
    harvest = await spider.visit(fetch, {}, NOW - timedelta(days=30))
    release_pages(site, range(2, 60), newest_first=newest_first)
    read: set[int] = set()
    warnings = []

    for visit in range(9):
        if visit == 1:
            release_pages(site, range(60), newest_first=newest_first)
        harvest = await spider.visit(fetch, remembered(harvest), NOW)
        read.update(days_of(harvest))
        warnings.append(harvest.warnings)
        assert harvest.requests <= 6

    assert set(range(30)) <= read
    assert "catching up: releases were read back to" in warnings[0][0]
    assert "the next visit goes on to 2026-07-07" in warnings[0][0]
    assert warnings[-1] == ()


async def test_doj_keeps_what_it_read_when_a_page_far_back_fails(site: Site, fetch: Fetcher) -> None:
    """The page is tried again at the next visit."""
    spider = doj_spider(site, pagesize=2)
    release_pages(site, range(10, 30))
    first = await spider.visit(fetch, {}, NOW - timedelta(days=10))
    release_pages(site, range(30))
    bad = api_path(3).replace("pagesize=50", "pagesize=2")
    site.serve(bad, Reply(status=503))

    second = await spider.visit(fetch, remembered(first), NOW)
    release_pages(site, range(30))
    third = await spider.visit(fetch, remembered(second), NOW)

    assert days_of(second) == [0, 1, 2, 3, 4, 5]
    assert "catching up" in second.warnings[0]
    assert {6, 7, 8, 9} <= set(days_of(third))
    assert third.warnings == ()


async def test_doj_leaves_out_its_calendar_jobs_and_staff_on_any_host(site: Site, fetch: Fetcher) -> None:
    """Whatever host serves them, as a proxy of the newsroom may."""
    rows = [
        {"title": path, "url": site.url(path), "body": "<p>x", "created": NOW.isoformat()}
        for path in ("/opa/event/1", "/job/2", "/usao/staff-profile/3", "/opa/pr/4")
    ]
    site.serve(api_path(0), as_api(json.dumps({"results": rows}).encode()))

    harvest = await doj_spider(site).visit(fetch, {}, NOW)

    assert [site.url("/opa/pr/4")] == [document.url for document in harvest.documents]


async def test_doj_goes_on_without_its_feed(site: Site, fetch: Fetcher) -> None:
    """A feed that fails is a warning; the API's rows come home."""
    site.serve(api_path(0), as_api(sample("doj_api_newest_first.json")))

    harvest = await doj_spider(site, feed=site.url("/gone")).visit(fetch, {}, NOW)

    assert len(harvest.documents) == 3
    assert any("HTTP 404" in warning for warning in harvest.warnings)


@pytest.mark.parametrize(
    ("reply", "error", "words"),
    [
        (
            Reply(status=404, headers=(("Content-Type", "text/html"),), body=b"<html>" + b"x" * 56_000),
            Unreachable,
            "404",
        ),
        (html("<!DOCTYPE html><html><body>" + "<p>Not here.</p>" * 3500), Unreadable, "HTML page of 56 kB"),
        (as_api(b"{"), Unreadable, "JSON"),
        (as_api(b"[" * 100_000), Unreadable, "JSON"),
        (as_api(b'{"results": {}}'), Unreadable, "without a list"),
        (as_api(b"[]"), Unreadable, "without a list"),
        (as_api(b'{"results": [], "x": ' + b"9" * 5000 + b"}"), Unreadable, "JSON"),
    ],
)
async def test_doj_names_what_is_no_json(
    site: Site, fetch: Fetcher, reply: Reply, error: type[Exception], words: str
) -> None:
    """The API's errors are HTML pages of 56 kB, with 404 or with 200."""
    site.serve(api_path(0), reply)

    with pytest.raises(error, match=words):
        await doj_spider(site).visit(fetch, {}, NOW)


async def test_doj_says_how_it_looked_and_what_was_on_it(site: Site, fetch: Fetcher) -> None:
    """Rows and the feed's late items are counted; a visit that read nothing anew says nothing."""
    site.serve(api_path(0), replace(as_api(sample("doj_api_newest_first.json")), etag='"1"'))
    spider = doj_spider(site, feed=site.serve("/rss", as_feed(sample("doj_api_feed.xml"))))

    harvest = await spider.visit(fetch, {}, NOW)
    quiet = await spider.visit(fetch, {r.url: r for r in harvest.remembered}, NOW)

    assert harvest.shape is not None
    assert (harvest.shape.items, harvest.shape.titled) == (4, 4)
    assert (harvest.shape.newest or NOW + timedelta(days=1)) <= NOW
    assert tuple(document.url for document in harvest.documents) == harvest.listed
    assert (quiet.shape, quiet.listed) == (None, ())


async def test_doj_knows_a_release_by_its_uuid(site: Site, fetch: Fetcher) -> None:
    """Which outlives its address; a row without one has none."""
    row = {"title": "A", "url": "https://www.justice.gov/opa/pr/a", "body": "<p>x"}
    rows = [{**row, "uuid": "6f2a-11"}, {**row, "url": "https://www.justice.gov/opa/pr/b", "uuid": " "}]
    site.serve(api_path(0), as_api(json.dumps({"results": rows}).encode()))

    harvest = await doj_spider(site).visit(fetch, {}, NOW)

    assert [document.guid for document in harvest.documents] == ["6f2a-11", None]
