"""The Department of Justice: its JSON API for whole texts, its RSS for what the API does not hold.

The order of the API's rows is never trusted (docs/sources.md): some get the newest first, as asked for, others the
oldest, whatever they ask. The dates decide which pages are read. Release pages are never fetched: they are walled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from pydantic import Field

from facts.document import Capture, Document
from facts.errors import SourceError
from facts.places import Place
from facts.visit import Harvest, Remembered
from spiders.catching_up import Paging, read_rows, remembered_mark
from spiders.entries import read_feed
from spiders.fetching import BodyCap, Fetch
from spiders.items import Item, document_of, letters_of
from spiders.polling import Poll, poll, total
from spiders.settings import SourceSettings, Url
from spiders.urls import is_article


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
        rows = await read_rows(
            fetch,
            {} if anew else memory,
            mark,
            now,
            paging=Paging(address=self._address, pagesize=self._settings.pagesize, pages=self._settings.pages),
        )
        pages = rows.pages
        releases = {
            item.url: self._document(item, page.capture)
            for page in pages
            for item in page.releases
            if is_article(item.url)
        }
        letters = {item.url: item.letters for page in pages for item in page.releases}
        since = min((page.oldest for page in pages if page.oldest is not None), default=None)
        late = (i for i in feed.items if i.url not in releases and is_article(i.url) and not _before(i, since))
        skipped = sum(page.skipped for page in pages)
        return replace(
            total((*feed.looks, *rows.marked_looks)),
            documents=(*releases.values(), *(self._document(item, feed.capture) for item in late if feed.capture)),
            links=tuple(link for url, document in releases.items() for link in letters_of(document, letters[url])),
            warnings=(
                *feed.warnings,
                *rows.warnings,
                *((f"{skipped} rows without an address or words",) if skipped else ()),
            ),
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

    def _address(self, number: int) -> str:
        mark = "&" if "?" in self._settings.url else "?"
        order = f"sort=created&direction=DESC&pagesize={self._settings.pagesize}&page={number}"
        return f"{self._settings.url}{mark}{order}"

    def _document(self, item: Item, capture: Capture) -> Document:
        return document_of(item, source=self._source, places=self._places, capture=capture)


def _before(item: Item, since: datetime | None) -> bool:
    """Return whether an item is older than the rows that were read: then the API's text of it is archived already."""
    return since is not None and item.published_at is not None and item.published_at < since
