"""Passes: one look at some sources and all that follows from it, for `poll` and `demo`, which bring their own time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from facts.visit import Visit
from scheduler.delivering import deliver_due
from scheduler.judging import judge_waiting, route_waiting
from scheduler.looking import claim_looks, look_again
from scheduler.pipeline import Pipeline
from scheduler.polling import MOST_VISITS, Followed, claim_links, follow_link, poll
from scheduler.stopwatch import Stopwatch
from storage.work import SourceRow

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
    #: Of the process and its children, until all that could be read was read and kept.
    cpu_seconds: float
    wall_seconds: float
    #: Of judging, joining and telling, which comes after: for what a first visit brings no reader waits.
    judging_cpu_seconds: float
    judging_wall_seconds: float


async def run_pass(pipeline: Pipeline, rows: Sequence[SourceRow], now: datetime) -> Pass:
    """Visit these sources and run every stage until nothing waits."""
    begun = Stopwatch.now()
    results = await _visit_all(pipeline, rows, now)
    followed = await follow_all(pipeline, now)
    read = Stopwatch.now()
    events = await judge_all(pipeline, now)
    judged = Stopwatch.now()
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
        errors=sum(visit.outcome.failed for visit in visits),
        cpu_seconds=round(read.cpu - begun.cpu, 3),
        wall_seconds=round(read.wall - begun.wall, 3),
        judging_cpu_seconds=round(judged.cpu - read.cpu, 3),
        judging_wall_seconds=round(judged.wall - read.wall, 3),
    )


async def _visit_all(pipeline: Pipeline, rows: Sequence[SourceRow], now: datetime) -> list[tuple[Visit, int]]:
    free = asyncio.Semaphore(MOST_VISITS)

    async def visit(row: SourceRow) -> tuple[Visit, int]:
        async with free:
            return await poll(pipeline, row, now)

    return await asyncio.gather(*map(visit, rows))


async def settle(pipeline: Pipeline, now: datetime) -> tuple[list[Followed], int]:
    """Run the stages behind the spiders until nothing waits that could go on now.

    Returns:
        What each link took and brought, and the events that joined stories.
    """
    return await follow_all(pipeline, now), await judge_all(pipeline, now)


async def follow_all(pipeline: Pipeline, now: datetime) -> list[Followed]:
    """Read what waits, and look again at what is due; return what each took and brought."""
    followed: list[Followed] = []
    while True:
        while pending := await claim_links(pipeline, now, limit=BATCH):
            followed += await asyncio.gather(*(follow_link(pipeline, one, now) for one in pending))
        # An edited page may link a letter.
        if not (looks := await claim_looks(pipeline, now, limit=BATCH)):
            return followed
        followed += await asyncio.gather(*(look_again(pipeline, one, now) for one in looks))


async def judge_all(pipeline: Pipeline, now: datetime) -> int:
    """Judge, join and tell all that waits; return how many events joined stories."""
    events = 0
    while await judge_waiting(pipeline, now, limit=BATCH):
        pass
    while routed := await route_waiting(pipeline, now, limit=BATCH):
        events += routed
    while await deliver_due(pipeline, now, limit=BATCH):
        pass
    return events
