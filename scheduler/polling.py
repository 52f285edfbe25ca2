"""Polling: due sources are visited, what they bring is kept, and the visit is committed last.

The validators of a visit are committed after its documents, so a crash between the two costs one repeated fetch, never
a document that a later 304 hides.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from alerts.router import source_alert
from facts.alert import Alert, Reason
from facts.canary import CANARY
from facts.document import Document
from facts.errors import Blocked, Forbidden, Held, SourceError, StorageError
from facts.identity import make_id
from facts.text import normalise
from facts.visit import Harvest, Link, LinkKind, Outcome, Visit
from scheduler.cadence import GONE, LINK_HORIZON, MOST_LOST, Missed, after_miss, next_poll, poll_horizon
from scheduler.habits import interval_of, taught
from scheduler.health import after_visit
from scheduler.keeping import keep_lots, lots_of
from scheduler.missing import first_watch, miss_page, note_listing
from scheduler.pipeline import Pipeline
from spiders.polling import due_whole
from storage.work import PendingLink, SourceRow, VisitEnd

log = logging.getLogger(__name__)

#: Longer than any fetch may take, so that a lease runs out only when its holder died.
LEASE = timedelta(minutes=5)
#: Visits under way at one time: many, since those to hosts that hang must leave room for the others, and not all, since
#: each may have a body and its documents in memory.
MOST_VISITS = 256
#: Pages of one host wait for each other, with the rest that its robots.txt asks for between them.
LINK_LEASE = timedelta(hours=1)
#: Characters of an address's path that a line for the operator shows, and of an error in an alert.
_PATH_SHOWN = 150
_ERROR_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What reading one link took and brought."""

    requests: int = 0
    bytes: int = 0
    documents: int = 0
    snapshots: int = 0


async def claim(pipeline: Pipeline, now: datetime, *, limit: int) -> list[SourceRow]:
    """Take the sources that are due."""
    horizon = poll_horizon(pipeline.every.values())
    return await asyncio.to_thread(pipeline.store.claim_due, now, lease=LEASE, horizon=horizon, limit=limit)


async def poll(pipeline: Pipeline, row: SourceRow, now: datetime) -> tuple[Visit, int]:
    """Visit one source and commit what came of it; return the visit and how many snapshots it made.

    Raises:
        StorageError: the archive cannot take it now; the visit is made again when its lease ends.
    """
    try:
        return await _visited(pipeline, row, now)
    except StorageError:
        raise
    except SourceError as error:
        # Its frames hold what was read, up to 50 MiB, and a circle of them would wait for the collector.
        failure = error.with_traceback(None)
    except Exception as error:  # a bug in one source must not silence the others
        log.exception("source %s: internal error", row.name)
        failure = SourceError(f"internal error: {error!r}", source=row.name)
    return await _failed(pipeline, row, now, failure), 0


async def _visited(pipeline: Pipeline, row: SourceRow, now: datetime) -> tuple[Visit, int]:
    memory = await pipeline.memories.ask(pipeline.store.memories, row.name)
    harvest = await pipeline.spiders[row.name].visit(pipeline.fetch, due_whole(memory, now), now)
    new = tuple(one for one in harvest.remembered if one != memory.get(one.url))
    # The canary has no back catalogue: its first document is the first proof.
    backlog = not row.visited and row.name != CANARY
    snapshots = await keep(pipeline, harvest.documents, backlog=backlog, now=now)
    appeared = 0
    if harvest.listed:
        appeared = await note_listing(pipeline, row.name, harvest.listed, row.last_ok_at, now)
    visit = _visit(row.name, now, harvest)
    after = taught(row, visit, harvest, snapshots=snapshots, appeared=appeared)
    await _finish(pipeline, after, visit, replace(harvest, remembered=new))
    return visit, snapshots


async def keep(pipeline: Pipeline, documents: Sequence[Document], *, backlog: bool, now: datetime) -> int:
    """Archive documents, some at a time; return how many were new or changed.

    A crash between two lots costs one repeated fetch: the validators are not committed yet.
    """
    kept = 0
    for lot in lots_of(documents, backlog=backlog, now=now):
        kept += await pipeline.lots.ask(partial(keep_lots, pipeline.store), lot)
    if kept:
        pipeline.came.set()
    return kept


