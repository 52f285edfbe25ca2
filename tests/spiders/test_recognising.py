"""What stands at an address."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.platforms import Platform
from spiders.recognising import BY_SCRIPTS, recognise
from spiders.seen import Seen, Sort
from tests.spiders.test_feed_looks import entry, rss
from tests.spiders.test_layouts import SHAPES, page

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://www.city.example/news"
HTML = (("Content-Type", "text/html; charset=utf-8"),)
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
SITEMAP = (
    f"<?xml version='1.0'?><urlset {NAMESPACE}><url><loc>https://city.example/1</loc>"
    "<lastmod>2026-11-23</lastmod></url><url><loc>https://city.example/2</loc></url></urlset>"
).encode()
NEWS = (
    f'<urlset {NAMESPACE} xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url>'
    "<loc>https://city.example/1</loc><news:news><news:publication_date>2026-11-24T08:00:00Z"
    "</news:publication_date></news:news></url></urlset>"
).encode()
DOJ = {"metadata": {"resultset": {"count": "2"}}, "results": [{"date": "1795435200", "title": "x"}, {"title": "y"}]}
REGISTER = {"count": 1, "results": [{"document_number": "2026-1", "publication_date": "2026-11-20"}]}
JSON_FEED = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "date_published": "2026-11-20"}]}


def seen(body: bytes, headers: tuple[tuple[str, str], ...] = HTML) -> Seen:
    """Return what these bytes are."""
    return recognise(body, headers, URL, NOW)


@pytest.mark.parametrize(
    ("body", "sort", "items"),
    [
        (rss(entry(1), entry(2)), Sort.RSS, 2),
        (b"\xef\xbb\xbf\n<?xml version='1.0'?>\n" + rss(entry(1)), Sort.RSS, 1),
        (SITEMAP, Sort.SITEMAP, 2),
        (gzip.compress(SITEMAP, mtime=0), Sort.SITEMAP, 2),
        (NEWS, Sort.NEWS_SITEMAP, 1),
        (f"<sitemapindex {NAMESPACE}><sitemap><loc>x</loc></sitemap></sitemapindex>".encode(), Sort.SITEMAP, 1),
        (json.dumps(DOJ).encode(), Sort.DOJ_API, 2),
        (json.dumps(REGISTER).encode(), Sort.FEDERAL_REGISTER, 1),
        (json.dumps(JSON_FEED).encode(), Sort.JSON_FEED, 1),
        (b'{"a": 1}', Sort.JSON, None),
        (b'{"a": ', Sort.OTHER, None),
        (b"%PDF-1.7 ...", Sort.PDF, None),
        (page(SHAPES["drupal"]).encode(), Sort.LISTING, 6),
        (b"<!DOCTYPE html><html><body><p>Terms.</p></body></html>", Sort.PAGE, None),
        (b"  \n", Sort.NOTHING, None),
        (b"<opml version='2.0'/>", Sort.PAGE, None),
    ],
)
def test_it_is_told_by_what_it_holds(body: bytes, sort: Sort, items: int | None) -> None:
    """Not by its media type: everything is served as HTML here."""
    assert (seen(body).sort, seen(body).items) == (sort, items)


def test_what_is_neither_is_shown() -> None:
    """A person can tell from its beginning."""
    told = seen(b"name;date\nA letter;2017", (("Content-Type", "text/csv"),))

    assert (told.sort, told.notes) == (Sort.OTHER, ("it begins 'name;date A letter;2017'",))


def test_dates_of_apis_and_sitemaps_are_read() -> None:
    """The newest that does not lie ahead."""
    newest = {sort: seen(body).newest for sort, body in (("register", json.dumps(REGISTER).encode()), ("map", SITEMAP))}

    assert {name: moment.day for name, moment in newest.items() if moment} == {"register": 20, "map": 23}
    assert seen(f"<urlset {NAMESPACE}><url><loc>x</loc></url></urlset>".encode()).notes == (
        "its addresses have no dates",
    )
    assert seen(f"<urlset {NAMESPACE}></urlset>".encode()).notes == ("valid and empty",)


def test_a_page_names_its_feeds_and_that_of_comments_last() -> None:
    """WordPress names three of them."""
    links = (
        '<link rel="alternate" type="application/rss+xml" title="Comments Feed" href="/comments/feed/">'
        '<link rel="alternate" type="application/atom+xml" href="/atom">'
        '<link rel="alternate" type="application/json" href="/wp-json/1">'
        '<link rel="alternate" hreflang="es" href="/es">'
        '<link rel="alternate" type="application/rss+xml" href="javascript:1">'
    )

    assert seen(f"<html><head>{links}</head><body></body></html>".encode()).feeds == (
        "https://www.city.example/atom",
        "https://www.city.example/comments/feed/",
    )


def test_a_page_made_by_scripts_is_said() -> None:
    """Its words are not in it."""
    shell = b"<html><body><div id='app'></div><script src='/app.js'></script></body></html>"

    assert (seen(shell).scripted, seen(shell).notes) == (True, (BY_SCRIPTS,))
    assert seen(shell.replace(b"script", b"b")).notes == ("it shows hardly any text",)


def test_a_bomb_is_inflated_to_its_limit_alone() -> None:
    """And judged by what came out."""
    assert seen(gzip.compress(b"<html>" + b" " * 40_000_000)).sort is Sort.PAGE
    assert seen(b"\x1f\x8b\x08broken").sort is Sort.PAGE


def test_the_platform_is_told() -> None:
    """By page, or else by address."""
    assert seen(b"<html><body class='portaltype-folder'></body></html>").platform is Platform.PLONE


@settings(max_examples=80)
@given(st.sampled_from([b"", b"<rss>", b"{", b"<html>", b"<urlset>", b"\x1f\x8b", b"%PDF"]), st.binary(max_size=120))
def test_no_bytes_trip_it(head: bytes, tail: bytes) -> None:
    """Whatever is served."""
    assert isinstance(seen(head + tail).sort, Sort)
