"""What the CSS selectors of a stanza name: the entries of a listing, the watched part of a page. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from parsel import Selector

from facts.document import Headers
from facts.errors import Unreadable
from spiders.dates import parse_date, zone_of
from spiders.html import clean_line, decode, text_of
from spiders.urls import canonical

#: Links read of one listing.
_MAX_LINKS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """Where each entry of a listing is, and in it the link, the title and the date."""

    item: str
    link: str
    #: The link's own words when not given.
    title: str | None
    date: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One entry of a listing."""

    #: Its canonical address.
    url: str
    title: str
    summary: str
    published_at: datetime | None


def read_listing(body: bytes, headers: Headers, url: str, selectors: Selectors) -> tuple[Listed, ...]:
    """Return the entries of a listing that was served at `url`, each address once.

    Raises:
        Unreadable: a selector matches nothing.
    """
    items = _page(body, headers).css(selectors.item)
    if not items:
        raise Unreadable(_nothing("item", selectors.item), url=url)
    distinct: dict[str, Listed] = {}
    for item in items[:_MAX_LINKS]:
        entry = _listed(item, url, selectors)
        if entry is not None:
            distinct.setdefault(entry.url, entry)
    if not distinct:
        raise Unreadable(_nothing("link", selectors.link), url=url)
    return tuple(distinct.values())


def selected_text(body: bytes, headers: Headers, url: str, selector: str) -> str:
    """Return the text of what a selector matches on a page that was served at `url`.

    Raises:
        Unreadable: it matches nothing.
    """
    parts = _page(body, headers).css(selector).getall()
    if not parts:
        raise Unreadable(_nothing("", selector), url=url)
    return "\n\n".join(text_of(part) for part in parts)


def attribute(element: Selector, name: str) -> str:
    """Return an attribute of an element, "" when it has none of this name.

    `Selector.attrib` makes a dictionary of all of them, and falls over one with a control character in its name.
    """
    return str(element.root.get(name, ""))


def _page(body: bytes, headers: Headers) -> Selector:
    return Selector(text=decode(body, headers) or "<html></html>", type="html")


def _nothing(key: str, selector: str) -> str:
    named = f"{key} selector {selector!r}".lstrip()
    return f"{named} matched nothing: the page was rebuilt, or the selector is wrong"


def _listed(item: Selector, base: str, selectors: Selectors) -> Listed | None:
    anchors = item.css(selectors.link) or item.xpath("self::a[@href]")
    anchor = anchors[0] if anchors else None
    url = canonical(attribute(anchor, "href"), base) if anchor is not None else None
    if anchor is None or url is None:
        return None
    return Listed(
        url=url,
        title=_words(item.css(selectors.title)[:1] if selectors.title else [anchor]),
        summary=_words([item]),
        published_at=_date(item, base, selectors.date),
    )


def _date(item: Selector, base: str, selector: str | None) -> datetime | None:
    marks = item.css(selector)[:1] if selector is not None else []
    claims = [claim for mark in marks for claim in (attribute(mark, "datetime"), _words([mark]))]
    return next((date for claim in claims if (date := parse_date(claim, zone_of(base)))), None)


def _words(elements: list[Selector]) -> str:
    return clean_line(" ".join(text for element in elements for text in element.xpath(".//text()").getall()))