async def claim_links(pipeline: Pipeline, now: datetime, *, limit: int) -> list[PendingLink]:
    """Take links whose time has come."""
    return await asyncio.to_thread(pipeline.store.claim_links, now, lease=LINK_LEASE, horizon=LINK_HORIZON, limit=limit)


async def follow_link(pipeline: Pipeline, pending: PendingLink, now: datetime) -> Followed:
    """Read one page or letter that a visit found; return what that took and brought.

    Raises:
        StorageError: the archive cannot take it now; the link is read again when its lease ends.
    """
    try:
        return await _read(pipeline, pending, now)
    except StorageError:
        raise
    except SourceError as error:
        # Its frames hold what was read, up to 50 MiB, and a circle of them would wait for the collector.
        failure = error.with_traceback(None)
    except Exception as error:  # as in `poll`: one page must not stop the others
        log.exception("link %s: internal error", pending.link.url)
        failure = SourceError(f"internal error: {error!r}", url=pending.link.url)
    return await _missed(pipeline, pending, now, failure)


async def _read(pipeline: Pipeline, pending: PendingLink, now: datetime) -> Followed:
    link = pending.link
    if pending.lost >= MOST_LOST:
        msg = f"the program ended {pending.lost} times in a row while it was read"
        raise SourceError(msg, url=link.url)
    harvest = await pipeline.follow(pipeline.fetch, link, now)
    for warning in harvest.warnings:
        log.warning("source %s: %s: %s", link.source, link.url, warning)
    snapshots = await keep(pipeline, harvest.documents, backlog=pending.backlog, now=now)
    watch = first_watch(link, harvest.documents[0], now) if harvest.documents else None
    await asyncio.to_thread(pipeline.store.finish_link, link, harvest.links, backlog=pending.backlog, watch=watch)
    return Followed(
        requests=harvest.requests, bytes=harvest.bytes, documents=len(harvest.documents), snapshots=snapshots
    )


async def _missed(pipeline: Pipeline, pending: PendingLink, now: datetime, error: SourceError) -> Followed:
    """Put the link off or give it up, and keep what its listing said of it as the cadence has it."""
    link = pending.link
    missed = after_miss(now, pending.attempt, pending.lost, error)
    kept, snapshots = await _keep_summary(pipeline, pending, now) if missed.summary else ("", 0)
    words = _missed_words(link, error, missed, kept)
    log.log(logging.WARNING if missed.tried else logging.INFO, "source %s: %s", link.source, words)
    alerts = _lost_letter(pipeline, pending, missed, error, now)
    await asyncio.to_thread(
        pipeline.store.postpone_link,
        link,
        error=str(error),
        retry_at=missed.retry_at,
        alerts=alerts,
        tried=missed.tried,
    )
    return Followed(documents=snapshots, snapshots=snapshots)


async def _keep_summary(pipeline: Pipeline, pending: PendingLink, now: datetime) -> tuple[str, int]:
    """Return what the archive keeps of the link, in words, and how many snapshots its summary made."""
    try:
        document = pipeline.from_summary(pending.link, now)
        if document is None:
            return "", 0
        if await asyncio.to_thread(_fuller, pipeline, document):
            return "its last version is kept", 0
        return "its summary is kept", await keep(pipeline, [document], backlog=pending.backlog, now=now)
    except StorageError:
        raise
    except Exception:  # the link's own failure is recorded next, and must be
        log.exception("link %s: its summary could not be kept", pending.link.url)
        return "", 0


def _fuller(pipeline: Pipeline, summary: Document) -> bool:
    """Return whether the archive has more of the page than its summary, which then would only look like an edit."""
    texts = [one.text for one in pipeline.catalogue.versions(summary.url) if one.source == summary.source]
    return bool(texts) and len(normalise(texts[-1])) > len(normalise(summary.text))


def _missed_words(link: Link, error: SourceError, missed: Missed, kept: str) -> str:
    said = str(error)
    what = said if link.url in said else f"{link.url} could not be read: {said}"
    if missed.retry_at is not None:
        return f"{what}; {f'{kept} meanwhile; ' if kept else ''}next try at {_moment(missed.retry_at)}"
    place = f"{kept} in its place" if kept else "nothing of it is kept"
    # Not after an address that the guard refused: a browser behind the newsroom's wall would reach it.
    return f"{what}; given up, {place}" + ("" if isinstance(error, Forbidden) else "; read it in a browser")


