"""What serves a site, told by an address or by the marks in its pages, and where such a system keeps its feeds. Pure.

The patterns are those of docs/sources.md. A platform says where to look and what to expect; it proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from urllib.parse import urljoin, urlsplit

#: Characters of a page that are looked at: its head, and where most systems leave their marks.
_LOOKED_AT = 200_000


class Platform(StrEnum):
    """A publishing system."""

    WORDPRESS = "wordpress"
    ARC = "arc"
    BLOX = "blox"
    GANNETT = "gannett"
    MCCLATCHY = "mcclatchy"
    CIVICPLUS = "civicplus"
    GRANICUS = "granicus"
    OPENCITIES = "opencities"
    PLONE = "plone"
    DRUPAL = "drupal"
    REVIZE = "revize"
    GOVDELIVERY = "govdelivery"
    OTHER = "other"


#: By host and address, most telling first.
_ADDRESSES: tuple[tuple[Platform, re.Pattern[str]], ...] = tuple(
    (platform, re.compile(pattern, re.IGNORECASE))
    for platform, pattern in (
        (Platform.GOVDELIVERY, r"^[a-z0-9.-]*govdelivery\.com(?::\d+)?/"),
        (Platform.ARC, r"/arc/outboundfeeds/|/arcio/rss"),
        (Platform.GANNETT, r"^rssfeeds\.[a-z0-9.-]+/"),
        (Platform.MCCLATCHY, r"[?&]widgetname=rssfeed\b"),
        (Platform.BLOX, r"/search/?\?(?:.*&)?f=(?:rss|atom)\b"),
        (Platform.CIVICPLUS, r"/rssfeed\.aspx\b|/civicalerts\.aspx\b|/documentcenter/view/\d"),
        (Platform.GRANICUS, r"/home/components/(?:news|calendar)/"),
        (Platform.OPENCITIES, r"/files/assets/public/v/\d+/"),
        # In capitals: a `/rss` in small letters is anybody's.
        (Platform.PLONE, r"/@@images/|(?-i:/RSS)/?$"),
        (Platform.DRUPAL, r"/sites/default/files/|/node/\d+$"),
        (Platform.WORDPRESS, r"/wp-(?:content|json|includes)/|/feed/(?:\?.*)?$"),
    )
)

#: By what stands in a page. The generator a site names comes first, as it names itself.
_MARKS: tuple[tuple[Platform, re.Pattern[str]], ...] = tuple(
    (platform, re.compile(pattern, re.IGNORECASE))
    for platform, pattern in (
        (Platform.WORDPRESS, r"<meta[^>]{0,80}generator[^>]{0,80}wordpress"),
        (Platform.PLONE, r"<meta[^>]{0,80}generator[^>]{0,80}plone"),
        (Platform.DRUPAL, r"<meta[^>]{0,80}generator[^>]{0,80}drupal"),
        (Platform.ARC, r"/pf/dist/|/pf/resources/|fusion\.globalcontent|fusion\.arcsite"),
        (Platform.BLOX, r"bloximages\.|townnews\.com|tncms-"),
        (Platform.GANNETT, r"gannett-cdn\.com|gannettdigital\.com"),
        (Platform.MCCLATCHY, r"mcclatchyinteractive\.com|mcclatchydc\.com/static"),
        (Platform.CIVICPLUS, r"civicplus\.com|/civicalerts\.aspx|/rssfeed\.aspx"),
        (Platform.OPENCITIES, r"/files/assets/public/v/\d+/|opencities\.com|/files/sharedassets/"),
        (Platform.GRANICUS, r"/home/components/news/|govaccess\.|visioninternet"),
        (Platform.REVIZE, r"revize\.com|cms\d?\.revize"),
        (Platform.PLONE, r"/@@images/|portaltype-|\bplone-"),
        (Platform.WORDPRESS, r"/wp-content/|/wp-includes/|/wp-json/"),
        (Platform.DRUPAL, r"/sites/default/files/|data-drupal-|drupal-settings-json"),
    )
)


def platform_of(url: str) -> Platform:
    """Return the platform that the address alone tells, `OTHER` when it tells none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return Platform.OTHER
    address = f"{parts.netloc}{parts.path}{'?' if parts.query else ''}{parts.query}"
    return next((platform for platform, mark in _ADDRESSES if mark.search(address)), Platform.OTHER)


