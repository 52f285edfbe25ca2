"""Any RSS or Atom feed: local news, city newsrooms, agencies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime

from facts.document import Capture, Document
from facts.places import Place
from facts.visit import Harvest, Link, LinkKind, Remembered
from spiders.entries import read_feed
from spiders.feed_pages import FeedPage, fill_gap, read_past
from spiders.fetching import BodyCap, Fetch, Leaf
from spiders.items import Item, document_of, letters_of
from spiders.past_pages import Days
from spiders.polling import poll, total
from spiders.settings import SourceSettings
from spiders.ttl import feed_ttl
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
        first = FeedPage(entries=read.entries, capture=capture)
        filled = await fill_gap(fetch, look, first, memory.get(self._settings.url), now)
        return replace(
            self._add(total(filled.looks), (first, *filled.pages)),
            # The pages behind the first are asked for once.
            remembered=(filled.looks[0].remembered,),
            warnings=(*read.warnings, *filled.warnings),
            shape=read.shape,
            listed=read.listed,
            wait=max((wait for wait in (look.fresh_for, feed_ttl(capture.body)) if wait), default=None),
        )

    async def history(self, fetch: Fetch, cursor: str | None, since: date, until: date, now: datetime) -> Leaf:
        """Read one page of the feed's past, where it is of WordPress; see `spiders.fetching.Historian`."""
        days = Days(since=since, until=until)
        pages, leaf = await read_past(fetch, self._settings.url, cursor, days, now)
        wanted = [replace(p, entries=tuple(e for e in p.entries if days.hold(e.published_at))) for p in pages]
        return replace(leaf, harvest=self._add(leaf.harvest, wanted))

    def _add(self, harvest: Harvest, pages: Iterable[FeedPage]) -> Harvest:
        """Return the harvest with what stands on these pages, each entry once."""
        distinct: dict[str, tuple[Item, Capture]] = {}
        for page in pages:
            for entry in page.entries:
                distinct.setdefault(entry.url, (entry, page.capture))
        found = distinct.values()
        return replace(
            harvest,
            documents=tuple(self._document(entry, capture) for entry, capture in found if not self._follows(entry)),
            links=tuple(
                link for entry, capture in found if self._follows(entry) for link in self._links(entry, capture)
            ),
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
            guid=item.guid,
        )
        yield from letters_of(self._document(item, capture), item.letters)

    def _document(self, item: Item, capture: Capture) -> Document:
        return document_of(item, source=self._source, places=self._places, capture=capture)
