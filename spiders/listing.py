"""A page that lists news and has no feed: CSS selectors in the stanza say where the links are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from parsel import Selector

from facts.document import Capture
from facts.errors import Unreadable
from facts.places import Place
from facts.visit import Harvest, Link, LinkKind, Remembered
from spiders.dates import parse_date, zone_of
from spiders.fetching import BodyCap, Fetch
from spiders.html import clean_line, decode
from spiders.polling import poll
from spiders.settings import Css, SourceSettings
from spiders.urls import canonical, is_letter

#: Links read of one listing.
_MAX_LINKS = 200


class Settings(SourceSettings):
    """A listing's stanza: where each entry is, and in it the link, the title and the date."""

    item: Css
    link: Css = "a[href]"
    #: The link's own words when not given.
    title: Css | None = None
    date: Css | None = None


class Spider:
    """Reads one listing; what it lists are links, because a listing says too little to be a document."""

    def __init__(self, *, source: str, settings: Settings, places: tuple[Place, ...]) -> None:
        self._source = source
        self._settings = settings
        self._places = places

    async def visit(self, fetch: Fetch, memory: Mapping[str, Remembered], now: datetime) -> Harvest:  # noqa: ARG002 (the protocol's signature)
        """Look at the listing once.

        Raises:
            SourceError: it could not be fetched, or a selector matches nothing on it.
        """
        look = await poll(fetch, self._settings.url, BodyCap.PAGE, memory)
        if look.capture is None:
            return look.harvest()
        return replace(look.harvest(), links=await fetch.parse(self._read, look.capture, look.final_url))

    def _read(self, capture: Capture, base: str) -> tuple[Link, ...]:
        page = Selector(text=decode(capture.body, capture.headers) or "<html></html>", type="html", base_url=base)
        items = page.css(self._settings.item)
        if not items:
            raise Unreadable(self._nothing("item", self._settings.item), url=self._settings.url)
        found = [link for item in items[:_MAX_LINKS] if (link := self._link(item, base)) is not None]
        if not found:
            raise Unreadable(self._nothing("link", self._settings.link), url=self._settings.url)
        distinct: dict[str, Link] = {}
        for link in found:
            distinct.setdefault(link.url, link)
        return tuple(distinct.values())

    def _nothing(self, key: str, selector: str) -> str:
        return f"{key} selector {selector!r} matched nothing: the page was rebuilt, or the selector is wrong"

    def _link(self, item: Selector, base: str) -> Link | None:
        anchors = item.css(self._settings.link) or item.xpath("self::a[@href]")
        anchor = anchors[0] if anchors else None
        url = canonical(anchor.attrib.get("href", ""), base) if anchor is not None else None
        if anchor is None or url is None:
            return None
        return Link(
            source=self._source,
            url=url,
            kind=LinkKind.LETTER if is_letter(url) else LinkKind.PAGE,
            parent=self._settings.url,
            title=_words(item.css(self._settings.title)[:1] if self._settings.title else [anchor]),
            summary=_words([item]),
            published_at=self._date(item),
            places=self._places,
        )

    def _date(self, item: Selector) -> datetime | None:
        if self._settings.date is None:
            return None
        marks = item.css(self._settings.date)[:1]
        claims = [claim for mark in marks for claim in (mark.attrib.get("datetime"), _words([mark]))]
        zone = zone_of(self._settings.url)
        return next((date for claim in claims if (date := parse_date(claim, zone))), None)


def _words(elements: list[Selector]) -> str:
    return clean_line(" ".join(text for element in elements for text in element.xpath(".//text()").getall()))