def _lost_letter(
    pipeline: Pipeline, pending: PendingLink, missed: Missed, error: SourceError, now: datetime
) -> list[Alert]:
    """Return what the ops channel is told of a letter that is given up: news only, as for every alert."""
    link = pending.link
    if missed.retry_at is not None or link.kind is not LinkKind.LETTER or pending.backlog:
        return []
    detail = f"a letter could not be read and is given up: {link.title}: {link.url}: {str(error)[:_ERROR_SHOWN]}"
    told = source_alert(
        source=link.source, reason=Reason.SOURCE_FAILING, turned_at=now, detail=detail, channel=pipeline.ops, now=now
    )
    # Its own id: two letters of one source may be given up at one moment.
    return [replace(told, id=make_id("letter-alert", link.id, pipeline.ops))]


async def _failed(pipeline: Pipeline, row: SourceRow, now: datetime, error: SourceError) -> Visit:
    found = in_words(error)
    await miss_page(pipeline, row, error, found, now)
    visit = Visit(source=row.name, at=now, outcome=_outcome(error), error=found)
    await _finish(pipeline, row, visit, Harvest(), error=error)
    return visit


def _outcome(error: SourceError) -> Outcome:
    if isinstance(error, Blocked):
        return Outcome.BLOCKED
    if isinstance(error, Held):
        return Outcome.HELD
    return Outcome.GONE if error.status == GONE else Outcome.FAILED


async def _finish(
    pipeline: Pipeline, row: SourceRow, visit: Visit, harvest: Harvest, *, error: SourceError | None = None
) -> None:
    every = pipeline.every[row.name]
    after, turn = after_visit(row, visit, not_before=error.retry_at if error is not None else None)
    interval = interval_of(after, visit.at, every)
    due = next_poll(visit.at, interval, failures=after.failures, jitter=pipeline.jitter(), error=error)
    after = replace(after, next_poll_at=due)
    if visit.error:
        level = logging.INFO if visit.outcome is Outcome.HELD else logging.WARNING
        log.log(level, "source %s: %s; next try at %s", row.name, visit.error, _moment(due))
    alerts = [_health_alert(pipeline, after, turn)] if turn else []
    end = VisitEnd(visit=visit, row=after, links=harvest.links, remembered=harvest.remembered, alerts=tuple(alerts))

    def commit(ends: Sequence[VisitEnd]) -> Sequence[None]:
        pipeline.store.finish_visits(ends)
        return [None] * len(ends)

    await pipeline.ends.ask(commit, end)


def _health_alert(pipeline: Pipeline, row: SourceRow, turn: Reason) -> Alert:
    turned_at = row.turned_at or row.next_poll_at
    recovered = turn is Reason.SOURCE_RECOVERED
    detail = "answers again" if recovered else f"{row.last_error}; next try at {_moment(row.next_poll_at)}"
    return source_alert(
        source=row.name, reason=turn, turned_at=turned_at, detail=detail, channel=pipeline.ops, now=turned_at
    )


def in_words(error: SourceError) -> str:
    """Return what went wrong and where: the address follows, without its query, unless the words name its host."""
    said = str(error)
    try:
        parts = urlsplit(error.url)
    except ValueError:
        return said
    if not parts.netloc or parts.netloc in said:
        return said
    return f"{said} ({parts.scheme}://{parts.netloc}{parts.path[:_PATH_SHOWN]})"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _visit(source: str, now: datetime, harvest: Harvest) -> Visit:
    if harvest.documents or harvest.links:
        outcome = Outcome.FRESH
    elif harvest.not_modified or harvest.unchanged:
        outcome = Outcome.UNCHANGED
    else:
        outcome = Outcome.EMPTY
    return Visit(
        source=source,
        at=now,
        outcome=outcome,
        documents=len(harvest.documents),
        requests=harvest.requests,
        bytes=harvest.bytes,
        not_modified=harvest.not_modified,
        unchanged=harvest.unchanged,
        # What was odd but not fatal is recorded beside the outcome.
        error="; ".join(harvest.warnings) or None,
    )
