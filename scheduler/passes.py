"""Passes: one look at some sources and all that follows from it, for `poll` and `demo`, which bring their own time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from facts.visit import Outcome, Visit
from scheduler.delivering import deliver_due
from scheduler.judging import judge_waiting, route_waiting
from scheduler.pipeline import Pipeline
from scheduler.polling import Followed, claim_links, follow_link, poll
from storage.protocols import SourceRow

#: Rows one look of a stage takes.
BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What one pass did; the keys of a JSON line of `poll --json`."""

    sources: int
    requests: int
    bytes: int
    not_modified: int
    unchanged: int
    documents: int
    snapshots: int
    events: int
    errors: int
    cpu_seconds: float
    wall_seconds: float


async def run_pass(pipeline: Pipeline, rows: Sequence[SourceRow], now: datetime) -> Pass:
    """Visit these sources and run every stage until nothing waits."""
    cpu, wall = time.process_time(), time.monotonic()
    results = await asyncio.gather(*(poll(pipeline, row, now) for row in rows))
    followed, events = await settle(pipeline, now)
    visits = [visit for visit, _ in results]
    looks: list[Visit | Followed] = [*visits, *followed]
    return Pass(
        sources=len(rows),
        requests=sum(look.requests for look in looks),
        bytes=sum(look.bytes for look in looks),
        not_modified=sum(visit.not_modified for visit in visits),
        unchanged=sum(visit.unchanged for visit in visits),
        documents=sum(look.documents for look in looks),
        snapshots=sum(one.snapshots for one in followed) + sum(snapshots for _, snapshots in results),
        events=events,
        errors=sum(visit.outcome in (Outcome.FAILED, Outcome.BLOCKED) for visit in visits),
        cpu_seconds=round(time.process_time() - cpu, 3),
        wall_seconds=round(time.monotonic() - wall, 3),
    )


async def settle(pipeline: Pipeline, now: datetime) -> tuple[list[Followed], int]:
    """Run the stages behind the spiders until nothing waits that could go on now.

    Returns:
        What each link took and brought, and the events that joined stories.
    """
    followed: list[Followed] = []
    while pending := await claim_links(pipeline, now, limit=BATCH):
        followed += await asyncio.gather(*(follow_link(pipeline, one, now) for one in pending))
    events = 0
    while await judge_waiting(pipeline, now, limit=BATCH):
        pass
    while routed := await route_waiting(pipeline, now, limit=BATCH):
        events += routed
    while await deliver_due(pipeline, now, limit=BATCH):
        pass
    return followed, events
