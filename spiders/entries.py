"""The entries of RSS and Atom feeds, as items. Pure, but seconds long on a hostile feed.

Two readers give the same entries: a fast one for the many plain feeds, and feedparser for all that one is not sure of.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from facts.document import Headers
from facts.errors import Unreadable
from facts.identity import make_id
from facts.visit import Shape
from spiders.answers import header
from spiders.dates import parse_date, zone_of
from spiders.feed_entry import FeedEntry, from_feedparser
from spiders.feed_layout import layout_of
from spiders.flaws import mend
from spiders.fragment import Fragment
from spiders.html import Anchor, clean_line, decode
from spiders.items import Item, shape_of, usable_guid
from spiders.urls import canonical, is_letter, is_news

#: The libraries, which the program itself need not hold, for the process that reads (`spiders.sandbox`).
IMPORTED_BEFORE_READING = ("spiders.quick_feed", "feedparser")
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
    shape: Shape

    @property
    def listed(self) -> tuple[str, ...]:
        """The addresses of the entries, in their order."""
        return tuple(entry.url for entry in self.entries)


def read_feed(body: bytes, headers: Headers, url: str, now: datetime) -> FeedRead:
    """Read a feed, a damaged one as far as it goes.

    Raises:
        Unreadable: it is no feed.
    """
    whole, warnings = mend(body, headers)
    read = _quickly(whole, headers)
    if read is None:
        read = _patiently(whole, headers, url)
    if read is None:
        raise Unreadable(_no_feed(body, headers), url=url)
    return _feed(read, whole, warnings, url, now)


def _quickly(whole: bytes, headers: Headers) -> list[FeedEntry] | None:
    from spiders.quick_feed import quick_entries  # noqa: PLC0415 (see IMPORTED_BEFORE_READING)

    return quick_entries(whole, headers, _MAX_ENTRIES)


def _patiently(whole: bytes, headers: Headers, url: str) -> list[FeedEntry] | None:
    """Return the entries as feedparser reads them, None when it finds no feed."""
    import feedparser  # noqa: PLC0415 (see IMPORTED_BEFORE_READING)

    # A stream, because feedparser takes a string for an address or a file name first.
    content_type = {"content-type": header(headers, "content-type") or "application/xml"}
    try:
        feed = feedparser.parse(
            io.BytesIO(whole), response_headers=content_type, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # what trips the library is the feed's trouble, and none of the other sources'
        msg = f"the feed cannot be parsed: {type(error).__name__} in feedparser"
        raise Unreadable(msg, url=url) from error
    entries = feed.get("entries", [])
    # `bozo` is no test: a tidy error page is not bozo, and most usable feeds with a flaw are (docs/sources.md).
    if not feed.get("version") and not entries:
        return None
    return [from_feedparser(entry) for entry in entries[:_MAX_ENTRIES]]


def _feed(read: Sequence[FeedEntry], whole: bytes, warnings: tuple[str, ...], url: str, now: datetime) -> FeedRead:
    own, zone = canonical(url), zone_of(url)
    items = [item for entry in read if (item := _item(entry, url, own, zone)) is not None]
    entries = _without_template_dates(_apart(items), now)
    return FeedRead(
        entries=entries,
        warnings=warnings if entries else (*warnings, NO_ENTRIES),
        shape=shape_of(entries, now, layout_of(whole)),
    )


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


def _item(entry: FeedEntry, feed_url: str, own: str | None, zone: tzinfo) -> Item | None:
    title = clean_line(entry.title)
    page = (canonical(entry.link, feed_url) if entry.link else None) or canonical(entry.guid)
    # "#" and "//" lead back to the feed itself.
    page = None if page == own else page
    fragment = Fragment(entry.markup)
    text = fragment.text
    # The last entry of a truncated feed has neither.
    if (page is None and not title and not text) or (page is not None and not is_news(page)):
        return None
    return Item(
        url=page or f"{feed_url}#{make_id('entry', entry.guid or title, '' if entry.guid else text)}",
        has_page=page is not None,
        title=title,
        text=text,
        published_at=next((date for claim in entry.dates if (date := parse_date(claim, zone))), None),
        letters=_letters(entry, fragment, page or feed_url),
        guid=usable_guid(entry.guid),
    )


def _letters(entry: FeedEntry, fragment: Fragment, base: str) -> tuple[Anchor, ...]:
    enclosed = [canonical(address, base) for address in entry.enclosures]
    found = {url: Anchor(url=url, text="") for url in enclosed if url is not None and is_letter(url)}
    found.update({letter.url: letter for letter in fragment.letters(base)})
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
