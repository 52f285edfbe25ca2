"""Sitemaps read: plain ones, those for news, their indexes, gzipped or not, and a robots.txt that names some. Pure.

Formats: sitemaps.org, protocol 0.9, and Google's news extension. The XML is hostile: no entity is resolved, no DTD
loaded, and one entry is held at a time.
"""

from __future__ import annotations

import io
import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from urllib.parse import urlsplit

from lxml import etree

from facts.document import Headers
from facts.errors import Unreadable
from spiders.dates import parse_date
from spiders.fetching import BodyCap
from spiders.html import clean_line, decode
from spiders.inflate import BadEncoding, Body, TooLarge
from spiders.urls import canonical, host

#: Bytes of a sitemap, as served and inflated; the protocol permits 50 MB, which no newsroom needs.
CAP = BodyCap.PAGE
#: Entries read of one sitemap, the most that the protocol permits.
_MAX_ENTRIES = 50_000
#: A day that so many entries share and no other has is that of the build: it says nothing of them.
_TEMPLATE_ENTRIES = 20
_GZIP = b"\x1f\x8b"
_ROBOTS_LINE = re.compile(rb"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
#: 2026/08/05, 2026-08, 202608: a year, a month and perhaps a day between what is no digit.
_PERIOD = re.compile(r"(?<!\d)(20\d\d)([/_-]?)(0[1-9]|1[0-2])(?:\2(0[1-9]|[12]\d|3[01]))?(?!\d)")
#: A year alone is one in the name of a sitemap; in a headline's address it may be a plan's or a budget's.
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_YEAR_FOLDER = re.compile(r"/(20\d\d)(?=/)")
#: `?yyyy=2026&mm=08&dd=05`, as a common plugin of WordPress names its days.
_QUERY_PARTS = re.compile(r"&(?:mm|dd)=")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days that something is of, both included."""

    first: date
    last: date

    def meets(self, since: date, until: date) -> bool:
        """Return whether any of its days lies between two others, both included."""
        return self.first <= until and self.last >= since


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One page that a sitemap names, or one sitemap that an index names."""

    url: str
    #: "" in a plain sitemap.
    title: str
    #: As a news sitemap claims it. The time of the last change is no claim of it.
    published_at: datetime | None
    #: The day of publication, else of the last change, else what the address says; None when nothing does.
    span: Span | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapRead:
    """What was read out of one sitemap."""

    entries: tuple[Entry, ...] = ()
    #: Those of an index.
    children: tuple[Entry, ...] = ()
    warnings: tuple[str, ...] = ()


def read_sitemap(body: bytes, headers: Headers, url: str, zone: tzinfo) -> SitemapRead:
    """Read a sitemap that was served at `url`; what leads to another site is left out.

    Raises:
        Unreadable: it is no sitemap, or too long.
    """
    plain = _inflated(body, url) if body.startswith(_GZIP) else body
    if urlsplit(url).path == "/robots.txt":
        return _named_by_robots(plain, url)
    kind, found = _elements(plain, headers, url)
    entries = [entry for element in found[:_MAX_ENTRIES] if (entry := _entry(element, url, zone)) is not None]
    own = tuple(entry for entry in entries if is_within(entry.url, url))
    foreign = len(entries) - len(own)
    warnings = (
        *((f"{foreign} addresses of other sites are left out",) if foreign else ()),
        *((f"only the first {_MAX_ENTRIES} entries are read",) if len(found) > _MAX_ENTRIES else ()),
    )
    if kind == "sitemapindex":
        return SitemapRead(children=own, warnings=warnings)
    return SitemapRead(entries=_without_template_days(own), warnings=warnings)


def is_within(url: str, site: str) -> bool:
    """Return whether an address is on the host of another one, www or not, or on a part of it."""
    name, whole = host(url), host(site)
    return name == whole or name.endswith(f".{whole}")


def _named_by_robots(body: bytes, url: str) -> SitemapRead:
    named = (canonical(line.decode("utf-8", "replace"), url) for line in _ROBOTS_LINE.findall(body))
    children = tuple(_child(address) for address in named if address is not None and is_within(address, url))
    if not children:
        msg = "the robots.txt names no sitemap of its site"
        raise Unreadable(msg, url=url)
    return SitemapRead(children=children)


def _child(url: str) -> Entry:
    return Entry(url=url, title="", published_at=None, span=span_in(url, of_sitemap=True))


def _inflated(body: bytes, url: str) -> bytes:
    whole = Body("gzip", CAP.value)
    try:
        whole.feed(body)
        return whole.close()
    except TooLarge as error:
        msg = f"the sitemap is longer than {CAP.value // 1024 // 1024} MiB when inflated"
        raise Unreadable(msg, url=url) from error
    except BadEncoding as error:
        msg = "the sitemap is damaged: it begins as gzip and cannot be inflated"
        raise Unreadable(msg, url=url) from error


def _elements(body: bytes, headers: Headers, url: str) -> tuple[str, list[dict[str, str]]]:
    """Return the name of the root, and the fields of each entry."""
    found: list[dict[str, str]] = []
    root, wanted, depth = "", "", 0
    for event, element in _events(body):
        depth += 1 if event == "start" else -1
        if not root:
            root = _name(element)
            wanted = {"urlset": "url", "sitemapindex": "sitemap"}.get(root, "")
        if not wanted or len(found) > _MAX_ENTRIES:
            break
        if event == "end" and depth == 1:
            found += [dict(_fields(element))] if _name(element) == wanted else []
            _forget(element)
    if not wanted:
        raise Unreadable(_no_sitemap(root, body, headers), url=url)
    return root, found


def _events(body: bytes) -> Iterator[tuple[str, etree._Element]]:
    reader = etree.iterparse(
        io.BytesIO(body.lstrip()),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        yield from reader
    except etree.XMLSyntaxError:
        # What came before the damage stands.
        return


def _fields(element: etree._Element) -> Iterator[tuple[str, str]]:
    for part in element:
        name = _name(part)
        if name == "news":
            yield from ((f"news:{_name(inner)}", _text(inner)) for inner in part)
        else:
            yield name, _text(part)


def _name(element: etree._Element) -> str:
    """Return the name without its namespace, which sites misspell; an entity that was not resolved has none."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _text(element: etree._Element) -> str:
    """Return the text around what stands in it, such as an entity that was not resolved."""
    return (element.text or "") + "".join(inner.tail or "" for inner in element)


def _forget(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _no_sitemap(root: str, body: bytes, headers: Headers) -> str:
    if root in {"rss", "feed", "rdf"}:
        return 'expected a sitemap, found a feed: write spider = "feed"'
    shown = clean_line(decode(body[:300], headers))[:60]
    return f"expected a sitemap, found something else, which begins {shown!r}; has it moved?"


def _entry(fields: dict[str, str], base: str, zone: tzinfo) -> Entry | None:
    address = fields.get("loc", "").strip()
    url = canonical(address, base) if address else None
    if url is None:
        return None
    published_at = parse_date(fields.get("news:publication_date"), zone)
    day = published_at or parse_date(fields.get("lastmod"), zone)
    return Entry(
        url=url,
        title=clean_line(fields.get("news:title", "")),
        published_at=published_at,
        span=Span(first=day.date(), last=day.date()) if day is not None else span_in(url),
    )


def span_in(url: str, *, of_sitemap: bool = False) -> Span | None:
    """Return the day, month or year that an address names in its path or query: the last one named."""
    parts = urlsplit(url)
    words = _QUERY_PARTS.sub("-", f"{parts.path}?{parts.query}")
    found = list(_PERIOD.finditer(words))
    if found:
        year, month, day = int(found[-1][1]), int(found[-1][3]), int(found[-1][4] or 0)
        length = monthrange(year, month)[1]
        exact = 0 < day <= length
        return Span(first=date(year, month, day if exact else 1), last=date(year, month, day if exact else length))
    years = (_YEAR if of_sitemap else _YEAR_FOLDER).findall(words)
    return Span(first=date(int(years[-1]), 1, 1), last=date(int(years[-1]), 12, 31)) if years else None


def _without_template_days(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    days = {entry.span for entry in entries}
    if len(entries) < _TEMPLATE_ENTRIES or len(days) != 1 or any(entry.published_at for entry in entries):
        return entries
    return tuple(replace(entry, span=span_in(entry.url)) for entry in entries)
