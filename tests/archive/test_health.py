"""Health follows the scheduler's clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from archive.health import Health, health_json, is_alive, is_well
from facts.canary import Heard, PathReport, PathState
from tests.archive.samples import NOON

HEALTH = Health(now=NOON, last_tick=NOON - timedelta(seconds=30), failing=("doj",))


@pytest.mark.parametrize(("seconds", "alive"), [(0, True), (120, True), (121, False), (86_400, False)])
def test_an_old_tick_is_a_dead_clock(seconds: int, *, alive: bool) -> None:
    """Two minutes are the limit."""
    assert alive == is_alive(replace(HEALTH, last_tick=NOON - timedelta(seconds=seconds)))


def test_a_clock_that_never_ticked_is_dead() -> None:
    """Nothing is assumed."""
    assert not is_alive(replace(HEALTH, last_tick=None))


def test_the_document_holds_what_a_monitor_asks_for() -> None:
    """A failing source is named and does not make the service dead."""
    assert health_json(HEALTH) == {
        "ok": True,
        "alive": True,
        "now": "2017-08-03T18:05:00+00:00",
        "last_tick": "2017-08-03T18:04:30+00:00",
        "seconds_since_tick": 30.0,
        "sources_failing": ["doj"],
        "canary": None,
    }


@pytest.mark.parametrize(
    ("state", "well"), [(PathState.SOUND, True), (PathState.UNKNOWN, True), (PathState.LATE, False)]
)
def test_a_canary_that_is_late_makes_the_service_ill_though_its_clock_ticks(state: PathState, *, well: bool) -> None:
    """That it is not known yet does not."""
    heard = Heard(published_at=NOON - timedelta(hours=1), at=NOON - timedelta(minutes=59))
    late = NOON if state is PathState.LATE else None
    health = replace(HEALTH, path=PathReport(state=state, published_at=NOON, heard=heard, late_since=late))
    document = health_json(health)

    assert (is_well(health), is_alive(health)) == (well, True)
    assert (document["ok"], document["alive"]) == (well, True)
    assert document["canary"] == {
        "state": state.value,
        "published_at": "2017-08-03T18:05:00+00:00",
        "heard_at": "2017-08-03T17:06:00+00:00",
        "heard_published_at": "2017-08-03T17:05:00+00:00",
        "late_since": "2017-08-03T18:05:00+00:00" if late else None,
    }


def test_a_dead_clock_is_ill_whatever_the_canary_says() -> None:
    """It may have come through before."""
    path = PathReport(state=PathState.SOUND, published_at=NOON)

    assert not is_well(replace(HEALTH, last_tick=None, path=path))
