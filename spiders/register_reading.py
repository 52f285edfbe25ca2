"""Rows of the Federal Register's API: documents as published, and as filed for public inspection before that. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from facts.document import Capture
from spiders.dates import EASTERN, parse_date
from spiders.html import clean_line, text_of
from spiders.json_reading import list_in, read_object, texts, whole_number, words
from spiders.urls import canonical

#: Numbers were used again until then (docs/sources.md).
_NUMBERS_ARE_UNIQUE = date(2016, 1, 1)
#: A title, said of a row of the inspection desk where it has no `title`.
_TITLES = ("title", "toc_subject", "toc_doc", "subject_1")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow:
    """One document of the Register."""

    url: str
    title: str
    #: What it is, who issued it, what it says of itself, and its dates; without what changes by itself.
    text: str
    #: The day of its publication; of one that is still to be published the time of its filing.
    published_at: datetime | None
    #: Its document number, which stays from inspection to publication.
    guid: str | None
    #: The address of its whole text, without the time that the API appends.
    full_text: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPage:
    """One page of the API."""

    rows: tuple[RegisterRow, ...]
    capture: Capture
    #: Documents in all, over every page, and the pages; None when the answer does not say.
    count: int | None
    pages: int | None
    #: Rows without an address or without any words.
    skipped: int

    @property
    def dates(self) -> list[date]:
        """The days of its rows, in their order."""
        return [row.published_at.astimezone(EASTERN).date() for row in self.rows if row.published_at is not None]

    @property
    def newest_first(self) -> bool:
        """Whether the rows come as asked for: the newest first."""
        return self.dates == sorted(self.dates, reverse=True)


def read_register(capture: Capture) -> RegisterPage:
    """Read one page of the API.

    Raises:
        Unreadable: it is no JSON of the expected shape.
    """
    answer = read_object(capture, "the Federal Register")
    # A search that finds nothing has a count and no list.
    found = [] if words(answer, "count") == "0" else list_in(answer, "results", capture, "the Federal Register")
    read = [_row(row, capture.url) for row in found if isinstance(row, dict)]
    rows = tuple(row for row in read if row is not None)
    return RegisterPage(
        rows=rows,
        capture=capture,
        count=whole_number(answer, "count"),
        pages=whole_number(answer, "total_pages"),
        skipped=len(found) - len(rows),
    )


def _row(row: Mapping[str, Any], base: str) -> RegisterRow | None:
    url = _address(row, "html_url", base)
    title = next((line for name in _TITLES if (line := clean_line(words(row, name)))), "")
    if url is None or not title:
        return None
    published = parse_date(words(row, "publication_date"), EASTERN)
    return RegisterRow(
        url=url,
        title=title,
        text="\n\n".join(filter(None, (_head(row), text_of(words(row, "abstract")), _tail(row)))),
        # What is filed names the day of its publication too, which lies ahead.
        published_at=parse_date(words(row, "filed_at"), EASTERN) if "filed_at" in row else published,
        guid=_guid(clean_line(words(row, "document_number")), published),
        full_text=_address(row, "raw_text_url", base) or _address(row, "pdf_url", base),
    )


def _guid(number: str, published: datetime | None) -> str | None:
    if number and published is not None and published.astimezone(UTC).date() < _NUMBERS_ARE_UNIQUE:
        return f"{number} of {published.astimezone(EASTERN):%Y-%m-%d}"
    return number or None


def _address(row: Mapping[str, Any], name: str, base: str) -> str | None:
    # "...pdf?1769515200": the time of the file, new whenever it is made anew.
    address = words(row, name).partition("?")[0]
    return canonical(address, base) if address else None


def _head(row: Mapping[str, Any]) -> str:
    kind = ". ".join(filter(None, (clean_line(words(row, name)) for name in ("type", "subtype", "action"))))
    agencies = "; ".join(clean_line(name) for name in texts(row, "agency_names") or texts(row, "agencies"))
    return "\n".join(filter(None, (kind, agencies)))


def _tail(row: Mapping[str, Any]) -> str:
    order = clean_line(words(row, "executive_order_number"))
    filing = clean_line(words(row, "filing_type"))
    lines = (
        f"Executive Order {order}" if order else "",
        f"Signed: {words(row, 'signing_date')}" if words(row, "signing_date") else "",
        f"Dates: {clean_line(words(row, 'dates'))}" if words(row, "dates") else "",
        f"Filed for public inspection ({filing} filing)" if filing else "",
        text_of(words(row, "editorial_note")),
    )
    return "\n".join(filter(None, map(clean_line, lines)))
