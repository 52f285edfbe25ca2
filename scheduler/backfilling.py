"""Backfill: the past of a source, page by page into the archive, alerting nobody.

Its documents are committed first and its place after them, so a process that is killed repeats one page at the most.
What is of the last two days is left to the polls: a document that came first by a backfill would never be news.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from facts.errors import Held, SourceError
from scheduler.passes import judge_all
from scheduler.pipeline import Pipeline
from scheduler.polling import claim_links, follow_link, in_words, keep
from spiders.fetching import Historian, Leaf
from storage.work import BackfillRow

log = logging.getLogger(__name__)

#: Days before today that belong to the polls.
LEFT_TO_POLLS = timedelta(days=2)
#: Seconds between two pages of one source: the slowest pace that any of their documentation asks for.
REST = 1.0
#: A page that cannot be read is tried again after these seconds, unless its host names another time; then we stop.
RETRIES = (5.0, 30.0, 120.0)
#: A host that asks for a longer pause is not waited for.
LONGEST_PAUSE = timedelta(minutes=10)
#: Links that are read between two pages.
_BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a backfill came."""

    row: BackfillRow
    #: Everything from this day on is read.
    reached: date | None = None
    pages_left: int | None = None
    #: Documents that were new to the archive, in this run.
    new: int = 0
    #: Why it stopped before its end.
    stopped: str | None = None


def latest_day(now: datetime) -> date:
    """Return the last day that a backfill may read."""
    return (now.astimezone(UTC) - LEFT_TO_POLLS).date()


async def backfill(
    pipeline: Pipeline,
    row: BackfillRow,
    clock: Callable[[], datetime],
    *,
    tell: Callable[[Progress], None],
    sleep: Callable[[float], Coroutine[object, object, None]] = asyncio.sleep,
) -> Progress:
    """Read a source's past from where the row has it, to its end or until a page cannot be read.

    Raises:
        StorageError: the archive cannot take it; nothing that was committed is lost.
    """
    progress = Progress(row=row)
    while not progress.row.done and progress.stopped is None:
        progress = await _turn(pipeline, progress, clock, sleep)
        tell(progress)
        if not progress.row.done and progress.stopped is None:
            await sleep(REST)
    # What it brought is judged as backlog: labelled and linked, and told nobody.
    await judge_all(pipeline, clock())
    return progress


async def _turn(
    pipeline: Pipeline,
    progress: Progress,
    clock: Callable[[], datetime],
    sleep: Callable[[float], Coroutine[object, object, None]],
) -> Progress:
    """Read one page and commit it."""
    row = progress.row
    read = await _leaf(pipeline, row, clock, sleep)
    if isinstance(read, SourceError):
        return replace(progress, stopped=in_words(read))
    harvest = read.harvest
    for warning in harvest.warnings:
        log.warning("source %s: %s", row.source, warning)
    end = latest_day(clock())
    documents = [one for one in harvest.documents if not _recent(one.published_at, end)]
    links = [one for one in harvest.links if not _recent(one.published_at, end)]
    new = await keep(pipeline, documents, backlog=True, now=clock())
    turned = replace(
        row,
        cursor=read.cursor,
        done=read.cursor is None,
        pages=row.pages + 1,
        documents=row.documents + len(documents) + len(links),
        at=clock(),
    )
    await asyncio.to_thread(pipeline.store.turn_page, turned, links)
    new += await _follow(pipeline, clock)
    return replace(progress, row=turned, reached=read.reached, pages_left=read.pages_left, new=progress.new + new)


async def _leaf(
    pipeline: Pipeline,
    row: BackfillRow,
    clock: Callable[[], datetime],
    sleep: Callable[[float], Coroutine[object, object, None]],
) -> Leaf | SourceError:
    """Read one page, some times if need be; return the error when it stays out of reach."""
    spider = pipeline.spiders[row.source]
    assert isinstance(spider, Historian)
    waits = iter(RETRIES)
    while True:
        try:
            return await spider.history(pipeline.fetch, row.cursor, row.since, row.until, clock())
        except SourceError as error:
            failure = error.with_traceback(None)
        # Where nothing was asked, no try was lost.
        held = isinstance(failure, Held) and failure.retry_at is not None
        pause = _pause(failure, 0.0 if held else next(waits, None), clock())
        if pause is None:
            return failure
        log.warning("source %s: %s; trying again in %d s", row.source, in_words(failure), pause)
        await sleep(pause)


def _pause(error: SourceError, wait: float | None, now: datetime) -> float | None:
    """Return the seconds until the next try, None when there is none."""
    asked = error.retry_at - now if error.retry_at is not None else timedelta()
    if wait is None or asked > LONGEST_PAUSE:
        return None
    return max(wait, asked.total_seconds())


async def _follow(pipeline: Pipeline, clock: Callable[[], datetime]) -> int:
    """Read the pages that wait, each host at its pace; return how many documents were new."""
    new = 0
    while pending := await claim_links(pipeline, clock(), limit=_BATCH):
        followed = await asyncio.gather(*(follow_link(pipeline, one, clock()) for one in pending))
        new += sum(one.snapshots for one in followed)
    return new


def _recent(published_at: datetime | None, end: date) -> bool:
    return published_at is not None and published_at.astimezone(UTC).date() > end
