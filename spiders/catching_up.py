"""Pages read from the newest row back to where the last visit was, and on from there when that is more than one visit.

The order of the rows is not trusted: their dates say whether the newest ones are on the first pages or on the last.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from facts.errors import SourceError
from facts.visit import Remembered
from spiders.fetching import BodyCap, Fetch
from spiders.mark import Gap, Mark
from spiders.polling import Poll, poll
from spiders.releases import ReleasePage, read_releases

#: A newest date older than this means that the page does not hold the newest rows.
_STALE = timedelta(days=7)
#: Pages read from the end where the rows come oldest first: the last one may hold a single row.
BACKWARDS = 2
#: Pages read at one visit after a pause: 2,000 rows, those of three busy weeks.
MOST_PAGES = 40
#: Seconds after which a visit asks for no further page, well before the scheduler takes it for dead.
LONGEST = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The pages that hold the newest rows, the looks they took, and how far the source is read now."""

    looks: tuple[Poll, ...]
    mark: Mark | None
    pages: tuple[ReleasePage, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def marked_looks(self) -> tuple[Poll, ...]:
        """The looks, with the mark remembered beside the first page."""
        first = self.looks[0]
        mark = str(self.mark) if self.mark is not None else None
        return (replace(first, remembered=replace(first.remembered, mark=mark)), *self.looks[1:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """How a source pages."""

    #: The address of a page by its number, from 0 on.
    address: Callable[[int], str]
    pagesize: int
    #: Newest pages read at every visit.
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Walk:
    fetch: Fetch
    memory: Mapping[str, Remembered]
    now: datetime
    address: Callable[[int], str]
    #: Loop time after which no further page is asked for.
    ends_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretch:
    """Pages read in turn."""

    pages: tuple[ReleasePage, ...] = ()
    looks: tuple[Poll, ...] = ()
    #: It came to rows that were read before, or to the end.
    whole: bool = True
    #: Pages passed over before its first one.
    start: int = 0

    @property
    def depth(self) -> int:
        """Pages between the newest rows and its end."""
        return self.start + len(self.looks)


async def read_rows(
    fetch: Fetch, memory: Mapping[str, Remembered], before: Mark | None, now: datetime, *, paging: Paging
) -> Rows:
    """Return the pages that hold the newest rows, on to those that the last visit read, and how far that went.

    Raises:
        SourceError: one of the pages that every visit reads could not be read.
    """
    look = await poll(fetch, paging.address(0), BodyCap.FEED, memory)
    # The first page carries the count of all rows: where it is unchanged, none was added.
    if look.capture is None:
        return Rows(looks=(look,), mark=before)
    first = await fetch.parse(read_releases, look.capture)
    in_order = not _stale(first, now)
    numbers = following(first.count, paging.pagesize, newest_first=in_order)
    least = paging.pages - 1 if in_order else BACKWARDS
    walk = _Walk(
        fetch=fetch, memory=memory, now=now, address=paging.address, ends_at=asyncio.get_running_loop().time() + LONGEST
    )
    top = await _stretch(walk, numbers, least=least, most=MOST_PAGES - 1, since=before.newest if before else None)
    rest = await _rest(walk, numbers, before, top)
    pages = (first, *top.pages, *rest.pages)
    odd: tuple[str, ...] = ()
    if all(_stale(page, now) for page in pages):
        dates = [date for page in pages if (date := page.newest(now))]
        odd = (f"newest release: {max(dates):%Y-%m-%d}" if dates else "no dates",)
        # An API that stands still shows its oldest pages among the last: what was there before is no news.
        if before is not None:
            pages = tuple(page for page in pages if (page.newest(now) or before.newest) > before.newest)
    elif not in_order and len(numbers) >= BACKWARDS:
        pages = pages[1:]
    mark = _mark(pages, before, top, rest, now)
    if mark is not None and mark.gap is not None:
        odd = (*odd, _behind(mark.gap, (*top.pages, *rest.pages)))
    return Rows(pages=pages, looks=(look, *top.looks, *rest.looks), mark=mark, warnings=odd)


async def _rest(walk: _Walk, numbers: range, before: Mark | None, top: _Stretch) -> _Stretch:
    """Read on in the gap that an earlier visit left; it may have moved down, never up."""
    if before is None or before.gap is None or not top.whole:
        return _Stretch()
    start = max(before.gap.depth - 1, top.depth)
    most = MOST_PAGES - 1 - len(top.looks)
    rest = await _stretch(walk, numbers[start:], least=0, most=most, since=before.gap.since)
    return replace(rest, start=start)


async def _stretch(walk: _Walk, numbers: range, *, least: int, most: int, since: datetime | None) -> _Stretch:
    """Read pages in turn, at least so many, until one holds only rows that were read before."""
    pages: list[ReleasePage] = []
    looks: list[Poll] = []
    whole = since is None
    for depth, number in enumerate(numbers):
        if depth >= least and (whole or depth >= most or asyncio.get_running_loop().time() > walk.ends_at):
            break
        try:
            look = await poll(walk.fetch, walk.address(number), BodyCap.FEED, walk.memory)
            page = await walk.fetch.parse(read_releases, look.capture) if look.capture is not None else None
        except SourceError:
            # What was read on the way to a page far back is kept; the next visit tries that page again.
            if depth < least:
                raise
            break
        looks.append(look)
        pages.extend([page] if page is not None else [])
        whole = whole or page is None or _known(page, since, walk.now)
    return _Stretch(pages=tuple(pages), looks=tuple(looks), whole=whole or len(looks) == len(numbers))


def following(count: int | None, pagesize: int, *, newest_first: bool) -> range:
    """Return the numbers of the pages behind the first one, those of the newest rows first: on, or from the end back.

    Without a count there are none.
    """
    # Not count // pagesize, which is an empty page where the last one is full.
    last = max(((count or 0) - 1) // pagesize, 0)
    return range(1, last + 1) if newest_first else range(last, 0, -1)


def remembered_mark(remembered: Remembered | None) -> Mark | None:
    """Return the mark of the last visit, None before there was one."""
    return Mark.read(remembered.mark) if remembered is not None and remembered.mark is not None else None


def _mark(
    pages: Sequence[ReleasePage], before: Mark | None, top: _Stretch, rest: _Stretch, now: datetime
) -> Mark | None:
    """Return how far the source is read now: an unread stretch joins the one that was left before it."""
    dates = [min(date, now) for page in pages if (date := page.newest(now)) is not None]
    if before is None:
        return Mark(newest=max(dates)) if dates else None
    newest = max(before.newest, *dates)
    since = before.gap.since if before.gap is not None else before.newest
    if not top.whole:
        return Mark(newest=newest, gap=Gap(since=since, depth=top.depth))
    return Mark(newest=newest, gap=None if rest.whole else Gap(since=since, depth=rest.depth))


def _behind(gap: Gap, pages: Sequence[ReleasePage]) -> str:
    oldest = min((page.oldest for page in pages if page.oldest is not None), default=None)
    reached = f"back to {oldest:%Y-%m-%d}" if oldest is not None else f"as far as page {gap.depth}"
    return f"catching up: releases were read {reached}; the next visit goes on to {gap.since:%Y-%m-%d}"


def _known(page: ReleasePage, since: datetime | None, now: datetime) -> bool:
    """Return whether all rows of a page are at or before the newest one that an earlier visit read."""
    newest = page.newest(now)
    return newest is None or since is None or newest <= since


def _stale(page: ReleasePage, now: datetime) -> bool:
    newest = page.newest(now)
    return newest is None or newest < now - _STALE
