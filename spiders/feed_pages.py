"""Pages of a feed behind its first one, as WordPress serves them: what went by between two polls, and the past.

A feed whose entries share nothing with those of the last poll has moved on by more than it shows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from facts.document import Capture
from facts.errors import SourceError
from facts.identity import make_id
from facts.visit import Harvest, Remembered
from spiders.entries import read_feed
from spiders.fetching import BodyCap, Fetch, Leaf
from spiders.items import Item
from spiders.past_pages import Days, day_of, estimate, middle_day
from spiders.polling import Poll, poll, total

#: Addresses of the last poll that are remembered, from both ends of the feed: the newest stand at one of them.
_REMEMBERED = 50
_NAME_LENGTH = 8
#: Pages asked for to fill a gap.
_MOST_PAGES = 5
_NOT_FOUND = 404
_GENERATOR = re.compile(rb"<generator[^>]{0,200}>[^<]{0,100}wordpress", re.IGNORECASE)
_PATH = re.compile(r"/feed/?$")
#: Bytes of a feed in which its generator stands.
_HEAD = 16 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """Entries with the answer they were read from."""

    entries: tuple[Item, ...]
    capture: Capture


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """The looks of a visit, the first one with its mark, and the pages that filled a gap."""

    looks: tuple[Poll, ...]
    pages: tuple[FeedPage, ...] = ()
    warnings: tuple[str, ...] = ()


def is_wordpress(url: str, body: bytes) -> bool:
    """Return whether a feed may be of WordPress, by what it says or by its address."""
    return _GENERATOR.search(body[:_HEAD]) is not None or _PATH.search(urlsplit(url).path) is not None


async def fill_gap(fetch: Fetch, look: Poll, first: FeedPage, before: Remembered | None, now: datetime) -> Filled:
    """Return what went by since the last poll, as far as further pages have it, and a warning where they end."""
    names = _names(first.entries)
    marked = replace(look, remembered=replace(look.remembered, mark=" ".join(_ends(names)) or None))
    known = set((before.mark or "").split()) if before is not None else set()
    # A feed that is cleared now and then shows little, and has lost nothing.
    if not known or not known.isdisjoint(names) or len(names) * 2 < len(known):
        return Filled(looks=(marked,))
    looks, pages = [marked], [first]
    if is_wordpress(look.remembered.url, first.capture.body):
        await _read_on(fetch, known, looks, pages, now)
    whole = not known.isdisjoint(_names(pages[-1].entries))
    since = f"{before.whole_at:%Y-%m-%d %H:%M} UTC" if before is not None and before.whole_at else "the last poll"
    gap = f"the feed moved on by more than it shows: entries may be missing since {since}"
    return Filled(looks=tuple(looks), pages=tuple(pages[1:]), warnings=() if whole else (gap,))


async def _read_on(fetch: Fetch, known: set[str], looks: list[Poll], pages: list[FeedPage], now: datetime) -> None:
    """Add the pages behind the first one, until one holds an entry of the last poll or nothing new."""
    url = looks[0].remembered.url
    for number in range(2, _MOST_PAGES + 2):
        try:
            look, page = await _page(fetch, page_address(url, number), BodyCap.FEED, now)
        except SourceError:
            # The end of the archive, or a site that has no such pages.
            return
        looks.append(look)
        seen = {name for each in pages for name in _names(each.entries)}
        if seen.issuperset(_names(page.entries)):
            return
        pages.append(page)
        if not known.isdisjoint(_names(page.entries)):
            return


async def read_past(
    fetch: Fetch, url: str, cursor: str | None, days: Days, now: datetime
) -> tuple[tuple[FeedPage, ...], Leaf]:
    """Return the page of a feed that a cursor names, and the leaf it makes, still without what stands on it.

    Only WordPress has further pages; of other feeds the one page is all there is.

    Raises:
        SourceError: it could not be read, or is no feed.
    """
    number, _, before = (cursor or "1 ").partition(" ")
    at = int(number)
    try:
        look, page = await _page(fetch, page_address(url, at), BodyCap.PAGE, now)
    except SourceError as error:
        if at == 1 or error.status != _NOT_FOUND:
            raise
        return (), Leaf(harvest=Harvest(requests=1), cursor=None, reached=days.since, pages_left=0)
    harvest = replace(total((look,)), remembered=())
    names = _names(page.entries)
    first = names[0] if names else ""
    dates = [entry.published_at for entry in page.entries if entry.published_at is not None]
    middle = middle_day(dates)
    # Only a page that is older as a whole is the end: one entry may be dated oddly.
    ended = not names or first == before or (bool(dates) and day_of(max(dates)) < days.since)
    if ended or not is_wordpress(url, page.capture.body):
        reached = days.since if ended else _whole_from(middle, days.until)
        pages = () if first == before else (page,)
        return pages, Leaf(harvest=harvest, cursor=None, reached=reached, pages_left=0)
    left = estimate(at, day_of(now), middle, days.since) if middle is not None else None
    return (page,), Leaf(
        harvest=harvest, cursor=f"{at + 1} {first}", reached=_whole_from(middle, days.until), pages_left=left
    )


def _whole_from(middle: date | None, until: date) -> date | None:
    """Return the day from which on all was read: entries of the one before may stand on the next page too."""
    return middle + timedelta(days=1) if middle is not None and middle < until else None


def page_address(url: str, number: int) -> str:
    """Return the address of a page of a WordPress feed."""
    return url if number == 1 else f"{url}{'&' if '?' in url else '?'}paged={number}"


async def _page(fetch: Fetch, url: str, cap: BodyCap, now: datetime) -> tuple[Poll, FeedPage]:
    look = await poll(fetch, url, cap, {})
    # Only a request that remembers can be answered by what is known.
    assert look.capture is not None
    read = await fetch.parse(read_feed, look.capture.body, look.capture.headers, look.final_url, now)
    return look, FeedPage(entries=read.entries, capture=look.capture)


def _names(entries: Sequence[Item]) -> list[str]:
    return [make_id("entry", entry.url)[:_NAME_LENGTH] for entry in entries]


def _ends(names: list[str]) -> list[str]:
    half = _REMEMBERED // 2
    return names if len(names) <= _REMEMBERED else [*names[:half], *names[-half:]]
