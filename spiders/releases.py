"""Rows of the Department of Justice's JSON API, read defensively: fields come in several forms or not at all. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from facts.document import Capture
from spiders.dates import EASTERN, parse_date
from spiders.fragment import Fragment
from spiders.html import Anchor, clean_line
from spiders.items import Item, usable_guid
from spiders.json_reading import list_in, read_object, whole_number, words
from spiders.urls import canonical, is_letter

#: How deep an `attachment` is searched for addresses.
_MAX_DEPTH = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasePage:
    """One page of the API."""

    releases: tuple[Item, ...]
    capture: Capture
    #: Rows in all, over every page; None when the answer does not say.
    count: int | None
    #: Rows without an address or without any words.
    skipped: int

    def newest(self, now: datetime) -> datetime | None:
        """Return the latest date of its releases; one that lies ahead says nothing about their order."""
        latest = now + timedelta(days=1)
        return max((r.published_at for r in self.releases if r.published_at and r.published_at <= latest), default=None)

    @property
    def oldest(self) -> datetime | None:
        """The earliest date of its releases."""
        return min((r.published_at for r in self.releases if r.published_at is not None), default=None)


def read_releases(capture: Capture) -> ReleasePage:
    """Read one page of the API.

    Raises:
        Unreadable: it is no JSON of the expected shape; the API's errors are HTML pages of 56 kB, sometimes with 200.
    """
    answer = read_object(capture, "press releases")
    rows = list_in(answer, "results", capture, "press releases")
    read = [_release(row, capture.url) for row in rows]
    releases = tuple(release for release in read if release is not None)
    return ReleasePage(releases=releases, capture=capture, count=_count(answer), skipped=len(rows) - len(releases))


def _count(answer: Mapping[str, Any]) -> int | None:
    metadata = answer.get("metadata")
    resultset = metadata.get("resultset") if isinstance(metadata, dict) else None
    return whole_number(resultset, "count") if isinstance(resultset, dict) else None


def _release(row: object, base: str) -> Item | None:
    if not isinstance(row, dict):
        return None
    url = canonical(words(row, "url"), base) if words(row, "url") else None
    body = Fragment(words(row, "body"))
    title, text = clean_line(words(row, "title")), body.text or Fragment(words(row, "teaser")).text
    if url is None or not (title or text):
        return None
    dates = (parse_date(words(row, name), EASTERN) for name in ("created", "date"))
    return Item(
        url=url,
        title=title,
        text=text,
        # `created` is to the minute; `date` is a day, at noon UTC.
        published_at=next((date for date in dates if date), None),
        letters=_letters(body, row.get("attachment"), url),
        guid=usable_guid(words(row, "uuid")),
    )


def _letters(body: Fragment, attachment: object, base: str) -> tuple[Anchor, ...]:
    found = {letter.url: letter for letter in body.letters(base)}
    for address in _strings(attachment, _MAX_DEPTH):
        url = canonical(address, base)
        if url is not None and is_letter(url):
            found.setdefault(url, Anchor(url=url, text=""))
    return tuple(found.values())


def _strings(value: object, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict) and depth:
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner, depth - 1)
