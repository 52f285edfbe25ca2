"""The entries of RSS and Atom feeds, read by feedparser. Pure, but seconds long on a hostile feed."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

import feedparser

from facts.document import Headers
from facts.errors import Unreadable
from facts.identity import make_id
from spiders.answers import header
from spiders.dates import parse_date, zone_of
from spiders.flaws import mend
from spiders.html import Anchor, clean_line, decode, fragment_links, text_of
from spiders.items import Item
from spiders.urls import canonical, is_letter, is_news

#: Entries read of one feed; the longest seen in the wild have some hundreds.
_MAX_ENTRIES = 1000
#: A date shared by this many entries and this old is part of a template (one agency gave 2020-09-30 for all of them).
_TEMPLATE_ENTRIES = 3
_TEMPLATE_AGE = timedelta(days=30)
#: Bytes looked at, and characters shown, to say what stands in the place of a feed.
_HEAD = 4096
_SHOWN = 60
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{1,300})</title", re.IGNORECASE)
#: Said of a feed that is sound and empty: normal on the first day of a month, and also how a feed dies.
NO_ENTRIES = "the feed is valid and has no entries"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRead:
    """What was read out of one feed."""

    #: In their order, each address once; none for a valid feed without entries.
    entries: tuple[Item, ...]
    #: What is broken in it, one line each for the operator.
    warnings: tuple[str, ...]


def read_feed(body: bytes, headers: Headers, url: str, now: datetime) -> FeedRead:
    """Read a feed, a damaged one as far as it goes.

    Raises:
        Unreadable: it is no feed.
    """
    whole, warnings = mend(body, headers)
    # A stream, because feedparser takes a string for an address or a file name first.
    content_type = {"content-type": header(headers, "content-type") or "application/xml"}
    try:
        feed = feedparser.parse(
            io.BytesIO(whole), response_headers=content_type, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # what trips the library is the feed's trouble, and none of the other sources'
        msg = f"the feed cannot be parsed: {type(error).__name__} in feedparser"
        raise Unreadable(msg, url=url) from error
    # `bozo` is no test: a tidy error page is not bozo, and most usable feeds with a flaw are (docs/sources.md).
    if not feed.get("version") and not feed.get("entries"):
        raise Unreadable(_no_feed(body, headers), url=url)
    zone = zone_of(url)
    read = [_entry(entry, url, zone) for entry in feed.get("entries", [])[:_MAX_ENTRIES]]
    entries = _without_template_dates(_apart([entry for entry in read if entry is not None]), now)
    return FeedRead(entries=entries, warnings=warnings if entries else (*warnings, NO_ENTRIES))


def _no_feed(body: bytes, headers: Headers) -> str:
    return f"expected a feed (RSS or Atom), found {_kind(body, headers)}; has the feed moved?"


def _kind(body: bytes, headers: Headers) -> str:
    start = body[:_HEAD].lstrip()
    if not start:
        return "an empty body"
    if start[:1] in (b"{", b"["):
        return "JSON"
    text = decode(start, headers)
    if b"<html" not in start.lower() and not start.lower().startswith(b"<!doctype html"):
        return f"something else, which begins {clean_line(text)[:_SHOWN]!r}"
    title = _TITLE.search(text)
    return f"an HTML page titled {clean_line(title[1])[:_SHOWN]!r}" if title else "an HTML page"


def _entry(entry: Mapping[str, Any], feed_url: str, zone: tzinfo) -> Item | None:
    title = clean_line(str(entry.get("title") or ""))
    link = canonical(str(entry.get("link") or ""), feed_url) if entry.get("link") else None
    guid = str(entry.get("id") or "")
    page = link or canonical(guid)
    # "#" and "//" lead back to the feed itself.
    page = None if page == canonical(feed_url) else page
    markup = _markup(entry)
    text = text_of(markup)
    # The last entry of a truncated feed has neither.
    if (page is None and not title and not text) or (page is not None and not is_news(page)):
        return None
    own = f"{feed_url}#{make_id('entry', guid or title, '' if guid else text)}"
    return Item(
        url=page or own,
        has_page=page is not None,
        title=title,
        text=text,
        published_at=_published_at(entry, zone),
        letters=_letters(entry, markup, page or feed_url),
    )


def _markup(entry: Mapping[str, Any]) -> str:
    contents = [str(content.get("value") or "") for content in entry.get("content") or ()]
    return next((content for content in contents if content.strip()), str(entry.get("summary") or ""))


def _published_at(entry: Mapping[str, Any], zone: tzinfo) -> datetime | None:
    # The strings, not feedparser's reading of them: it makes the year 1785 of an epoch.
    # A plain dict, because its own makes up an "updated" where there is none, with a warning.
    stated = dict(entry.items())
    claims = (stated.get(name) for name in ("published", "updated", "created"))
    return next((date for claim in claims if claim and (date := parse_date(str(claim), zone))), None)


def _letters(entry: Mapping[str, Any], markup: str, base: str) -> tuple[Anchor, ...]:
    enclosed = [canonical(str(item.get("href") or ""), base) for item in entry.get("enclosures") or ()]
    found = {url: Anchor(url=url, text="") for url in enclosed if url is not None and is_letter(url)}
    if "<a" in markup:
        found.update({link.url: link for link in fragment_links(markup, base) if is_letter(link.url)})
    return tuple(found.values())


def _apart(entries: Sequence[Item]) -> tuple[Item, ...]:
    """Keep each address once; where one stands for different entries, such as the front page, part them by title."""
    distinct: dict[tuple[str, str], Item] = {}
    for entry in entries:
        distinct.setdefault((entry.url, entry.title), entry)
    shared = Counter(url for url, _ in distinct)
    return tuple(entry if shared[entry.url] == 1 else _named_by_title(entry) for entry in distinct.values())


def _named_by_title(entry: Item) -> Item:
    return replace(entry, url=f"{entry.url}#{make_id('entry', entry.title)}", has_page=False)


def _without_template_dates(entries: tuple[Item, ...], now: datetime) -> tuple[Item, ...]:
    dates = {entry.published_at for entry in entries}
    date = next(iter(dates), None)
    if len(entries) < _TEMPLATE_ENTRIES or len(dates) != 1 or date is None or now - date < _TEMPLATE_AGE:
        return entries
    return tuple(replace(entry, published_at=None) for entry in entries)
