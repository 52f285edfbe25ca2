"""The demo's own time, and how it is played through."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from facts.visit import Harvest
from pursestrings.demo.drive import DELAY, LAST_LOOK, DemoClock, drive
from pursestrings.demo.world import World
from tests.scheduler.rig import Rig, ScriptedSpider, rig

START = datetime(2017, 8, 3, 12, 0, tzinfo=UTC)
DENVER = ZoneInfo("America/Denver")


@pytest.fixture
def two_days(world: World) -> World:
    """The days of the letter and of the first answer."""
    return replace(world, start=START, end=START + timedelta(days=2))


async def play(desk: Rig, world: World, clock: DemoClock) -> list[tuple[datetime, float]]:
    """Drive to the end; return what was told of the way."""
    told: list[tuple[datetime, float]] = []
    await drive(desk.pipeline, world, clock, lambda moment, share: told.append((moment, share)))
    return told


def test_the_clock_goes_forward_only() -> None:
    """What was archived at a time cannot be undone by an earlier one."""
    clock = DemoClock(START)
    clock.set(START - timedelta(days=1))
    assert clock() == START
    clock.set(START + DELAY)
    assert clock() == START + DELAY


async def test_it_looks_after_every_publication_and_at_every_digest(tmp_path: Path, two_days: World) -> None:
    """From the start to the end, in order; the share grows to the whole."""
    clock = DemoClock(two_days.start)
    with rig(tmp_path, {"doj": ScriptedSpider([Harvest()])}) as desk:
        told = await play(desk, two_days, clock)
    moments, shares = [moment for moment, _ in told], [share for _, share in told]

    assert (moments[0], moments[-1]) == (two_days.start, two_days.end + DELAY)
    assert moments == sorted(set(moments))
    assert {turn + DELAY for turn in two_days.turns()} <= set(moments)
    assert {datetime(2017, 8, day, 7, tzinfo=DENVER) for day in (3, 4)} <= set(moments)
    assert (shares == sorted(shares), shares[-1]) == (True, 1.0)
    assert clock() == two_days.end + DELAY + LAST_LOOK


async def test_sources_are_visited_when_due_and_digests_go_out(tmp_path: Path, two_days: World) -> None:
    """Once an hour and no oftener; one digest a day."""
    spider = ScriptedSpider([Harvest()])
    with rig(tmp_path, {"doj": spider}) as desk:
        told = await play(desk, two_days, DemoClock(two_days.start))
        visits = desk.stores.catalogue.visits("doj", 1000)
        days = [bulletin.local_date.day for bulletin in desk.desk.bulletins]

    assert 2 < len(visits) <= len(told) + 1
    assert all(later.at - earlier.at >= timedelta(hours=1) for later, earlier in itertools.pairwise(visits))
    assert days == [3, 4, 5]


async def test_it_goes_on_from_where_the_archive_stands(tmp_path: Path, two_days: World) -> None:
    """A second run over the same folder does not begin again."""
    first_day = replace(two_days, end=two_days.start + timedelta(days=1))
    with rig(tmp_path, {"doj": ScriptedSpider([Harvest()])}) as desk:
        await play(desk, first_day, DemoClock(two_days.start))
        reached = desk.stores.catalogue.visits("doj", 1)[0].at
        told = await play(desk, two_days, DemoClock(two_days.start))
        days = [bulletin.local_date.day for bulletin in desk.desk.bulletins]

    assert min(moment for moment, _ in told) >= reached
    assert told[-1] == (two_days.end + DELAY, 1.0)
    assert days == sorted(set(days))
