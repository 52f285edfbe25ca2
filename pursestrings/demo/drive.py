"""Drive: plays the invented weeks through the real pipeline, with their own time instead of the clock's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from pursestrings.demo.world import World
from scheduler.delivering import open_digests
from scheduler.digests import due_at
from scheduler.passes import run_pass
from scheduler.pipeline import Pipeline
from scheduler.polling import claim

#: A source is looked at this long after something appeared somewhere, as a poll would happen to.
DELAY = timedelta(minutes=5)
#: The last look at everything comes this long after the last that was due.
LAST_LOOK = timedelta(hours=2)
_ALL = 1000


class DemoClock:
    """The time that the invented web, the pipeline and the archive share."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def __call__(self) -> datetime:
        """Return the time."""
        return self._now

    def set(self, now: datetime) -> None:
        """Move on; never back."""
        self._now = max(self._now, now)


async def drive(pipeline: Pipeline, world: World, clock: DemoClock, tell: Callable[[datetime, float], None]) -> None:
    """Play the world to its end from where the archive stands; `tell` hears of each moment and the share done."""
    reached = await asyncio.to_thread(_reached, pipeline)
    if reached is not None:
        clock.set(reached)
    moments = list(_moments(pipeline, world, reached))
    for number, moment in enumerate(moments, 1):
        clock.set(moment)
        await _look(pipeline, world, moment)
        tell(moment, number / len(moments))
    # What a crash left half done waits for its lease: the last look comes after every lease has run out.
    clock.set(clock() + LAST_LOOK)
    await _look(pipeline, world, clock())


async def _look(pipeline: Pipeline, world: World, now: datetime) -> None:
    await open_digests(pipeline, now, started_at=world.start)
    rows = await claim(pipeline, now, limit=_ALL)
    await run_pass(pipeline, rows, now)


def _moments(pipeline: Pipeline, world: World, reached: datetime | None) -> Iterator[datetime]:
    """Yield the moments to look at: the start, whenever something appeared, each digest's time, the end."""
    ends = world.end + DELAY
    looks = {world.start, *(turn + DELAY for turn in world.turns()), *_digest_times(pipeline, world), ends}
    return (moment for moment in sorted(looks) if reached is None or moment >= reached)


def _digest_times(pipeline: Pipeline, world: World) -> Sequence[datetime]:
    days = range((world.end - world.start).days + 2)
    first = world.start.astimezone(pipeline.newsroom.zone).date()
    times = [
        due_at(first + timedelta(days=day), plan.at, pipeline.newsroom.zone)
        for plan in pipeline.digests.values()
        for day in days
    ]
    return [time for time in times if world.start < time <= world.end]


def _reached(pipeline: Pipeline) -> datetime | None:
    """Return the time of the last visit in the archive, None when it is new."""
    visited = [row.last_visit_at for row in pipeline.catalogue.sources() if row.last_visit_at]
    return max(visited, default=None)
