"""Any RSS or Atom feed: local news, city newsrooms, agencies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from facts.document import Capture, Document
from facts.places import Place
from facts.visit import Harvest, Link, LinkKind, Remembered
from spiders.entries import read_feed
from spiders.fetching import BodyCap, Fetch
from spiders.items import Item, document_of, letters_of
from spiders.polling import poll
from spiders.settings import SourceSettings
from spiders.urls import is_letter


class Settings(SourceSettings):
    """A feed's stanza: `url` and `follow`."""


class Spider:
    """Reads one feed. Its entries are documents, or links to follow."""

    def __init__(self, *, source: str, settings: Settings, places: tuple[Place, ...]) -> None:
        self._source = source
        self._settings = settings
        self._places = places

    async def visit(self, fetch: Fetch, memory: Mapping[str, Remembered], now: datetime) -> Harvest:
        """Look at the feed once.

        Raises:
            SourceError: it could not be fetched, or is no feed.
        """
        look = await poll(fetch, self._settings.url, BodyCap.FEED, memory)
        capture = look.capture
        if capture is None:
            return look.harvest()
        read = await fetch.parse(read_feed, capture.body, capture.headers, look.final_url, now)
        return replace(
            look.harvest(),
            documents=tuple(self._document(entry, capture) for entry in read.entries if not self._follows(entry)),
            links=tuple(link for entry in read.entries if self._follows(entry) for link in self._links(entry, capture)),
            warnings=read.warnings,
        )

    def _follows(self, entry: Item) -> bool:
        return self._settings.follow and entry.has_page

    def _links(self, item: Item, capture: Capture) -> Iterator[Link]:
        yield Link(
            source=self._source,
            url=item.url,
            kind=LinkKind.LETTER if is_letter(item.url) else LinkKind.PAGE,
            parent=self._settings.url,
            title=item.title,
            summary=item.text,
            published_at=item.published_at,
            places=self._places,
        )
        yield from letters_of(self._document(item, capture), item.letters)

    def _document(self, item: Item, capture: Capture) -> Document:
        return document_of(item, source=self._source, places=self._places, capture=capture)
