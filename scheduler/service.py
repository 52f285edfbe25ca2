"""Service: the clock and the stage loops, until somebody says stop.

APScheduler is only the clock: a handful of jobs in memory. What is due is read from the database, so a missed tick, a
restart or a doubled hour changes nothing. A job only starts the work, which is a task of the service's own: the
scheduler cancels its jobs when it stops, and a send must not be cut off before its answer is noted.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from facts.canary import PathState
from facts.errors import StorageError
from scheduler.canary import watch_path
from scheduler.delivering import due_channels, open_digests, send_next
from scheduler.judging import judge_waiting, route_waiting
from scheduler.looking import claim_looks, look_again
from scheduler.pipeline import Pipeline
from scheduler.polling import MOST_VISITS, claim, claim_links, follow_link, poll

log = logging.getLogger(__name__)

#: How often each loop looks, in seconds; what a visit brings is judged at once, and told at once.
TICK = 1.0
#: Ticks between two looks of a loop. A source that is due waits for half of that, on average.
_PACE = {"poll": 0.25, "canary": 10.0}
#: A longer pause between two looks at the path was no look that came late. Shorter than what makes a canary late.
_SLEPT = timedelta(minutes=10)
#: Pages read at one time.
MOST_FETCHES = 32
#: Archived documents that are looked at again at one time: what is new goes first.
MOST_LOOKS = 8
#: Rows one look of a loop takes.
BATCH = 50
#: What is in flight may take this long to end after a stop, in seconds; leases cover what does not.
GRACE = 6.0
#: What only reads has less time, in seconds: cut off, it is read again, and the source is not held to have failed.
READING_GRACE = 1.5
#: What is cancelled after that may take this long to let go of what it holds, in seconds.
_LAST_GRACE = 1.0


@dataclass(kw_only=True)
class Heartbeat:
    """When each loop last came round; what `/health` shows."""

    started_at: datetime
    loops: dict[str, datetime] = field(default_factory=dict)
    #: Since when the clock goes on as a clock does: a machine may sleep, and its time be set.
    awake_since: datetime = field(init=False)

    def __post_init__(self) -> None:
        """Begin awake."""
        self.awake_since = self.started_at

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
        self._stop = asyncio.Event()
        #: What was seen last of the path that the canary takes.
        self._path: PathState | None = None
        # What is under way, by what it works on: nothing is started twice at one time.
        self._rounds: dict[str, asyncio.Task[None]] = {}
        self._polls: dict[str, asyncio.Task[None]] = {}
        self._links: dict[str, asyncio.Task[None]] = {}
        self._looks: dict[str, asyncio.Task[None]] = {}
        self._senders: dict[str, asyncio.Task[None]] = {}
        self.heartbeat = Heartbeat(started_at=clock())

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; then begin nothing new, and end what is in flight within the grace."""
        self._stop = stop
        scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        loops = {"poll": self._poll, "follow": self._follow, "judge": self._judge, "tell": self._tell}
        if self._pipeline.canary is not None:
            loops["canary"] = self._watch_path
        for name, loop in loops.items():
            self.heartbeat.loops[name] = self._clock()
            tick = self._tick * _PACE.get(name, 1.0)
            scheduler.add_job(self._beat, "interval", seconds=tick, args=[name, loop], id=name)
        scheduler.start()
        hearing = asyncio.create_task(self._hear())
        try:
            await stop.wait()
        finally:
            stop.set()
            hearing.cancel()
            scheduler.shutdown(wait=False)
            await self._drain()

    async def _beat(self, name: str, loop: Callable[[datetime], Awaitable[None]]) -> None:
        # A round that takes longer than a tick is left alone: it or the next one finds what came meanwhile.
        self._start(self._rounds, name, f"loop {name}", partial(self._round, name, loop))

    async def _round(self, name: str, loop: Callable[[datetime], Awaitable[None]]) -> None:
        now = self._clock()
        try:
            await loop(now)
        finally:
            self.heartbeat.loops[name] = now

    async def _poll(self, now: datetime) -> None:
        if (free := MOST_VISITS - len(self._polls)) > 0:
            for row in await claim(self._pipeline, now, limit=free):
                # A visit that outlives its lease is still that visit.
                self._start(self._polls, row.name, f"source {row.name}", partial(poll, self._pipeline, row, now))

    async def _follow(self, now: datetime) -> None:
        if (free := MOST_FETCHES - len(self._links)) > 0:
            for pending in await claim_links(self._pipeline, now, limit=free):
                link = pending.link
                work = partial(follow_link, self._pipeline, pending, now)
                self._start(self._links, link.id, f"link {link.url}", work)
        if (free := MOST_LOOKS - len(self._looks)) > 0:
            for look in await claim_looks(self._pipeline, now, limit=free):
                watch = look.watch
                again = partial(look_again, self._pipeline, look, now)
                self._start(self._looks, f"{watch.source} {watch.url}", f"look at {watch.url}", again)

    async def _hear(self) -> None:
        """Judge what came, without waiting for the next tick."""
        while True:
            await self._pipeline.came.wait()
            await self._beat("judge", self._judge)
            # It may have been under way, and past its last look.
            await asyncio.wait([self._rounds.get("judge") or asyncio.create_task(asyncio.sleep(self._tick))])

    async def _judge(self, now: datetime) -> None:
        judged = 1
        while (judged or self._pipeline.came.is_set()) and not self._stop.is_set():
            self._pipeline.came.clear()
            judged = await judge_waiting(self._pipeline, now, limit=BATCH)
            if await route_waiting(self._pipeline, now, limit=BATCH):
                await self._beat("tell", self._tell)

    async def _tell(self, now: datetime) -> None:
        await open_digests(self._pipeline, now, started_at=self.heartbeat.started_at)
        for channel in await due_channels(self._pipeline, now):
            self._start(self._senders, channel, f"channel {channel}", partial(self._send, channel))

    async def _watch_path(self, now: datetime) -> None:
        every, heart = self._pipeline.canary, self.heartbeat
        if abs(now - heart.loops["canary"]) > _SLEPT:
            heart.awake_since = now
        if every is not None:
            self._path = await watch_path(self._pipeline, every, now, started_at=heart.awake_since, before=self._path)

    async def _send(self, channel: str) -> None:
        """Tell one channel all that is due, in order; a slow one has only itself to wait for."""
        while not self._stop.is_set() and await send_next(self._pipeline, channel, self._clock):
            pass

    def _start(
        self,
        tasks: dict[str, asyncio.Task[None]],
        key: str,
        what: str,
        work: Callable[[], Coroutine[object, object, object]],
    ) -> None:
        """Begin this work unless it is under way or the service stops.

        Not awaited: a host that hangs must not hold up what is due after it.
        """
        if self._stop.is_set() or key in tasks:
            return
        tasks[key] = asyncio.create_task(_end_well(work(), what))
        tasks[key].add_done_callback(lambda _: tasks.pop(key))

    async def _drain(self) -> None:
        reading = [task for tasks in (self._polls, self._links, self._looks) for task in tasks.values()]
        telling = [task for tasks in (self._rounds, self._senders) for task in tasks.values()]
        await asyncio.gather(_end(reading, min(READING_GRACE, self._grace)), _end(telling, self._grace))


async def _end(tasks: Collection[asyncio.Task[None]], grace: float) -> None:
    """Wait for these; what has not ended within the grace is cancelled."""
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=grace)
    for task in late:
        task.cancel()
    if late:
        await asyncio.wait(late, timeout=_LAST_GRACE)


async def _end_well(work: Coroutine[object, object, object], what: str) -> None:
    """Wait for the work; what the archive cannot take now, a full disk or a locked database, is done again later."""
    try:
        await work
    except StorageError as error:
        log.error("%s: %s; trying again", what, error)  # noqa: TRY400 the line says what to do, no trace needed
    except Exception:  # a bug of one round or one source is told, and the service goes on
        log.exception("%s: internal error", what)
