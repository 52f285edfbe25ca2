"""The Federal Register read back into its past: a month or less at a time, page by page, question by question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Self

from spiders.fetching import BodyCap, Fetch, Leaf
from spiders.polling import Poll, total
from spiders.register_query import Query, read_one
from spiders.register_reading import RegisterPage

#: The API shows no more of one question (docs/sources.md).
MOST_HITS = 2000
_DAYS_OF_A_MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Where the reading of the past stands: some days of one month, one of the questions, one page of its answer."""

    first: date
    last: date
    query: int = 0
    page: int = 1

    def __str__(self) -> str:
        """Return it as a cursor; `read` is its inverse."""
        return f"{self.first} {self.last} {self.query} {self.page}"

    @classmethod
    def read(cls, cursor: str) -> Self:
        """Return the slice that a cursor names."""
        first, last, query, page = cursor.split()
        return cls(first=date.fromisoformat(first), last=date.fromisoformat(last), query=int(query), page=int(page))

    @classmethod
    def until(cls, last: date, since: date) -> Self | None:
        """Return the slice that ends with a day: its month, as far as it was asked for; None before `since`."""
        return cls(first=max(since, last.replace(day=1)), last=last) if last >= since else None

    def narrower(self) -> Self:
        """Return its later half, for one that finds more than the API shows."""
        return replace(self, first=self.last - (self.last - self.first) // 2, query=0, page=1)

    def following(self, *, pages: int, queries: int, since: date) -> Self | None:
        """Return what is read next: the next page, the next question, or the days before; None at the end."""
        if self.page < pages:
            return replace(self, page=self.page + 1)
        if self.query + 1 < queries:
            return replace(self, query=self.query + 1, page=1)
        return self.until(self.first - timedelta(days=1), since)

    def left(self, *, pages: int, queries: int, since: date) -> int:
        """Return about how many pages are left, if each month before has as many."""
        months = (self.first - since).days / _DAYS_OF_A_MONTH
        return round(pages - self.page + (queries - self.query - 1) * pages + months * queries * pages)


async def read_past(
    fetch: Fetch, queries: Sequence[Query], cursor: str | None, since: date, until: date
) -> tuple[tuple[RegisterPage, ...], Leaf]:
    """Return the page that a cursor names and the leaf it makes, still without documents; without one the last page.

    Raises:
        SourceError: it could not be read.
    """
    at = Slice.until(until, since) if cursor is None else Slice.read(cursor)
    if at is None:
        return (), _leaf((), None, since, 0)
    address = queries[at.query].address(page=at.page, since=at.first, until=at.last)
    look, page = await read_one(fetch, address, BodyCap.PAGE)
    if (page.count or 0) > MOST_HITS and at.first < at.last:
        # What was read of it comes again in its halves.
        return (), _leaf((look,), at.narrower(), _whole_since(at, until), None)
    pages = page.pages or 1
    following = at.following(pages=pages, queries=len(queries), since=since)
    left = at.left(pages=pages, queries=len(queries), since=since)
    reached = since if following is None else _whole_since(following, until)
    return (page,), _leaf((look,), following, reached, left if following is not None else 0)


def _whole_since(at: Slice, until: date) -> date | None:
    """Return the day after the slice that is being read, from which on all was read."""
    return at.last + timedelta(days=1) if at.last < until else None


def _leaf(looks: Sequence[Poll], following: Slice | None, reached: date | None, left: int | None) -> Leaf:
    harvest = replace(total(looks), remembered=())
    cursor = str(following) if following is not None else None
    return Leaf(harvest=harvest, cursor=cursor, reached=reached, pages_left=left)
