"""Faked days: whatever is due is polled, and the clock jumps to what is due next."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.pipeline import Pipeline
from scheduler.polling import claim, poll
from tests.facts.samples import NOON


@dataclass
class Clock:
    """A clock that is set by hand."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now


async def live(pipeline: Pipeline, clock: Clock, until: datetime, step: timedelta) -> None:
    """Poll until a time; the clock goes on in whole steps, at least one."""
    while clock.now < until:
        rows = await claim(pipeline, clock.now, limit=1000)
        await asyncio.gather(*(poll(pipeline, row, clock.now) for row in rows))
        due = min(row.next_poll_at for row in pipeline.catalogue.sources())
        steps = max(-((NOON - due) // step), (clock.now - NOON) // step + 1)
        clock.now = min(NOON + steps * step, until)
