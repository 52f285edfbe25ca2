"""One watched page or PDF, such as an agency's standard terms: each change of its text is a new version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from facts.document import Capture, Document
from facts.errors import Unreachable, Unreadable
from facts.places import Place
from facts.visit import Harvest, Remembered, Shape
from spiders.answers import is_binary, missing
from spiders.dates import zone_of
from spiders.fetching import BodyCap, Fetch
from spiders.html import Page, read_page
from spiders.items import letters_of
from spiders.page_layout import read_layout
from spiders.pdf import is_pdf, read_pdf
from spiders.polling import Poll, poll
from spiders.scans import Recognised, unread_words
from spiders.selecting import selected_text
from spiders.settings import Css, PageSettings
from spiders.urls import canonical

_GONE = 404


class Settings(PageSettings):
    """A page's stanza: its address, and optionally the part of it that is watched."""

    selector: Css | None = None


class Spider:
    """Reads one page; it is a document, and the letters on it are links."""

    def __init__(self, *, source: str, settings: Settings, places: tuple[Place, ...]) -> None:
        self._source = source
        self._settings = settings
        self._places = places

    async def visit(self, fetch: Fetch, memory: Mapping[str, Remembered], now: datetime) -> Harvest:
        """Look at the page once.

        Raises:
            SourceError: it could not be fetched, is there no longer, or the selector matches nothing on it.
        """
        url = self._settings.url
        look = await poll(fetch, url, BodyCap.PAGE, memory)
        capture = look.capture
        if capture is None:
            return look.harvest()
        if is_pdf(capture.body):
            return await self._terms(fetch, look, capture, now)
        if is_binary(capture.body):
            msg = f"expected a page or a PDF, found {capture.media_type}"
            raise Unreadable(msg, url=url)
        page = await fetch.parse(read_page, capture.body, capture.headers, look.final_url, zone_of(url))
        gone = missing(url, look.final_url, page.window_title, page.text)
        if gone is not None:
            msg = f"the page is gone: {gone}"
            raise Unreachable(msg, url=url, status=_GONE)
        text = await self._text(fetch, page, capture)
        document = self._document(page.title, page.published_at, capture, text)
        layout = await fetch.parse(read_layout, capture.body, capture.headers)
        return replace(
            look.harvest(),
            documents=(document,),
            links=letters_of(document, page.letters),
            shape=_shape(document, now, layout),
        )

    async def _terms(self, fetch: Fetch, look: Poll, capture: Capture, now: datetime) -> Harvest:
        """Return the harvest of an address that has a PDF, as many grant terms are."""
        if self._settings.selector is not None:
            msg = "it is a PDF, of which a selector names no part: leave the key selector out"
            raise Unreadable(msg, url=self._settings.url)
        read = await fetch.parse(read_pdf, capture.body)
        document = replace(self._document(read.title, None, capture, read.text), scanned=read.scanned)
        unread = Recognised(text=read.text, by=None, unread=len(read.pictures))
        return replace(
            look.harvest(),
            documents=(document,),
            warnings=unread_words(read, unread, installed=True),
            shape=_shape(document, now, None),
        )

    async def _text(self, fetch: Fetch, page: Page, capture: Capture) -> str:
        settings = self._settings
        if settings.selector is None:
            return page.text
        return await fetch.parse(selected_text, capture.body, capture.headers, settings.url, settings.selector)

    def _document(self, title: str, published_at: datetime | None, capture: Capture, text: str) -> Document:
        return Document(
            source=self._source,
            url=canonical(self._settings.url) or self._settings.url,
            title=title,
            text=text,
            capture=capture,
            published_at=published_at,
            places=self._places,
        )


def _shape(document: Document, now: datetime, layout: str | None) -> Shape:
    published_at = document.published_at
    return Shape(
        items=1,
        dated=int(published_at is not None),
        titled=int(bool(document.title)),
        worded=int(bool(document.text)),
        newest=published_at if published_at is not None and published_at <= now else None,
        layout=layout,
    )
