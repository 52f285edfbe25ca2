"""Polling: due sources are visited, what they bring is kept, and the visit is committed last.

The validators of a visit are committed after its documents, so a crash between the two costs one repeated fetch, never
a document that a later 304 hides.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from alerts.router import source_alert
from facts.alert import Alert, Reason
from facts.document import Document
from facts.errors import Blocked, SourceError
from facts.visit import Harvest, Outcome, Visit
from scheduler.cadence import next_poll, next_try
from scheduler.health import after_visit
from scheduler.pipeline import Pipeline
from spiders.follow import refused_for_good
from storage.protocols import PendingLink, SourceRow

log = logging.getLogger(__name__)

#: Longer than any fetch may take, so that a lease runs out only when its holder died.
LEASE = timedelta(minutes=5)
#: Pages of one host wait for each other, with the rest that its robots.txt asks for between them.
LINK_LEASE = timedelta(hours=1)
#: Characters of an address's path that a line for the operator shows.
_PATH_SHOWN = 150


async def claim(pipeline: Pipeline, now: datetime, *, limit: int) -> list[SourceRow]:
    """Take the sources that are due."""
    return await asyncio.to_thread(pipeline.store.claim_due, now, lease=LEASE, limit=limit)


async def poll(pipeline: Pipeline, row: SourceRow, now: datetime) -> tuple[Visit, int]:
    """Visit one source and commit what came of it; return the visit and how many snapshots it made."""
    memory = await asyncio.to_thread(pipeline.store.memory, row.name)
    try:
        harvest = await pipeline.spiders[row.name].visit(pipeline.fetch, memory, now)
    except SourceError as error:
        return await _failed(pipeline, row, now, error), 0
    except Exception as error:  # a bug in one source must not silence the others
        log.exception("source %s: internal error", row.name)
        return await _failed(pipeline, row, now, SourceError(f"internal error: {error!r}", source=row.name)), 0
    snapshots = await keep(pipeline, harvest.documents, backlog=not row.visited, now=now)
    visit = _visit(row.name, now, harvest)
    await _finish(pipeline, row, visit, harvest, retry_at=None)
    return visit, snapshots


async def keep(pipeline: Pipeline, documents: Sequence[Document], *, backlog: bool, now: datetime) -> int:
    """Archive documents, each in its own commit; return how many were new or changed."""
    kept = 0
    for document in documents:
        snapshot = await asyncio.to_thread(pipeline.store.keep, document, backlog=backlog, now=now)
        kept += snapshot is not None
    return kept


async def claim_links(pipeline: Pipeline, now: datetime, *, limit: int) -> list[PendingLink]:
    """Take links whose time has come."""
    return await asyncio.to_thread(pipeline.store.claim_links, now, lease=LINK_LEASE, limit=limit)


async def follow_link(pipeline: Pipeline, pending: PendingLink, now: datetime) -> int:
    """Read one page or letter that a visit found; return how many snapshots it made."""
    link = pending.link
    try:
        harvest = await pipeline.follow(pipeline.fetch, link, now)
    except SourceError as error:
        return await _missed(pipeline, pending, now, error)
    except Exception as error:  # as in `poll`: one page must not stop the others
        log.exception("link %s: internal error", link.url)
        return await _missed(pipeline, pending, now, SourceError(f"internal error: {error!r}", url=link.url))
    for warning in harvest.warnings:
        log.warning("source %s: %s: %s", link.source, link.url, warning)
    snapshots = await keep(pipeline, harvest.documents, backlog=pending.backlog, now=now)
    await asyncio.to_thread(pipeline.store.finish_link, link, harvest.links, backlog=pending.backlog)
    return snapshots


async def _missed(pipeline: Pipeline, pending: PendingLink, now: datetime, error: SourceError) -> int:
    """Put the link off, or give it up and keep what its listing said of it."""
    retry_at = None if refused_for_good(error) else next_try(now, pending.attempt, error.retry_at)
    document = pipeline.from_summary(pending.link, now) if retry_at is None else None
    snapshots = await keep(pipeline, [document] if document else [], backlog=pending.backlog, now=now)
    if retry_at is not None:
        next_step = f"next try at {_moment(retry_at)}"
    else:
        kept = "its summary is kept in its place" if document else "nothing of it is kept"
        next_step = f"given up, {kept}; read it in a browser"
    log.warning("source %s: %s could not be read: %s; %s", pending.link.source, pending.link.url, error, next_step)
    await asyncio.to_thread(pipeline.store.postpone_link, pending.link, error=str(error), retry_at=retry_at)
    return snapshots


async def _failed(pipeline: Pipeline, row: SourceRow, now: datetime, error: SourceError) -> Visit:
    outcome = Outcome.BLOCKED if isinstance(error, Blocked) else Outcome.FAILED
    visit = Visit(source=row.name, at=now, outcome=outcome, error=in_words(error))
    await _finish(pipeline, row, visit, Harvest(), retry_at=error.retry_at)
    return visit


async def _finish(
    pipeline: Pipeline, row: SourceRow, visit: Visit, harvest: Harvest, *, retry_at: datetime | None
) -> None:
    after, turn = after_visit(row, visit)
    due = next_poll(
        visit.at, pipeline.every[row.name], failures=after.failures, retry_at=retry_at, jitter=pipeline.jitter()
    )
    after = replace(after, next_poll_at=due)
    if visit.error:
        log.warning("source %s: %s; next try at %s", row.name, visit.error, _moment(due))
    alerts = [_health_alert(pipeline, after, turn)] if turn else []
    await asyncio.to_thread(pipeline.store.finish_visit, visit, after, harvest.links, harvest.remembered, alerts)


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
