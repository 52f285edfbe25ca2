"""Each kind of source, over its saved samples, through the real fetcher."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

import spiders
from facts.errors import Unreachable, Unreadable
from facts.places import Place, PlaceKind
from facts.visit import Harvest, LinkKind, Remembered
from spiders import catching_up, doj_api, feed, listing, page
from spiders.fetcher import Fetcher
from spiders.fetching import Spider
from spiders.html import decode, read_page, text_of
from tests.rig.site import Reply, Site, html
from tests.spiders.conftest import NOW
from tests.spiders.golden import SAMPLES, as_json, sample, saved

PLACES = (Place(name="Juniper Flats", state="NM", kind=PlaceKind.CITY, id="geonames:1"),)
KINDS = [
    name
    for _, name, _ in pkgutil.iter_modules(spiders.__path__)
    if {"Spider", "Settings"} <= set(dir(importlib.import_module(f"spiders.{name}")))
]


def xml(body: bytes, **values: object) -> Reply:
    return Reply(headers=(("Content-Type", "application/rss+xml"),), body=body, **values)  # type: ignore[arg-type]


def as_api(body: bytes) -> Reply:
    return Reply(headers=(("Content-Type", "application/json"),), body=body)


def feed_spider(url: str, *, follow: bool = False) -> feed.Spider:
    return feed.Spider(source="ledger", settings=feed.Settings(url=url, follow=follow), places=PLACES)


def api_path(number: int) -> str:
    return f"/api?sort=created&direction=DESC&pagesize=50&page={number}"


def doj_spider(site: Site, **values: object) -> doj_api.Spider:
    settings = doj_api.Settings.model_validate({"url": site.url("/api"), **values})
    return doj_api.Spider(source="doj", settings=settings, places=())


def test_the_known_kinds_are_found() -> None:
    """A kind is a module with Settings and Spider."""
    assert {"doj_api", "feed", "listing", "page"} <= set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_sample_and_the_agreed_shape(kind: str) -> None:
    """A kind without a saved sample, or with another constructor, does not pass."""
    module = importlib.import_module(f"spiders.{kind}")

    assert list(SAMPLES.glob(f"{kind}*")), f"save a sample tests/spiders/samples/{kind}*"
    assert {"source", "settings", "places"} == set(inspect.signature(module.Spider).parameters)
    assert module.Settings.model_config["frozen"]
    assert module.Settings.model_config["extra"] == "forbid"


@pytest.mark.parametrize("follow", [False, True])
async def test_feed_golden(site: Site, fetch: Fetcher, follow: bool) -> None:  # noqa: FBT001 (a parameter of pytest)
    """A feed with every flaw seen in the wild becomes these documents, or links when it is followed."""
    url = site.serve("/feed", xml(sample("feed.xml")))

    harvest = await feed_spider(url, follow=follow).visit(fetch, {}, NOW)

    actual = as_json(harvest, site.url(""))
    assert saved(f"feed_follow_{follow}".lower(), actual) == actual


async def test_feed_atom_golden(site: Site, fetch: Fetcher) -> None:
    """An Atom feed with relative links becomes these documents."""
    url = site.serve("/news.atom", xml(sample("feed_atom.xml")))

    harvest = await feed_spider(url).visit(fetch, {}, NOW)

    actual = as_json(harvest, site.url(""))
    assert saved("feed_atom", actual) == actual


async def test_feed_is_asked_conditionally_and_not_parsed_twice(site: Site, fetch: Fetcher) -> None:
    """The second poll brings both validators back byte for byte, and 304 brings nothing home."""
    date = "Wed, 05 Aug 2026 20:05:00 GMT"
    url = site.serve("/feed", xml(sample("feed_atom.xml"), etag='W/"a\\b"', last_modified=date))
    first = await feed_spider(url).visit(fetch, {}, NOW)

    second = await feed_spider(url).visit(fetch, {r.url: r for r in first.remembered}, NOW)

    assert (second.not_modified, second.unchanged, len(second.documents)) == (1, 0, 0)
    assert first.remembered == second.remembered
    assert site.asked("/feed")[1].header("If-None-Match") == 'W/"a\\b"'
    assert date == site.asked("/feed")[1].header("If-Modified-Since")
    assert site.asked("/feed")[0].header("If-None-Match") is None


async def test_feed_with_the_very_body_of_last_time_is_not_parsed(site: Site, fetch: Fetcher) -> None:
    """A server without validators sends the whole feed; its digest shows that nothing changed."""
    url = site.serve("/feed", xml(sample("feed_atom.xml")))
    first = await feed_spider(url).visit(fetch, {}, NOW)

    second = await feed_spider(url).visit(fetch, {r.url: r for r in first.remembered}, NOW)

    assert (second.not_modified, second.unchanged, len(second.documents)) == (0, 1, 0)
    assert second.bytes > len(sample("feed_atom.xml"))


async def test_an_empty_feed_is_a_warning(site: Site, fetch: Fetcher) -> None:
    """A valid feed without entries is normal on the first day of a month, and worth a word."""
    url = site.serve("/feed", xml(b"<rss version='2.0'><channel><title>x</title></channel></rss>"))

    harvest = await feed_spider(url).visit(fetch, {}, NOW)

    assert harvest.warnings == ("the feed is valid and has no entries",)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"<!doctype html><html><title>Feeds</title><p>Our feeds</p></html>", "an HTML page"),
        (b"", "an empty body"),
        (b'{"items": []}', "JSON"),
        (b"<?xml version='1.0'?><urlset><url><loc>x</loc></url></urlset>", "something else"),
        (b"\x1f\x8b\x08\x00garbage", "something else"),
    ],
)
async def test_what_is_no_feed_says_so(site: Site, fetch: Fetcher, body: bytes, expected: str) -> None:
    """An answer that is no feed fails the visit with a line that says what was found."""
    url = site.serve("/feed", Reply(headers=(("Content-Type", "text/html"),), body=body))

    with pytest.raises(Unreadable, match=f"expected a feed.*found {expected}"):
        await feed_spider(url).visit(fetch, {}, NOW)


async def test_doj_golden(site: Site, fetch: Fetcher) -> None:
    """Rows in all their forms become documents, the feed fills in what the API does not hold, letters are links."""
    site.serve(api_path(0), as_api(sample("doj_api_newest_first.json")))
    rss = site.serve("/rss", xml(sample("doj_api_feed.xml")))

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
    rss = site.serve("/rss", xml(sample("doj_api_feed.xml")))
    spider = doj_spider(site, feed=rss)
    memory = {r.url: r for r in (await spider.visit(fetch, {}, NOW)).remembered}

    quiet = await spider.visit(fetch, memory, NOW)
    site.serve("/rss", xml(sample("doj_api_feed.xml") + b"\n"))
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


@pytest.mark.parametrize("kind", ["page", "listing"])
async def test_html_is_parsed_beside_the_loop(
    site: Site, fetch: Fetcher, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """In a thread of its own, so that a page that takes long holds up nobody."""
    url = site.serve("/news", html("<p class='n'><a href='/one'>One</a></p>"))
    threads = []

    def watched(reader: Callable[..., Any]) -> Callable[..., Any]:
        def read(*args: Any) -> Any:
            threads.append(threading.current_thread())
            return reader(*args)

        return read

    monkeypatch.setattr(page, "read_page", watched(read_page))
    monkeypatch.setattr(page, "text_of", watched(text_of))
    monkeypatch.setattr(listing, "decode", watched(decode))
    spiders: dict[str, Spider] = {
        "page": page.Spider(source="a", settings=page.Settings(url=url, selector="p"), places=()),
        "listing": listing.Spider(source="a", settings=listing.Settings(url=url, item="p.n"), places=()),
    }
    await spiders[kind].visit(fetch, {}, NOW)

    assert len(threads) == {"page": 2, "listing": 1}[kind]
    assert threading.main_thread() not in threads


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


async def test_listing_golden(site: Site, fetch: Fetcher) -> None:
    """The selectors of the stanza find the links, their titles and their dates, each address once."""
    url = site.serve("/news", html(sample("listing.html").decode()))
    settings = listing.Settings(url=url, item="li.item", link="h3 a", date="time, .when")

    harvest = await listing.Spider(source="agency", settings=settings, places=PLACES).visit(fetch, {}, NOW)

    actual = as_json(harvest, site.url(""))
    assert saved("listing", actual) == actual
    assert [link.kind for link in harvest.links] == [LinkKind.PAGE, LinkKind.LETTER]


@pytest.mark.parametrize(("item", "link"), [("div.gone", "a"), ("li.item", "b a")])
async def test_a_listing_whose_selector_matches_nothing_fails(site: Site, fetch: Fetcher, item: str, link: str) -> None:
    """A rebuilt page must not look like a quiet day."""
    url = site.serve("/news", html(sample("listing.html").decode()))
    spider = listing.Spider(source="a", settings=listing.Settings(url=url, item=item, link=link), places=())

    with pytest.raises(Unreadable, match="matched nothing"):
        await spider.visit(fetch, {}, NOW)


async def test_a_listing_may_be_of_bare_links(site: Site, fetch: Fetcher) -> None:
    """An item that is the link itself needs no link selector; an unchanged page is not read again."""
    url = site.serve("/news", html("<a class='n' href='/one'>One</a><a class='n' href='/two'>Two</a>"))
    spider = listing.Spider(source="a", settings=listing.Settings(url=url, item="a.n", title="a"), places=())

    first = await spider.visit(fetch, {}, NOW)
    second = await spider.visit(fetch, {r.url: r for r in first.remembered}, NOW)

    assert [site.url("/one"), site.url("/two")] == [link.url for link in first.links]
    assert (second.unchanged, second.links) == (1, ())


async def test_page_golden(site: Site, fetch: Fetcher) -> None:
    """A watched page is one document, with the letters of its content, not of its menus."""
    url = site.serve("/terms", html(sample("page.html").decode()))

    harvest = await page.Spider(source="t", settings=page.Settings(url=url), places=PLACES).visit(fetch, {}, NOW)

    actual = as_json(harvest, site.url(""))
    assert saved("page", actual) == actual


async def test_page_reads_only_what_is_selected(site: Site, fetch: Fetcher) -> None:
    """A selector narrows the text; one that matches nothing fails the visit."""
    url = site.serve("/terms", html(sample("page.html").decode()))

    def spider(selector: str) -> page.Spider:
        return page.Spider(source="t", settings=page.Settings(url=url, selector=selector), places=())

    harvest = await spider(".body p:first-child").visit(fetch, {}, NOW)

    assert harvest.documents[0].text.startswith("A recipient must certify")
    assert "due within" not in harvest.documents[0].text
    with pytest.raises(Unreadable, match="matched nothing"):
        await spider("#gone").visit(fetch, {}, NOW)


async def test_page_that_answers_not_found_with_200_is_gone(site: Site, fetch: Fetcher) -> None:
    """A list that was taken down answers 200 with another title; an unchanged page is not read again."""
    url = site.serve("/list", html("<title>Page Not Found | Invented Agency</title><p>Sorry.</p>"))
    spider = page.Spider(source="t", settings=page.Settings(url=url), places=())

    with pytest.raises(Unreachable, match="gone") as raised:
        await spider.visit(fetch, {}, NOW)
    assert raised.value.status == 404

    site.serve("/list", html("<title>List</title><p>Here.</p>"))
    first = await spider.visit(fetch, {}, NOW)
    second = await spider.visit(fetch, {r.url: r for r in first.remembered}, NOW)
    assert (second.unchanged, second.documents) == (1, ())


@pytest.mark.parametrize(
    ("settings", "values"),
    [
        (feed.Settings, {"url": "ftp://example.org/feed"}),
        (feed.Settings, {"url": "https://user:pw@example.org/feed"}),
        (feed.Settings, {"url": "https://example.org/feed", "selektor": "x"}),
        (listing.Settings, {"url": "https://example.org/", "item": "li["}),
        (doj_api.Settings, {"url": "https://example.org/", "pagesize": 100}),
    ],
)
def test_a_wrong_stanza_is_refused(settings: type, values: dict[str, object]) -> None:
    """A mistake is found when the configuration is read, not when the source is due."""
    with pytest.raises(ValidationError):
        settings(**values)


async def test_a_304_keeps_the_validators_it_leaves_out(site: Site, fetch: Fetcher) -> None:
    """A 304 may name one validator or none; those that it leaves out still hold."""
    url = site.serve("/feed", Reply(status=304, headers=(("ETag", '"new"'),)))
    memory = {url: Remembered(url=url, etag='"old"', last_modified="x", body_digest="d")}

    harvest = await feed_spider(url).visit(fetch, memory, datetime.now(UTC))

    assert (Remembered(url=url, etag='"new"', last_modified="x", body_digest="d"),) == harvest.remembered
