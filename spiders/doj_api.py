"""The Department of Justice: its JSON API for whole texts, its RSS for what the API does not hold.

The order of the API's rows is never trusted (docs/sources.md): some get the newest first, as asked for, others the
oldest, whatever they ask. The dates decide which pages are read. Release pages are never fetched: they are walled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from facts.document import Capture, Document
from facts.errors import SourceError
from facts.places import Place
from facts.visit import Harvest, Link, Remembered
from spiders.catching_up import Paging, read_rows, remembered_mark
from spiders.doj_past import read_past
from spiders.entries import read_feed
from spiders.fetching import BodyCap, Fetch, Leaf
from spiders.html import Anchor
from spiders.items import Item, document_of, letters_of, shape_of
from spiders.past_pages import Days
from spiders.polling import Poll, poll, total
from spiders.releases import ReleasePage
from spiders.settings import SourceSettings, Url
from spiders.urls import is_article

Releases = Mapping[str, tuple[Document, tuple[Anchor, ...]]]


class Settings(SourceSettings):
    """The stanza: the API's address, the RSS beside it, and how far back each visit looks."""

    feed: Url | None = None
    #: Newest pages read at each visit: two hold more than a busy day's 91 releases.
    pages: Annotated[int, Field(ge=1, le=20)] = 2
    #: Rows of a page; the API serves 50 at most and cuts larger requests without a word.
    pagesize: Annotated[int, Field(ge=1, le=50)] = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class _Feed:
    items: tuple[Item, ...] = ()
    capture: Capture | None = None
    looks: tuple[Poll, ...] = ()
    warnings: tuple[str, ...] = ()


class Spider:
    """Reads the newest releases, and the feed's items that are not among them."""

    def __init__(self, *, source: str, settings: Settings, places: tuple[Place, ...]) -> None:
        self._source = source
        self._settings = settings
        self._places = places

    async def visit(self, fetch: Fetch, memory: Mapping[str, Remembered], now: datetime) -> Harvest:
        """Look at the feed and at the API once.

        A feed that fails is a warning; an API that fails ends the visit, because a summary must not replace a text.

        Raises:
            SourceError: the API could not be fetched, or is no JSON.
        """
        feed = await self._feed(fetch, memory, now)
        # With new items in the feed the rows are needed whether or not the API changed.
        mark = remembered_mark(memory.get(self._address(0)))
        anew = feed.items or (mark is not None and mark.gap is not None)
        rows = await read_rows(fetch, {} if anew else memory, mark, now, paging=self._paging())
        pages = rows.pages
        releases = self._releases(pages)
        since = min((page.oldest for page in pages if page.oldest is not None), default=None)
        late = [i for i in feed.items if i.url not in releases and is_article(i.url) and not _before(i, since)]
        documents = (
            *(document for document, _ in releases.values()),
            *(self._document(item, feed.capture) for item in late if feed.capture),
        )
        # Without the pages of a visit that catches up: what is looked at every time is compared.
        looked_at = [item for page in pages[: self._settings.pages] for item in page.releases] + late
        skipped = sum(page.skipped for page in pages)
        return replace(
            total((*feed.looks, *rows.marked_looks)),
            documents=documents,
            links=_letters(releases),
            warnings=(
                *feed.warnings,
                *rows.warnings,
                *((f"{skipped} rows without an address or words",) if skipped else ()),
            ),
            shape=shape_of(looked_at, now) if looked_at else None,
            listed=tuple(document.url for document in documents),
        )

    async def _feed(self, fetch: Fetch, memory: Mapping[str, Remembered], now: datetime) -> _Feed:
        if self._settings.feed is None:
            return _Feed()
        try:
            look = await poll(fetch, self._settings.feed, BodyCap.FEED, memory)
            capture = look.capture
            if capture is None:
                return _Feed(looks=(look,))
            read = await fetch.parse(read_feed, capture.body, capture.headers, look.final_url, now)
        except SourceError as error:
            return _Feed(warnings=(f"{self._settings.feed}: {error}",))
        warnings = tuple(f"{self._settings.feed}: {warning}" for warning in read.warnings)
        return _Feed(items=read.entries, capture=capture, looks=(look,), warnings=warnings)

    async def history(self, fetch: Fetch, cursor: str | None, since: date, until: date, now: datetime) -> Leaf:
        """Read one page of the API's past; see `spiders.fetching.Historian`."""
        days = Days(since=since, until=until)
        pages, leaf = await read_past(fetch, self._paging(), cursor, days, now)
        found = {url: one for url, one in self._releases(pages).items() if days.hold(one[0].published_at)}
        documents = tuple(document for document, _ in found.values())
        return replace(leaf, harvest=replace(leaf.harvest, documents=documents, links=_letters(found)))

    def _releases(self, pages: Iterable[ReleasePage]) -> Releases:
        """Return the releases of these pages with the letters that each links, by address."""
        return {
            item.url: (self._document(item, page.capture), item.letters)
            for page in pages
            for item in page.releases
            if is_article(item.url)
        }

    def _paging(self) -> Paging:
        return Paging(address=self._address, pagesize=self._settings.pagesize, pages=self._settings.pages)

    def _address(self, number: int) -> str:
        mark = "&" if "?" in self._settings.url else "?"
        order = f"sort=created&direction=DESC&pagesize={self._settings.pagesize}&page={number}"
        return f"{self._settings.url}{mark}{order}"

    def _document(self, item: Item, capture: Capture) -> Document:
        return document_of(item, source=self._source, places=self._places, capture=capture)


def _letters(releases: Releases) -> tuple[Link, ...]:
    return tuple(link for document, anchors in releases.values() for link in letters_of(document, anchors))


def _before(item: Item, since: datetime | None) -> bool:
    """Return whether an item is older than the rows that were read: then the API's text of it is archived already."""
    return since is not None and item.published_at is not None and item.published_at < since
