"""From an index of sitemaps to those that hold the newest pages, and page by page to those of the past."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlsplit

from facts.errors import SourceError, Unreadable
from facts.visit import Harvest, Remembered
from spiders.dates import zone_of
from spiders.fetching import Fetch, Leaf
from spiders.polling import Poll, poll, total
from spiders.sitemap_reading import CAP, Entry, SitemapRead, Span, read_sitemap, span_in

#: Sitemaps read at one visit, the index among them, and those followed from one index.
MOST = 6
_MOST_CHILDREN = 4
#: Seconds after which a visit asks for no further one: a Crawl-delay lies between two.
LONGEST = 120.0
#: HTTP statuses of what will not come again.
_GONE = frozenset({404, 410})
_NEVER = Span(first=date.min, last=date.min)
_MAX_DIGITS = 18
#: Sitemaps that name no news, however often they change.
_NO_NEWS = re.compile(
    r"(?:^|[/_.-])(?:authors?|categor(?:y|ies)|images?|tags?|taxonom(?:y|ies)|users?|videos?)[/_.\d-]"
)
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """The sitemaps of one visit."""

    #: What the looks took, with what is to be remembered.
    harvest: Harvest
    #: Those that were read anew.
    reads: tuple[SitemapRead, ...]

    @property
    def is_one(self) -> bool:
        """Whether there was one sitemap alone, and it was read."""
        return len(self.reads) == self.harvest.requests == 1

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The pages that they name."""
        return tuple(entry for read in self.reads for entry in read.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One sitemap of the past: a leaf that is still without links, and the pages it names."""

    leaf: Leaf
    entries: tuple[Entry, ...] = ()


async def walk(fetch: Fetch, url: str, memory: Mapping[str, Remembered], since: date, now: datetime) -> Walk:
    """Read a sitemap and, where it is an index, the newest ones that it names.

    Of an index that did not change the children of last time are asked: its dates may be missing.

    Raises:
        SourceError: it, or each of its children, could not be read.
    """
    queue, looks, reads, failed = [url], list[Poll](), list[SitemapRead](), list[SourceError]()
    ends_at = asyncio.get_running_loop().time() + LONGEST
    for asked in range(MOST):
        if asked == len(queue) or asyncio.get_running_loop().time() > ends_at:
            break
        try:
            look, read = await _read(fetch, queue[asked], memory)
        except SourceError as error:
            if not looks:
                raise
            failed.append(error)
            continue
        children = (look.remembered.mark or "").split() if read is None else newest(read.children, since, now)
        queue += [child for child in children if child not in queue]
        looks.append(replace(look, remembered=replace(look.remembered, mark=" ".join(children) or None)))
        reads += [read] if read is not None else []
    if failed and len(looks) == 1:
        raise failed[0]
    warnings = (*(warning for read in reads for warning in read.warnings), *(f"{e.url}: {e}" for e in failed))
    return Walk(harvest=replace(total(looks), warnings=warnings), reads=tuple(reads))


def newest(children: Sequence[Entry], since: date, now: datetime) -> list[str]:
    """Return the sitemaps of an index that may name pages since a day, the latest first, and few of them."""
    news = [child for child in children if not _NO_NEWS.search(urlsplit(child.url).path)] or children
    dated = sorted((child for child in news if _day(child)), key=lambda child: _rank(child, now), reverse=True)
    # One that was not changed since names nothing newer; the newest is asked all the same, should its date be wrong.
    live = [child for child in dated if _rank(child, now)[0] >= since] or dated[:1]
    undated = [child for child in news if _day(child) is None]
    # Without dates the newest is the last of a numbered row, or else the first.
    chosen = [*live, *undated[-1:], *undated[:-1]]
    return [child.url for child in chosen[:_MOST_CHILDREN]]


async def past(fetch: Fetch, url: str, cursor: str | None, since: date, until: date) -> Past:
    """Read the sitemap that the cursor names, after the index, which says what follows; without a cursor the index.

    Raises:
        SourceError: it or the index could not be read.
    """
    look, index = await _read(fetch, url, {})
    assert index is not None
    children = _of_the_past(index.children, since, until)
    at = _place(cursor, children)
    if cursor is None or at >= len(children):
        leaf = _leaf((look,), index.warnings, children[at:], at, None if children[at:] else since)
        return Past(leaf=leaf, entries=index.entries)
    child = children[at]
    looks, read = await _read_past(fetch, child.url)
    rest = children[at + 1 :]
    span = span_in(child.url, of_sitemap=True)
    reached = max(span.first, since) if span is not None and rest else None
    leaf = _leaf((look, *looks), read.warnings, rest, at + 1, reached if rest else since)
    # In a sitemap of its month a page belongs to that month, however late it was changed.
    own = (replace(e, span=span_in(e.url)) if span is not None and e.published_at is None else e for e in read.entries)
    return Past(leaf=leaf, entries=tuple(own))


async def _read(fetch: Fetch, url: str, memory: Mapping[str, Remembered]) -> tuple[Poll, SitemapRead | None]:
    look = await poll(fetch, url, CAP, memory)
    if look.capture is None:
        return look, None
    zone = zone_of(look.final_url)
    return look, await fetch.parse(read_sitemap, look.capture.body, look.capture.headers, look.final_url, zone)


async def _read_past(fetch: Fetch, url: str) -> tuple[tuple[Poll, ...], SitemapRead]:
    """Read one sitemap of the past; one that is gone or broken for good must not hold up those behind it."""
    try:
        look, read = await _read(fetch, url, {})
    except SourceError as error:
        if not isinstance(error, Unreadable) and error.status not in _GONE:
            raise
        return (), SitemapRead(warnings=(f"{url}: {error}",))
    assert read is not None
    nested = (f"{url} is an index itself; give it a stanza of its own to read its past",) if read.children else ()
    return (look,), replace(read, warnings=(*read.warnings, *nested))


def _of_the_past(children: Sequence[Entry], since: date, until: date) -> list[Entry]:
    """Return the sitemaps that may name pages of these days, the latest first, those without a date last."""
    held = [child for child in children if _may_hold(child, since, until)]
    return sorted(held, key=lambda child: _day(child) or date.min, reverse=True)


def _may_hold(child: Entry, since: date, until: date) -> bool:
    if _NO_NEWS.search(urlsplit(child.url).path):
        return False
    period = span_in(child.url, of_sitemap=True)
    if period is not None:
        return period.meets(since, until)
    # The last change says only that nothing on it is later.
    return child.span is None or child.span.last >= since


def _day(child: Entry) -> date | None:
    """Return the last day that a sitemap may hold: what its address says, else when it was changed."""
    span = span_in(child.url, of_sitemap=True) or child.span
    return span.last if span is not None else None


def _rank(child: Entry, now: datetime) -> tuple[date, date, int]:
    """Return the order of sitemaps: by the last change, else by the address; of one day the higher number is newer."""
    last = (child.span or span_in(child.url, of_sitemap=True) or _NEVER).last
    numbers = _NUMBER.findall(urlsplit(child.url).path)
    return min(last, now.date()), _day(child) or date.min, int(numbers[-1][:_MAX_DIGITS]) if numbers else 0


def _place(cursor: str | None, children: Sequence[Entry]) -> int:
    """Return where to go on: at the sitemap of this address, or, when the index has lost it, at its old place."""
    if cursor is None:
        return 0
    number, _, url = cursor.partition(" ")
    return next((at for at, child in enumerate(children) if child.url == url), int(number))


def _leaf(
    looks: Sequence[Poll], warnings: tuple[str, ...], rest: Sequence[Entry], at: int, reached: date | None
) -> Leaf:
    harvest = replace(total(looks), warnings=warnings, remembered=())
    cursor = f"{at} {rest[0].url}" if rest else None
    return Leaf(harvest=harvest, cursor=cursor, reached=reached, pages_left=len(rest))
