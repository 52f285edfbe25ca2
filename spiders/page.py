"""One watched page, such as an agency's standard terms: each change of its text is a new version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from parsel import Selector

from facts.document import Capture, Document
from facts.errors import Unreachable, Unreadable
from facts.places import Place
from facts.visit import Harvest, Remembered
from spiders.answers import missing
from spiders.dates import zone_of
from spiders.fetching import BodyCap, Fetch
from spiders.html import Page, decode, read_page, text_of
from spiders.items import letters_of
from spiders.polling import poll
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

    async def visit(self, fetch: Fetch, memory: Mapping[str, Remembered], now: datetime) -> Harvest:  # noqa: ARG002 (the protocol's signature)
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
        gone = missing(url, look.final_url, page.window_title)
        if gone is not None:
            msg = f"the page is gone: {gone}"
            raise Unreachable(msg, url=url, status=_GONE)
        document = await fetch.parse(self._document, page, capture)
        return replace(look.harvest(), documents=(document,), links=letters_of(document, page.letters))

    def _document(self, page: Page, capture: Capture) -> Document:
        return Document(
            source=self._source,
            url=canonical(self._settings.url) or self._settings.url,
            title=page.title,
            text=page.text if self._settings.selector is None else self._selected(capture, self._settings.selector),
            capture=capture,
            published_at=page.published_at,
            places=self._places,
        )

    def _selected(self, capture: Capture, selector: str) -> str:
        page = Selector(text=decode(capture.body, capture.headers) or "<html></html>", type="html")
        parts = page.css(selector).getall()
        if not parts:
            msg = f"selector {selector!r} matched nothing: the page was rebuilt, or the selector is wrong"
            raise Unreadable(msg, url=self._settings.url)
        return "\n\n".join(text_of(part) for part in parts)
