"""Service: the clock and the stage loops, until somebody says stop.

APScheduler is only the clock: a handful of jobs in memory. What is due is read from the database, so a missed tick, a
restart or a doubled hour changes nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from facts.errors import StorageError
from scheduler.delivering import deliver_due, open_digests
from scheduler.judging import judge_waiting, route_waiting
from scheduler.pipeline import Pipeline
from scheduler.polling import claim, claim_links, follow_link, poll

log = logging.getLogger(__name__)

#: How often each loop looks, in seconds: alerts follow a poll within two of these.
TICK = 1.0
#: Sources polled at one time, and pages read at one time.
MOST_FETCHES = 32
#: Rows one look of a loop takes.
BATCH = 50
#: What is in flight may take this long to end after a stop, in seconds; leases cover what does not.
GRACE = 6.0


@dataclass(kw_only=True)
class Heartbeat:
    """When each loop last came round; what `/health` shows."""

    started_at: datetime
    loops: dict[str, datetime] = field(default_factory=dict)

    def oldest(self) -> datetime:
        """Return the time of the loop that came round longest ago."""
        return min(self.loops.values(), default=self.started_at)


class Service:
    """Runs the loops of one pipeline."""

    def __init__(
        self, pipeline: Pipeline, clock: Callable[[], datetime], *, tick: float = TICK, grace: float = GRACE
    ) -> None:
        self._pipeline = pipeline
        self._clock = clock
        self._tick = tick
        self._grace = grace
        self._polls: set[asyncio.Task[None]] = set()
        self._links: set[asyncio.Task[None]] = set()
        self.heartbeat = Heartbeat(started_at=clock())

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then end what is in flight within the grace."""
        scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        loops = {"poll": self._poll, "follow": self._follow, "judge": self._judge, "tell": self._tell}
        for name, loop in loops.items():
            self.heartbeat.loops[name] = self._clock()
            scheduler.add_job(self._beat, "interval", seconds=self._tick, args=[name, loop], id=name)
        scheduler.start()
        try:
            await stop.wait()
        finally:
            scheduler.shutdown(wait=False)
            await self._drain()

    async def _beat(self, name: str, loop: Callable[[datetime], Awaitable[None]]) -> None:
        now = self._clock()
        try:
            await loop(now)
        except StorageError as error:
            # A full disk or a locked database passes; what waits is still there at the next tick.
            log.error("loop %s: %s; trying again", name, error)  # noqa: TRY400 the line says what to do, no trace needed
        self.heartbeat.loops[name] = now

    async def _poll(self, now: datetime) -> None:
        if (free := MOST_FETCHES - len(self._polls)) > 0:
            for row in await claim(self._pipeline, now, limit=free):
                self._start(self._polls, poll(self._pipeline, row, now), f"source {row.name}")

    async def _follow(self, now: datetime) -> None:
        if (free := MOST_FETCHES - len(self._links)) > 0:
            for pending in await claim_links(self._pipeline, now, limit=free):
                self._start(self._links, follow_link(self._pipeline, pending, now), f"link {pending.link.url}")

    def _start(self, tasks: set[asyncio.Task[None]], work: Coroutine[object, object, object], what: str) -> None:
        # Not awaited: a host that hangs must not hold up what is due after it.
        task = asyncio.create_task(_end_well(work, what))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    async def _judge(self, now: datetime) -> None:
        while await judge_waiting(self._pipeline, now, limit=BATCH):
            await route_waiting(self._pipeline, now, limit=BATCH)
        await route_waiting(self._pipeline, now, limit=BATCH)

    async def _tell(self, now: datetime) -> None:
        await open_digests(self._pipeline, now, started_at=self.heartbeat.started_at)
        await deliver_due(self._pipeline, now, limit=BATCH)

    async def _drain(self) -> None:
        under_way = self._polls | self._links
        if not under_way:
            return
        _, late = await asyncio.wait(under_way, timeout=self._grace)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


async def _end_well(work: Coroutine[object, object, object], what: str) -> None:
    """Wait for the work; what the archive cannot take now is done again when its lease ends."""
    try:
        await work
    except StorageError as error:
        log.error("%s: %s; it is tried again when its lease ends", what, error)  # noqa: TRY400 the line says what to do
