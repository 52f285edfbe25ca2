"""What an answer is: a feed, a sitemap, an API, a page that lists news, a PDF; and what is odd in it. Pure."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from resiliparse.parse.html import HTMLTree

from facts.document import Headers
from spiders.answers import media_type
from spiders.dates import parse_date, zone_of
from spiders.feed_looks import about_dates, feed_seen, newest_of, shown
from spiders.html import decode, text_of
from spiders.layouts import guess_listing
from spiders.pdf import is_pdf
from spiders.platforms import Platform, platform_of, platform_of_page
from spiders.seen import Seen, Sort
from spiders.tree import select
from spiders.urls import canonical

#: Bytes looked at to tell what stands there, and bytes of a compressed sitemap that are inflated.
_HEAD = 4096
_MAX_INFLATED = 8 * 1024 * 1024
#: Characters that a page without scripts shows at the least.
_FEW = 200
#: The note on a page that shows hardly anything before its scripts have run.
BY_SCRIPTS = "it shows hardly any text and has scripts: browser = true reads it as a browser shows it"

_ROOT = re.compile(rb"<(?:[\w-]+:)?(rss|feed|rdf|urlset|sitemapindex|html)[\s>]", re.IGNORECASE)
_FEEDS = frozenset({b"rss", b"feed", b"rdf"})
_SITEMAPS = frozenset({b"urlset", b"sitemapindex"})
_LOCATION = re.compile(rb"<(?:[\w-]+:)?loc[\s>]", re.IGNORECASE)
_STAMP = re.compile(rb"<(?:[\w-]+:)?(?:lastmod|publication_date)\s*>\s*([^<]{4,40}?)\s*</", re.IGNORECASE)
_NEWS_SITEMAP = re.compile(rb"schemas/sitemap-news|<news:news", re.IGNORECASE)
_COMMENTS = re.compile(r"\bcomments?\b", re.IGNORECASE)


def recognise(body: bytes, headers: Headers, url: str, now: datetime) -> Seen:
    """Return what an answer from `url` is."""
    body = _inflated(body)
    head = body[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    platform = platform_of(url)
    if not head:
        return Seen(sort=Sort.NOTHING, platform=platform, notes=("the body is empty",))
    if is_pdf(body):
        note = "a source that links it reads it; kind page watches it for changes, classify judges it once"
        return Seen(sort=Sort.PDF, platform=platform, notes=(note,))
    if head[:1] in {b"{", b"["}:
        return _json(body, url, now, platform)
    return _markup(body, headers, url, now)


def _markup(body: bytes, headers: Headers, url: str, now: datetime) -> Seen:
    head = body[:_HEAD]
    root = _ROOT.search(head)
    name = root[1].lower() if root else b""
    if name in _FEEDS:
        return feed_seen(body, headers, url, now)
    if name in _SITEMAPS:
        return _sitemap(body, now, platform_of(url))
    if name == b"html" or _is_html(head, headers):
        return _page(body, headers, url, now)
    return Seen(sort=Sort.OTHER, platform=platform_of(url), notes=(f"it begins {shown(decode(head, headers))!r}",))


def _inflated(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return zlib.decompressobj(wbits=31).decompress(body, _MAX_INFLATED)
    except zlib.error:
        return body


def _is_html(head: bytes, headers: Headers) -> bool:
    return b"html" in media_type(headers).encode() or b"<!doctype html" in head.lower()


# APIs and sitemaps.


def _json(body: bytes, url: str, now: datetime, platform: Platform) -> Seen:
    try:
        tree = json.loads(body)
    except (ValueError, RecursionError):
        return Seen(sort=Sort.OTHER, platform=platform, notes=("it begins like JSON and is none",))
    table = tree if isinstance(tree, dict) else {}
    if str(table.get("version", "")).startswith("https://jsonfeed.org/version/"):
        rows, sort = _rows(table, "items"), Sort.JSON_FEED
    elif isinstance(table.get("metadata"), dict) and "resultset" in table["metadata"]:
        rows, sort = _rows(table, "results"), Sort.DOJ_API
    elif any("document_number" in row for row in _rows(table, "results")):
        rows, sort = _rows(table, "results"), Sort.FEDERAL_REGISTER
    else:
        return Seen(sort=Sort.JSON, platform=platform, notes=("no kind of source reads this JSON",))
    keys = ("date_published", "created", "date", "filed_at", "publication_date")
    claims = [next((str(row[key]) for key in keys if row.get(key)), "") for row in rows]
    dates = [parse_date(claim, zone_of(url)) for claim in claims]
    seen = Seen(sort=sort, platform=platform, items=len(rows), newest=newest_of(dates, now))
    if sort is Sort.JSON_FEED:
        return replace(seen, notes=("no kind of source reads JSON feeds; look for its RSS",))
    return replace(seen, notes=tuple(about_dates(claims, dates, now)))


def _rows(table: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = table.get(key)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def _sitemap(body: bytes, now: datetime, platform: Platform) -> Seen:
    stamps = [mark[1].decode("ascii", "replace") for mark in _STAMP.finditer(body)]
    dates = [parse_date(stamp) for stamp in stamps]
    items = len(_LOCATION.findall(body))
    notes = [] if items else ["valid and empty"]
    if items and not stamps:
        notes.append("its addresses have no dates")
    news = _NEWS_SITEMAP.search(body) is not None
    return Seen(
        sort=Sort.NEWS_SITEMAP if news else Sort.SITEMAP,
        platform=platform,
        items=items,
        newest=newest_of(dates, now),
        notes=tuple(notes),
    )


# Pages.


def _page(body: bytes, headers: Headers, url: str, now: datetime) -> Seen:
    markup = decode(body, headers)
    tree = HTMLTree.parse(markup)
    listing = guess_listing(markup, url, now)
    notes = []
    shows_little = len(text_of(markup)) < _FEW
    scripted = shows_little and bool(select(tree, "script"))
    if shows_little:
        notes.append(BY_SCRIPTS if scripted else "it shows hardly any text")
    return Seen(
        sort=Sort.LISTING if listing else Sort.PAGE,
        platform=platform_of_page(url, markup),
        items=listing.items if listing else None,
        newest=listing.newest if listing else None,
        notes=tuple(notes),
        feeds=_named_feeds(tree, url),
        listing=listing,
        scripted=scripted,
    )


def _named_feeds(tree: HTMLTree, url: str) -> tuple[str, ...]:
    """Return the feeds that a page names in its head; those of comments last."""
    found: dict[str, bool] = {}
    for link in select(tree, "link[rel~=alternate][href]"):
        kind = (link.getattr("type", "") or "").lower()
        address = canonical(link.getattr("href", "") or "", url)
        if address is not None and ("rss" in kind or "atom" in kind):
            told = f"{link.getattr('title', '') or ''} {address}"
            found.setdefault(address, _COMMENTS.search(told) is not None)
    return tuple(sorted(found, key=lambda address: found[address]))
