"""Questions to the Federal Register's API, and how far its answers are read. The order is asked for, and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from facts.visit import Remembered
from spiders.fetching import BodyCap, Fetch
from spiders.polling import Poll, poll
from spiders.register_reading import RegisterPage, read_register

#: Rows of a page, and pages read of one question at one visit.
_PER_PAGE = 100
MOST_PAGES = 5
#: Days that are asked for by name where the newest did not come first.
_SLICE = timedelta(days=14)
_TOO_MANY = f"more than {MOST_PAGES * _PER_PAGE} new documents: name terms, agencies or types, or some will be missed"

_FIELDS = (
    "abstract", "action", "agency_names", "dates", "document_number", "executive_order_number", "html_url", "pdf_url",
    "publication_date", "raw_text_url", "signing_date", "subtype", "title", "type",
)  # fmt: skip
_INSPECTION_FIELDS = (
    "agency_names", "document_number", "editorial_note", "filed_at", "filing_type", "html_url", "pdf_url",
    "publication_date", "raw_text_url", "subject_1", "title", "toc_doc", "toc_subject", "type",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is asked: the conditions of a stanza."""

    url: str
    term: str
    agencies: tuple[str, ...]
    types: tuple[str, ...]
    #: Of the documents that are filed and not published yet.
    inspection: bool = False

    def address(self, *, page: int = 1, since: date | None = None, until: date | None = None) -> str:
        """Return the address of one page of the answer; the fields are named, so that no counter of views comes."""
        days = (("gte", since), ("lte", until))
        pairs = (
            *((("conditions[term]", self.term),) if self.term else ()),
            *(("conditions[agencies][]", agency) for agency in self.agencies),
            *(("conditions[type][]", kind) for kind in self.types),
            *((f"conditions[publication_date][{name}]", day.isoformat()) for name, day in days if day is not None),
            *(("fields[]", name) for name in (_INSPECTION_FIELDS if self.inspection else _FIELDS)),
            ("order", "newest"),
            ("per_page", str(_PER_PAGE)),
            *((("page", str(page)),) if page > 1 else ()),
        )
        base = f"{self.url.rpartition('/')[0]}/public-inspection-documents.json" if self.inspection else self.url
        return f"{base}?{urlencode(pairs)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The pages that a visit read of one question."""

    #: The first one remembers the day of the newest row.
    looks: tuple[Poll, ...]
    pages: tuple[RegisterPage, ...] = ()
    warnings: tuple[str, ...] = ()


async def ask(fetch: Fetch, query: Query, memory: Mapping[str, Remembered], now: datetime) -> Answers:
    """Return the newest pages, on to the day that the last visit read; of the inspection desk all that lies there.

    Raises:
        SourceError: a page could not be read.
    """
    look = await poll(fetch, query.address(), BodyCap.FEED, memory)
    if look.capture is None:
        return Answers(looks=(look,))
    first = await fetch.parse(read_register, look.capture)
    if not first.newest_first and not query.inspection:
        return await _in_a_slice(fetch, query, look, now)
    mark = look.remembered.mark
    since = date.max if mark is None else date.fromisoformat(mark)
    looks, pages = [look], [first]
    last = min(first.pages or 1, MOST_PAGES)
    while len(pages) < last and (query.inspection or _reaches(pages[-1], since)):
        page = await read_one(fetch, query.address(page=len(pages) + 1))
        looks.append(page[0])
        pages.append(page[1])
    newest = max((day for page in pages for day in page.dates), default=None)
    marked = replace(look.remembered, mark=newest.isoformat() if newest else mark)
    more = len(pages) < (first.pages or 1) and (query.inspection or _reaches(pages[-1], since))
    return Answers(
        looks=(replace(look, remembered=marked), *looks[1:]), pages=tuple(pages), warnings=(_TOO_MANY,) if more else ()
    )


async def _in_a_slice(fetch: Fetch, query: Query, look: Poll, now: datetime) -> Answers:
    """Ask for the last days by their dates, where the order that was asked for is not kept."""
    since = now.date() - _SLICE
    looks, pages = [look], list[RegisterPage]()
    while not pages or len(pages) < min(pages[0].pages or 1, MOST_PAGES):
        page = await read_one(fetch, query.address(page=len(pages) + 1, since=since))
        looks.append(page[0])
        pages.append(page[1])
    odd = "the newest documents did not come first, as asked for: the last two weeks were asked for by date"
    warnings = (odd, _TOO_MANY) if len(pages) < (pages[0].pages or 1) else (odd,)
    # Nothing of it is remembered: these addresses are those of today, and the order may be wrong tomorrow too.
    whole = replace(look.remembered, etag=None, last_modified=None, body_digest=None)
    return Answers(looks=(replace(look, remembered=whole), *looks[1:]), pages=tuple(pages), warnings=warnings)


async def read_one(fetch: Fetch, address: str, cap: BodyCap = BodyCap.FEED) -> tuple[Poll, RegisterPage]:
    """Read one page, without a memory of it.

    Raises:
        SourceError: it could not be read.
    """
    look = await poll(fetch, address, cap, {})
    # Only a request that remembers can be answered by what is known.
    assert look.capture is not None
    return look, await fetch.parse(read_register, look.capture)


def _reaches(page: RegisterPage, since: date) -> bool:
    """Return whether all rows of a page are of the day that was read last or later, so that more may follow."""
    return bool(page.dates) and min(page.dates) >= since
