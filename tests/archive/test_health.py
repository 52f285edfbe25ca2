"""Health follows the scheduler's clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from archive.health import Health, health_json, is_alive
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
        "alive": True,
        "now": "2017-08-03T18:05:00+00:00",
        "last_tick": "2017-08-03T18:04:30+00:00",
        "seconds_since_tick": 30.0,
        "sources_failing": ["doj"],
    }
