"""One watched page, such as an agency's standard terms: each change of its text is a new version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from facts.document import Capture, Document
from facts.errors import Unreachable
from facts.places import Place
from facts.visit import Harvest, Remembered, Shape
from spiders.answers import missing
from spiders.dates import zone_of
from spiders.fetching import BodyCap, Fetch
from spiders.html import Page, read_page
from spiders.items import letters_of
from spiders.page_layout import read_layout
from spiders.polling import poll
from spiders.selecting import selected_text
from spiders.settings import Css, SourceSettings
from spiders.urls import canonical

_GONE = 404


class Settings(SourceSettings):
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
        page = await fetch.parse(read_page, capture.body, capture.headers, look.final_url, zone_of(url))
        gone = missing(url, look.final_url, page.window_title, page.text)
        if gone is not None:
            msg = f"the page is gone: {gone}"
            raise Unreachable(msg, url=url, status=_GONE)
        document = self._document(page, capture, await self._text(fetch, page, capture))
        layout = await fetch.parse(read_layout, capture.body, capture.headers)
        return replace(
            look.harvest(),
            documents=(document,),
            links=letters_of(document, page.letters),
            shape=_shape(document, now, layout),
        )

    async def _text(self, fetch: Fetch, page: Page, capture: Capture) -> str:
        settings = self._settings
        if settings.selector is None:
            return page.text
        return await fetch.parse(selected_text, capture.body, capture.headers, settings.url, settings.selector)

    def _document(self, page: Page, capture: Capture, text: str) -> Document:
        return Document(
            source=self._source,
            url=canonical(self._settings.url) or self._settings.url,
            title=page.title,
            text=text,
            capture=capture,
            published_at=page.published_at,
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