def platform_of_page(url: str, markup: str) -> Platform:
    """Return the platform that a page shows, or else its address."""
    head = markup[:_LOOKED_AT]
    return next((platform for platform, mark in _MARKS if mark.search(head)), platform_of(url))


def feeds_to_try(platform: Platform, url: str) -> tuple[str, ...]:
    """Return where a site of this platform may keep the feed of a page, most likely first; at most three."""
    places = _FEEDS.get(platform, _unknown)
    return tuple(dict.fromkeys(urljoin(url, path) for path in places(urlsplit(url).path)))[:3]


def quirk_of(platform: Platform) -> str:
    """Return what to expect of this platform's feeds, one line; empty when nothing is odd."""
    return _QUIRKS.get(platform, "")


_QUIRKS = {
    Platform.ARC: "a move to another system ends feeds of this form",
    Platform.BLOX: "sorted by publication, so an edit does not come up again; l= says how many entries it has",
    Platform.GANNETT: "most feeds of this form are dead",
    Platform.CIVICPLUS: "no entries is normal; some hold the present month only",
    Platform.OPENCITIES: "addresses of files change with each edit (/v/2/)",
    Platform.GOVDELIVERY: "robots.txt of this host refused bots that said what they are",
}


def _folder(path: str) -> str:
    """Return the path as that of a folder: a page's own name is left out."""
    last = path.rstrip("/").rpartition("/")[2]
    return f"{path.rstrip('/')}/" if "." not in last else path.rpartition("/")[0] + "/"


def _wordpress(path: str) -> Iterator[str]:
    yield f"{_folder(path)}feed/"
    yield "/feed/"


def _arc(path: str) -> Iterator[str]:
    if path.strip("/"):
        yield f"/arc/outboundfeeds/rss/category{_folder(path)}?outputType=xml"
    yield "/arc/outboundfeeds/rss/?outputType=xml"


def _blox(path: str) -> Iterator[str]:
    section = path.strip("/")
    yield f"/search/?f=rss&t=article&c={section}&l=50&s=start_time&sd=desc" if section else ""
    yield "/search/?f=rss&t=article&l=50&s=start_time&sd=desc"


def _civicplus(_: str) -> Iterator[str]:
    yield "/RSSFeed.aspx?ModID=1&CID=All-newsflash.xml"


def _plone(path: str) -> Iterator[str]:
    yield f"{_folder(path)}RSS"


def _drupal(path: str) -> Iterator[str]:
    yield f"{path.rstrip('/')}/feed" if path.strip("/") else "/rss.xml"
    yield f"{path.rstrip('/')}/rss.xml" if path.strip("/") else "/feed"
    yield "/rss.xml"


def _none(_: str) -> Iterator[str]:
    yield from ()


def _unknown(path: str) -> Iterator[str]:
    yield f"{_folder(path)}feed/"
    yield "/rss.xml"


_FEEDS: dict[Platform, Callable[[str], Iterator[str]]] = {
    Platform.WORDPRESS: _wordpress,
    Platform.ARC: _arc,
    Platform.BLOX: _blox,
    Platform.CIVICPLUS: _civicplus,
    Platform.PLONE: _plone,
    Platform.DRUPAL: _drupal,
    Platform.REVIZE: _none,
    Platform.OPENCITIES: _none,
    Platform.GRANICUS: _none,
    Platform.GOVDELIVERY: _none,
    Platform.GANNETT: _none,
    Platform.MCCLATCHY: _none,
}
