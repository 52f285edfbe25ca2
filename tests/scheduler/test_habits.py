from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.visit import Harvest, Outcome, Shape, Visit
from scheduler.habits import Habits, interval_of, taught
from scheduler.rhythm import LEARNING, Rhythm
from scheduler.vitals import Ailment, Usual, usual_after
from storage.work import SourceRow, SourceState
from tests.facts.samples import NOON
from tests.scheduler.rig import link, page

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ROW = SourceRow(name="ledger", next_poll_at=NOON, last_ok_at=NOON - HOUR, visited=True)


def visit(outcome: Outcome = Outcome.FRESH, at: datetime = NOON) -> Visit:
    """Return a visit."""
    return Visit(source="ledger", at=at, outcome=outcome)


def test_habits_are_read_as_they_were_written() -> None:
    """A small JSON object; what is not known is left out."""
    habits = Habits(rhythm=Rhythm.new(NOON), wait=2 * HOUR, newest=NOON - DAY)

    assert Habits.read(str(habits)) == habits
    assert str(Habits()) == "{}"
    assert str(Habits(wait=HOUR)) == '{"wait":3600}'


@pytest.mark.parametrize(
    "words",
    [
        None,
        "",
        "{",
        "[]",
        "null",
        "[" * 100_000,
        '{"rhythm":5,"wait":"x"}',
        '{"wait":-1}',
        '{"newest":"2017"}',
        '{"newest":"2017-08-03T12:00:00"}',
        '{"wait":1e99}',
        "{}",
    ],
)
def test_damaged_words_taught_nothing(words: str | None) -> None:
    """Nor do those of another version."""
    assert Habits.read(words) == Habits()


@given(words=st.text(max_size=40))
def test_no_words_trip_it(words: str) -> None:
    """Whatever stands in the row."""
    assert Habits.read(words).wait is None


def test_a_warm_visit_writes_no_habits() -> None:
    """A visit that brings nothing leaves the very same row."""
    row = replace(ROW, habits=str(Habits(rhythm=Rhythm.new(NOON - 30 * DAY))))

    for outcome in (Outcome.UNCHANGED, Outcome.EMPTY):
        assert taught(row, visit(outcome), Harvest(not_modified=1), snapshots=0, appeared=0) is row
    assert taught(ROW, visit(Outcome.UNCHANGED), Harvest(not_modified=1), snapshots=0, appeared=0) is ROW


def test_the_first_items_teach_no_rhythm_and_the_next_do() -> None:
    """The first visit finds what came at any time; from then on the source is watched."""
    first = taught(replace(ROW, last_ok_at=None), visit(), Harvest(), snapshots=100, appeared=0)
    later = taught(first, visit(at=NOON + HOUR), Harvest(), snapshots=2, appeared=0)
    rhythms = [Habits.read(row.habits).rhythm for row in (first, later)]

    assert rhythms[0] == Rhythm.new(NOON)
    assert rhythms[1] is not None
    assert sum(rhythms[1].counts) == pytest.approx(2)


def counted(row: SourceRow) -> float:
    """Return how many items a row's rhythm has seen."""
    rhythm = Habits.read(row.habits).rhythm
    return sum(rhythm.counts) if rhythm is not None else 0


def test_where_nothing_is_dated_a_new_address_is_an_item() -> None:
    """A listing without dates lives and freezes like others; where there are dates, those alone are asked."""
    bare, dated = link("bare", published_at=None), link("dated", published_at=NOON - 2 * DAY)
    first = taught(
        replace(ROW, last_ok_at=None), visit(at=NOON - HOUR), Harvest(links=(bare,)), snapshots=0, appeared=9
    )
    second = taught(first, visit(), Harvest(links=(bare,)), snapshots=0, appeared=2)
    third = taught(second, visit(), Harvest(links=(bare,)), snapshots=0, appeared=0)
    fourth = taught(second, visit(), Harvest(links=(bare, dated)), snapshots=0, appeared=2)

    old_again = replace(page("old", "It rained."), published_at=NOON - 2 * DAY)
    fifth = taught(second, visit(), Harvest(documents=(old_again,)), snapshots=0, appeared=2)

    assert [counted(row) for row in (first, second)] == [0, pytest.approx(2)]
    assert third is second
    assert [counted(row) for row in (fourth, fifth)] == [pytest.approx(2)] * 2


