"""Each kind of source, over its saved samples, through the real fetcher."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

import spiders
from facts.errors import Unreachable, Unreadable
from facts.places import Place, PlaceKind
from facts.visit import LinkKind, Remembered
from spiders import doj_api, feed, listing, page
from spiders.fetcher import Fetcher
from spiders.fetching import Spider
from tests.rig.site import Reply, Site, html
from tests.spiders.conftest import NOW
from tests.spiders.golden import SAMPLES, as_json, sample, saved
from tests.spiders.test_pdf import letter

#: What parses, by the names under which it is imported.
LIBRARIES = {"HTMLTree", "extract_plain_text", "Selector", "etree", "feedparser", "pypdfium2"}
PLACES = (Place(name="Juniper Flats", state="NM", kind=PlaceKind.CITY, id="geonames:1"),)
KINDS = [
    name
    for _, name, _ in pkgutil.iter_modules(spiders.__path__)
    if {"Spider", "Settings"} <= set(dir(importlib.import_module(f"spiders.{name}")))
]


def xml(body: bytes, **values: object) -> Reply:
    return Reply(headers=(("Content-Type", "application/rss+xml"),), body=body, **values)  # type: ignore[arg-type]


def feed_spider(url: str, *, follow: bool = False) -> feed.Spider:
    return feed.Spider(source="ledger", settings=feed.Settings(url=url, follow=follow), places=PLACES)


def test_the_known_kinds_are_found() -> None:
    """A kind is a module with Settings and Spider."""
    shipped = {"doj_api", "feed", "federal_register", "govdelivery", "grants_gov", "listing", "page", "sitemap"}
    assert shipped <= set(KINDS)


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


@pytest.mark.parametrize("kind", ["page", "listing", "feed"])
async def test_nothing_is_parsed_in_the_program_itself(
    site: Site, fetch: Fetcher, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Its child processes have the libraries; what crashes one of these ends no service."""
    url = site.serve("/news", html("<!doctype html><p class='n'><a href='/one'>One</a></p>"))
    rss = site.serve("/rss", xml(b"<rss version='2.0'><channel><item><title>One</title></item></channel></rss>"))
    for module in [module for name, module in sys.modules.items() if name.startswith("spiders.")]:
        for library in LIBRARIES & set(dir(module)):
            monkeypatch.setattr(module, library, None)
    spiders: dict[str, Spider] = {
        "page": page.Spider(source="a", settings=page.Settings(url=url, selector="p"), places=()),
        "listing": listing.Spider(source="a", settings=listing.Settings(url=url, item="p.n"), places=()),
        "feed": feed_spider(rss),
    }
    harvest = await spiders[kind].visit(fetch, {}, NOW)

    texts = [document.title or document.text for document in harvest.documents]
    assert [*texts, *(link.title for link in harvest.links)] == ["One"]


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


async def test_a_listing_and_a_page_say_what_they_look_like(site: Site, fetch: Fetcher) -> None:
    """Entries, dates, titles and the layout, which stays when another entry comes; nothing when nothing was read."""
    row = "<div class='row'><a href='/{0}'>Story {0}</a> <time datetime='2026-08-0{0}'>x</time></div>"
    frame = "<main><div class='view'>{}</div></main>"
    url = site.serve("/news", html(frame.format(row.format(1))))
    spider = listing.Spider(source="a", settings=listing.Settings(url=url, item=".row", date="time"), places=())

    first = await spider.visit(fetch, {}, NOW)
    again = await spider.visit(fetch, {r.url: r for r in first.remembered}, NOW)
    site.serve("/news", html(frame.format(row.format(2) + row.format(1))))
    second = await spider.visit(fetch, {}, NOW)
    watched = await page.Spider(source="a", settings=page.Settings(url=url), places=()).visit(fetch, {}, NOW)

    assert first.shape is not None
    assert second.shape is not None
    assert watched.shape is not None
    assert (second.shape.items, second.shape.dated, second.shape.titled) == (2, 2, 2)
    assert second.listed == (site.url("/2"), site.url("/1"))
    assert first.shape.layout == second.shape.layout == watched.shape.layout is not None
    assert (again.shape, again.listed) == (None, ())


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


async def test_page_that_is_a_pdf_is_read_as_one(site: Site, fetch: Fetcher) -> None:
    """Grant terms often are; a new edition is a new text, and a scan says what it is."""

    def spider(**settings: str) -> page.Spider:
        return page.Spider(source="t", settings=page.Settings(url=url, **settings), places=PLACES)

    url = site.serve("/terms.pdf", Reply(body=letter("The award is conditional on the terms.", title="Terms 2026")))
    first = await spider().visit(fetch, {}, NOW)
    again = await spider().visit(fetch, {r.url: r for r in first.remembered}, NOW)
    with pytest.raises(Unreadable, match="leave the key selector out"):
        await spider(selector="p").visit(fetch, {}, NOW)
    site.serve("/terms.pdf", Reply(body=letter("", "")))
    scanned = await spider().visit(fetch, {}, NOW)
    site.serve("/terms.pdf", Reply(headers=(("Content-Type", "image/png"),), body=b"\x89PNG\r\n\x1a\n\x00\x00"))
    with pytest.raises(Unreadable, match="found image/png"):
        await spider().visit(fetch, {}, NOW)

    (document,) = first.documents
    assert (document.url, document.title, document.places) == (url, "Terms 2026", PLACES)
    assert document.text == "The award is conditional on the terms."
    assert (again.unchanged, again.documents) == (1, ())
    assert (scanned.documents[0].scanned, first.documents[0].scanned) == (True, False)
    assert "no text could be read" in scanned.warnings[0]


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
