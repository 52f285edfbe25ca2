"""The Federal Register: notices, rules and presidential documents, by its API; its pages refuse bots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from facts.document import Capture, Document
from facts.places import Place
from facts.visit import Harvest, Link, LinkKind, Remembered, Shape
from spiders.fetching import Fetch, Leaf
from spiders.polling import total
from spiders.register_past import read_past
from spiders.register_query import Query, ask
from spiders.register_reading import RegisterPage, RegisterRow
from spiders.settings import SourceSettings, Url


class Settings(SourceSettings):
    """The stanza: what is searched for. Each term is a question of its own; what any of them finds comes home."""

    url: Url = "https://www.federalregister.gov/api/v1/documents.json"
    terms: Annotated[tuple[str, ...], Field(max_length=10)] = ()
    #: The API's names of agencies, such as "justice-department"; any of them.
    agencies: tuple[str, ...] = ()
    types: tuple[Literal["PRESDOCU", "NOTICE", "RULE", "PRORULE"], ...] = ()
    #: Also what is filed and not published yet.
    public_inspection: bool = False


class Spider:
    """Reads the newest documents that the stanza asks for."""

    def __init__(self, *, source: str, settings: Settings, places: tuple[Place, ...]) -> None:
        self._source = source
        self._settings = settings
        self._places = places

    async def visit(self, fetch: Fetch, memory: Mapping[str, Remembered], now: datetime) -> Harvest:
        """Ask each question once.

        Raises:
            SourceError: an answer could not be fetched, or is not what the API gives.
        """
        inspection = self._queries(inspection=True) if self._settings.public_inspection else ()
        answers = [await ask(fetch, query, memory, now) for query in (*inspection, *self._queries())]
        pages = [page for answer in answers for page in answer.pages]
        odd = dict.fromkeys(line for answer in answers for line in answer.warnings)
        found = self._add(total(look for answer in answers for look in answer.looks), pages)
        return replace(
            found,
            # Further pages are asked for when the first one changed, whatever they answered before.
            remembered=tuple(answer.looks[0].remembered for answer in answers),
            warnings=(*odd, *found.warnings),
            shape=_shape(pages, now) if pages else None,
        )

    async def history(self, fetch: Fetch, cursor: str | None, since: date, until: date, now: datetime) -> Leaf:  # noqa: ARG002 (the protocol's signature)
        """Read one page of what was published in a month or less; see `spiders.fetching.Historian`."""
        pages, leaf = await read_past(fetch, self._queries(), cursor, since, until)
        return replace(leaf, harvest=self._add(leaf.harvest, pages))

    def _queries(self, *, inspection: bool = False) -> tuple[Query, ...]:
        asked = self._settings
        return tuple(
            Query(url=asked.url, term=term, agencies=asked.agencies, types=asked.types, inspection=inspection)
            for term in asked.terms or ("",)
        )

    def _add(self, harvest: Harvest, pages: Sequence[RegisterPage]) -> Harvest:
        """Return the harvest with what stands on these pages, each document once."""
        distinct: dict[str, tuple[RegisterRow, Capture]] = {}
        for page in pages:
            for row in page.rows:
                distinct.setdefault(row.url, (row, page.capture))
        documents = tuple(self._document(row, capture) for row, capture in distinct.values())
        skipped = sum(page.skipped for page in pages)
        return replace(
            harvest,
            documents=documents,
            links=tuple(self._full_texts(row for row, _ in distinct.values())) if self._settings.follow else (),
            # Nothing is `listed`: what is filed leaves the desk when it is published, and a search shows the newest.
            warnings=(f"{skipped} rows without an address or a title",) if skipped else (),
        )

    def _document(self, row: RegisterRow, capture: Capture) -> Document:
        return Document(
            source=self._source,
            url=row.url,
            title=row.title,
            text=row.text,
            capture=capture,
            published_at=row.published_at,
            places=self._places,
            guid=row.guid,
        )

    def _full_texts(self, rows: Iterable[RegisterRow]) -> Iterator[Link]:
        """Return each whole text as an attachment of the row, which is what a reader would cite."""
        for row in rows:
            if row.full_text is not None:
                yield Link(
                    source=self._source,
                    url=row.full_text,
                    kind=LinkKind.LETTER,
                    parent=row.url,
                    title=row.title,
                    summary="",
                    published_at=row.published_at,
                    places=self._places,
                )


def _shape(pages: Sequence[RegisterPage], now: datetime) -> Shape:
    rows = [row for page in pages for row in page.rows]
    dates = [row.published_at for row in rows if row.published_at is not None]
    return Shape(
        items=len(rows),
        dated=len(dates),
        titled=len(rows),
        worded=sum(bool(row.text) for row in rows),
        newest=max((moment for moment in dates if moment <= now), default=None),
    )