def test_items_are_counted_once() -> None:
    """Links that are dated after all that were known, even before the last look; none without a date or ahead."""
    old, new = link("old", published_at=NOON - 2 * DAY), link("new", published_at=NOON - 3 * HOUR)
    more = (link("undated", published_at=None), link("ahead", published_at=NOON + DAY))
    first = taught(replace(ROW, last_ok_at=None), visit(at=NOON - HOUR), Harvest(links=(old,)), snapshots=0, appeared=0)
    second = taught(first, visit(), Harvest(links=(old, new, *more)), snapshots=0, appeared=0)
    third = taught(second, visit(), Harvest(links=(old, new, *more)), snapshots=0, appeared=0)
    fourth = taught(third, visit(), Harvest(links=(old, new)), snapshots=3, appeared=0)

    assert counted(first) == 0
    assert counted(second) == pytest.approx(1)
    assert third is second
    assert counted(fourth) == pytest.approx(4)


def row_asking(wait: timedelta | None, **changes: Any) -> SourceRow:
    """Return a row whose last answer asked for this wait."""
    return replace(taught(ROW, visit(Outcome.EMPTY), Harvest(wait=wait), snapshots=0, appeared=0), **changes)


@pytest.mark.parametrize(
    ("asked", "hours"),
    [(None, 1), (timedelta(minutes=2), 1), (3 * HOUR, 3), (24 * HOUR, 24), (365 * DAY, 24), (timedelta(), 1)],
)
def test_what_an_answer_asks_for_is_kept_to_within_a_day(asked: timedelta | None, hours: int) -> None:
    """A ttl of two minutes speeds nothing up, and one of a year stops nothing."""
    assert interval_of(row_asking(asked), NOON, HOUR) == hours * HOUR


def test_what_a_body_asked_for_holds_while_it_does_not_change() -> None:
    """A 304 has no ttl; the next body may have another."""
    asked = row_asking(3 * HOUR)
    same = taught(asked, visit(Outcome.UNCHANGED, NOON + HOUR), Harvest(wait=2 * HOUR), snapshots=0, appeared=0)
    other = taught(asked, visit(Outcome.FRESH, NOON + HOUR), Harvest(), snapshots=1, appeared=0)

    assert same is asked
    assert interval_of(other, NOON + HOUR, HOUR) == HOUR


def test_a_source_that_fails_is_not_slowed_by_what_it_asked_while_it_lived() -> None:
    """It is found mended within its interval."""
    assert interval_of(row_asking(24 * HOUR, failures=1), NOON, HOUR) == HOUR


def test_a_source_in_its_quiet_hours_is_polled_more_seldom() -> None:
    """Learned from visits alone: one item each noon."""
    row = replace(ROW, last_ok_at=None)
    for day in range(LEARNING.days + 7):
        row = replace(
            taught(row, visit(at=NOON + day * DAY), Harvest(), snapshots=1, appeared=0),
            last_ok_at=NOON + (day + 1) * DAY - HOUR,
        )
    now = NOON + 21 * DAY

    assert interval_of(row, now + 10 * HOUR, HOUR) == 4 * HOUR
    assert interval_of(row, now - HOUR, HOUR) == HOUR


@pytest.mark.parametrize(("days", "came", "ails"), [(8, 2, False), (6, 2, True), (8, 0, True)])
def test_a_source_that_was_rebuilt_and_brings_news_for_a_week_is_well(days: int, came: int, *, ails: bool) -> None:
    """Else it failed for ever, and nobody would be told when it really died."""
    before = Shape(items=25, dated=25, titled=25, worded=25, newest=NOON, layout="old")
    usual: Usual | None = None
    for _ in range(3):
        usual = usual_after(usual, before)
    known = Habits(rhythm=Rhythm.new(NOON - 30 * DAY), usual=usual, ailment=Ailment(words="rebuilt", looks=3))
    row = replace(ROW, habits=str(known), state=SourceState.FAILING, turned_at=NOON - days * DAY)
    now = Shape(items=10, dated=10, titled=10, worded=10, newest=NOON, layout="new")

    habits = Habits.read(taught(row, visit(), Harvest(shape=now), snapshots=came, appeared=0).habits)

    assert (habits.ailment is not None) is ails
    assert habits.usual == (usual if ails else Usual.of(now))
