"""The Department's API read back into its past: the first page is found by halving, those behind it in turn.

Of the rows' order nothing is taken for granted: the first page tells which end is the newest. A page number of a list
that grows at its top shifts, so that rows come twice; where rows are taken away a page is read again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Self

from spiders.catching_up import Paging
from spiders.fetching import BodyCap, Fetch, Leaf
from spiders.past_pages import Days, day_of, estimate, middle_day
from spiders.polling import Poll, poll, total
from spiders.releases import ReleasePage, read_releases

#: A first page whose newest row is no older than this holds the newest rows, whatever their order on it.
_FRESH = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the reading stands, counted in pages from the newest one on."""

    newest_first: bool
    #: The deepest page, the rows in all, when the list was last looked at.
    last: int
    count: int
    #: While the first page is looked for: it lies between these. Then both are the page that is read next.
    low: int
    high: int
    #: Pages read since it was found, and the latest day on them.
    read: int = 0
    newest: date | None = None

    def number(self, depth: int) -> int:
        """Return the number by which the API knows a page."""
        return depth if self.newest_first else self.last - depth

    def __str__(self) -> str:
        """Return it as a cursor; `parse` is its inverse."""
        numbers = (int(self.newest_first), self.last, self.count, self.low, self.high, self.read)
        return " ".join((*map(str, numbers), *((self.newest.isoformat(),) if self.newest else ())))

    @classmethod
    def parse(cls, cursor: str) -> Self:
        """Return the place that a cursor names."""
        in_order, last, count, low, high, read, *day = cursor.split()
        return cls(
            newest_first=in_order == "1",
            last=int(last),
            count=int(count),
            low=int(low),
            high=int(high),
            read=int(read),
            newest=date.fromisoformat(day[0]) if day else None,
        )


async def read_past(
    fetch: Fetch, paging: Paging, cursor: str | None, days: Days, now: datetime
) -> tuple[tuple[ReleasePage, ...], Leaf]:
    """Return the page that a cursor names and the leaf it makes, still without documents.

    Raises:
        SourceError: it could not be read.
    """
    if cursor is None:
        look, page = await _page(fetch, paging.address(0))
        return _begun(look, page, paging.pagesize, days, now)
    place = Place.parse(cursor)
    depth = (place.low + place.high) // 2
    look, page = await _page(fetch, paging.address(place.number(depth)))
    if place.low < place.high:
        return (), _leaf(look, _halved(place, depth, page, days.until), None, None)
    return _read(look, page, place, days, now)


def _begun(
    look: Poll, page: ReleasePage, pagesize: int, days: Days, now: datetime
) -> tuple[tuple[ReleasePage, ...], Leaf]:
    """Judge the first page by number: it holds the newest rows or the oldest, and may be the one to begin with."""
    count = page.count or 0
    # Not count // pagesize, which is an empty page where the last one is full.
    last = max((count - 1) // pagesize, 0)
    newest_first = _is_newest(page, now)
    place = Place(newest_first=newest_first, last=last, count=count, low=0, high=last)
    if last == 0 or (newest_first and _holds(page, days.until)):
        return _read(look, page, replace(place, high=0), days, now)
    # Of the newest rows first, this page is not the one that is looked for.
    following = replace(place, low=1) if newest_first else place
    return (), _leaf(look, _settled(following), None, None)


def _halved(place: Place, depth: int, page: ReleasePage, until: date) -> Place:
    """Return the place with half of the pages ruled out."""
    return _settled(replace(place, high=depth) if _holds(page, until) else replace(place, low=depth + 1))


def _settled(place: Place) -> Place:
    """Return the place one page up once it is found: rows of the last day may begin in the lower half of that one."""
    if place.low < place.high:
        return place
    start = max(place.low - 1, 0)
    return replace(place, low=start, high=start)


def _read(
    look: Poll, page: ReleasePage, place: Place, days: Days, now: datetime
) -> tuple[tuple[ReleasePage, ...], Leaf]:
    """Return a page of the days asked for, and where to go on."""
    middle, newest = _middle(page), page.newest(now)
    after = place.newest or (day_of(newest) if newest is not None else None)
    ended = place.low >= place.last or (newest is not None and day_of(newest) < days.since)
    if ended:
        return (page,), _leaf(look, None, days.since, 0)
    count = page.count if page.count is not None else place.count
    # Rows that were taken away have drawn others up, onto the page before this one.
    lost = place.newest_first and count < place.count and place.low > 0
    depth = place.low - 1 if lost else place.low + 1
    least = min(count, place.count)
    following = replace(place, low=depth, high=depth, read=place.read + 1, newest=after, count=least)
    reached = middle + timedelta(days=1) if middle is not None and middle < days.until else None
    left = estimate(following.read, after, middle, days.since) if after is not None and middle is not None else None
    return (page,), _leaf(look, following, reached, left)


def _is_newest(page: ReleasePage, now: datetime) -> bool:
    newest = page.newest(now)
    if newest is not None and newest >= now - _FRESH:
        return True
    # A list that stands still: the order on the page tells.
    own = _days(page)
    return sum((before > after) - (before < after) for before, after in pairwise(own)) > 0


def _holds(page: ReleasePage, until: date) -> bool:
    """Return whether a page is as old as the last day asked for; by its middle, since single rows are dated oddly."""
    middle = _middle(page)
    return middle is None or middle <= until


def _middle(page: ReleasePage) -> date | None:
    return middle_day(release.published_at for release in page.releases)


def _days(page: ReleasePage) -> list[date]:
    return [day_of(release.published_at) for release in page.releases if release.published_at is not None]


def _leaf(look: Poll, following: Place | None, reached: date | None, left: int | None) -> Leaf:
    harvest = replace(total((look,)), remembered=())
    cursor = str(following) if following is not None else None
    return Leaf(harvest=harvest, cursor=cursor, reached=reached, pages_left=left)


async def _page(fetch: Fetch, url: str) -> tuple[Poll, ReleasePage]:
    look = await poll(fetch, url, BodyCap.PAGE, {})
    # Only a request that remembers can be answered by what is known.
    assert look.capture is not None
    return look, await fetch.parse(read_releases, look.capture)
