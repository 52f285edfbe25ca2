"""A page that lists news and has no feed: CSS selectors in the stanza say where the links are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from facts.places import Place
from facts.visit import Harvest, Link, LinkKind, Remembered, Shape
from spiders.fetching import BodyCap, Fetch
from spiders.page_layout import read_layout
from spiders.polling import poll
from spiders.selecting import Listed, Selectors, read_listing
from spiders.settings import Css, PageSettings
from spiders.urls import is_letter


class Settings(PageSettings):
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

    async def visit(self, fetch: Fetch, memory: Mapping[str, Remembered], now: datetime) -> Harvest:
        """Look at the listing once.

        Raises:
            SourceError: it could not be fetched, or a selector matches nothing on it.
        """
        look = await poll(fetch, self._settings.url, BodyCap.PAGE, memory)
        if look.capture is None:
            return look.harvest()
        capture, settings = look.capture, self._settings
        selectors = Selectors(item=settings.item, link=settings.link, title=settings.title, date=settings.date)
        entries = await fetch.parse(read_listing, capture.body, capture.headers, look.final_url, selectors)
        links = tuple(self._link(entry) for entry in entries)
        layout = await fetch.parse(read_layout, capture.body, capture.headers)
        listed = tuple(link.url for link in links)
        return replace(look.harvest(), links=links, listed=listed, shape=_shape(links, now, layout))

    def _link(self, entry: Listed) -> Link:
        return Link(
            source=self._source,
            url=entry.url,
            kind=LinkKind.LETTER if is_letter(entry.url) else LinkKind.PAGE,
            parent=self._settings.url,
            title=entry.title,
            summary=entry.summary,
            published_at=entry.published_at,
            places=self._places,
        )


def _shape(links: Sequence[Link], now: datetime, layout: str | None) -> Shape:
    dates = [link.published_at for link in links if link.published_at is not None]
    return Shape(
        items=len(links),
        dated=len(dates),
        titled=sum(bool(link.title) for link in links),
        worded=sum(bool(link.summary) for link in links),
        newest=max((date for date in dates if date <= now), default=None),
        layout=layout,
    )
