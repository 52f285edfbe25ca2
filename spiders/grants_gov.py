"""Grants.gov: opportunities as its search lists them. One that is taken down again is news as well."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from facts.document import Capture, Document
from facts.places import Place
from facts.visit import Harvest, Remembered, Shape
from spiders.fetching import BodyCap, Fetch
from spiders.opportunities import Opportunity, OpportunityPage, read_opportunities
from spiders.polling import Poll, poll, total
from spiders.settings import SourceSettings, Url

#: Opportunities of a page, and pages read at one visit.
_ROWS = 100
_MOST_PAGES = 20


class Settings(SourceSettings):
    """The stanza: what is searched for."""

    url: Url = "https://api.grants.gov/v1/api/search2"
    keyword: str = ""
    #: The service's codes, such as "USDOJ".
    agencies: tuple[str, ...] = ()
    statuses: tuple[Literal["posted", "forecasted", "closed", "archived"], ...] = ("posted", "forecasted")
    #: An assistance listing, such as "16.738".
    aln: Annotated[str, Field(pattern=r"^(?:\d\d\.\w{3})?$")] = ""


class Spider:
    """Reads all that the search finds; each opportunity is a document."""

    def __init__(self, *, source: str, settings: Settings, places: tuple[Place, ...]) -> None:
        self._source = source
        self._settings = settings
        self._places = places

    async def visit(self, fetch: Fetch, memory: Mapping[str, Remembered], now: datetime) -> Harvest:
        """Ask for every page of the answer, because what is missing from it counts too.

        Raises:
            SourceError: a page could not be fetched, or is not what the search gives.
        """
        look = await poll(fetch, self._settings.url, BodyCap.FEED, memory, data=self._question(0))
        if look.capture is None:
            return look.harvest()
        pages = [await fetch.parse(read_opportunities, look.capture)]
        looks = [look]
        while self._goes_on(pages):
            # Without a memory: whatever changed on a later page, this visit has to read all of them.
            start = sum(page.rows for page in pages)
            further = await poll(fetch, self._settings.url, BodyCap.FEED, {}, data=self._question(start))
            assert further.capture is not None
            looks.append(further)
            pages.append(await fetch.parse(read_opportunities, further.capture))
        return self._harvest(looks, pages, now)

    def _question(self, start: int) -> bytes:
        asked = self._settings
        question = {
            "keyword": asked.keyword,
            "oppStatuses": "|".join(asked.statuses),
            "agencies": "|".join(asked.agencies),
            "aln": asked.aln,
            "rows": _ROWS,
            "startRecordNum": start,
        }
        # Empty conditions are left out: what they would mean is not said anywhere.
        return json.dumps({name: value for name, value in question.items() if value != ""}).encode()

    def _goes_on(self, pages: Sequence[OpportunityPage]) -> bool:
        return len(pages) < _MOST_PAGES and pages[-1].rows > 0 and not _is_read(pages)

    def _harvest(self, looks: Sequence[Poll], pages: Sequence[OpportunityPage], now: datetime) -> Harvest:
        found: dict[str, tuple[Opportunity, Capture]] = {}
        for page in pages:
            for one in page.found:
                found.setdefault(one.url, (one, page.capture))
        skipped = sum(page.skipped for page in pages)
        missed = _missed(pages, len(found) + skipped)
        first, *others = looks
        return replace(
            total(looks),
            # Of later pages nothing is remembered: they are only asked when the first one changed.
            remembered=(first.remembered,) if not others else (replace(first.remembered, body_digest=None),),
            documents=tuple(self._document(one, capture) for one, capture in found.values()),
            # A list that was cut short must not pass for one from which opportunities are missing.
            listed=() if missed else tuple(found),
            shape=_shape([one for one, _ in found.values()], now),
            warnings=(
                *((f"{skipped} hits without an id or a title",) if skipped else ()),
                *((missed,) if missed else ()),
            ),
        )

    def _document(self, one: Opportunity, capture: Capture) -> Document:
        return Document(
            source=self._source,
            url=one.url,
            title=one.title,
            text=one.text,
            capture=capture,
            published_at=one.published_at,
            places=self._places,
            guid=one.id,
        )


def _is_read(pages: Sequence[OpportunityPage]) -> bool:
    """Return whether all hits were read; without a count the last page has to be one that is not full."""
    count = next((page.count for page in pages if page.count is not None), None)
    return sum(page.rows for page in pages) >= count if count is not None else pages[-1].rows < _ROWS


def _missed(pages: Sequence[OpportunityPage], distinct: int) -> str:
    """Return why some opportunities may be missing among those that were read, "" when none can be."""
    if not _is_read(pages):
        return f"the search finds more than the {distinct} that were read: narrow it, or some will be missed"
    count = next((page.count for page in pages if page.count is not None), distinct)
    return f"{count - distinct} of {count} hits came twice or not at all" if distinct < count else ""


def _shape(found: Sequence[Opportunity], now: datetime) -> Shape:
    dates = [one.published_at for one in found if one.published_at is not None]
    return Shape(
        items=len(found),
        dated=len(dates),
        titled=len(found),
        worded=sum(bool(one.text) for one in found),
        newest=max((moment for moment in dates if moment <= now), default=None),
    )
