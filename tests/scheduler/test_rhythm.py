from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.rhythm import (
    EASTERN,
    LEARNING,
    SLOTS,
    Rhythm,
    expected_gap,
    expected_items,
    interval,
    learn,
    most_of,
    slot_of,
)

HOUR, MINUTE, DAY, WEEK = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1), timedelta(weeks=1)
#: A Monday, six weeks without a holiday before it.
MONDAY = datetime(2026, 8, 17, 0, 0, tzinfo=EASTERN)
BEGAN = MONDAY - 6 * WEEK
MOMENTS = st.integers(0, 60 * 24 * 400).map(lambda minutes: MONDAY.astimezone(UTC) + minutes * MINUTE)


def office_hours() -> Iterator[datetime]:
    """Yield the end of each hour from nine to five on working days."""
    for number in range(6 * 7 * 24):
        moment = BEGAN.astimezone(UTC) + number * HOUR
        local = moment.astimezone(EASTERN)
        if local.weekday() < 5 and 9 <= local.hour < 17:
            yield moment + HOUR - MINUTE


def newsroom(*, items: int = 1, every_nth: int = 1) -> Rhythm:
    """Return what six weeks of a newsroom teach that publishes in office hours."""
    rhythm = Rhythm.new(BEGAN)
    for number, moment in enumerate(office_hours()):
        if number % every_nth == 0:
            rhythm = learn(rhythm, moment, items, last_look=moment - 15 * MINUTE)
    return rhythm


BUSY = newsroom()


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a time in the week that begins with MONDAY."""
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


@pytest.mark.parametrize(
    ("now", "minutes"),
    [
        (at(1, 10), 15),
        (at(4, 16), 15),
        (at(1, 2), 60),
        (at(5, 12), 60),
        (at(6, 23), 60),
        # Labor Day 2026: a Monday like a Sunday.
        (at(21, 11), 60),
        (at(22, 11), 15),
    ],
)
def test_a_source_is_looked_at_when_it_usually_publishes(now: datetime, minutes: int) -> None:
    """At its shortest interval then; at its longest at night, at the weekend and on a federal holiday."""
    assert interval(BUSY, now, 15 * MINUTE, 60 * MINUTE) == minutes * MINUTE


def test_a_quiet_night_ends_before_the_first_release() -> None:
    """The interval ends where something may come, rather than stride over it."""
    wait = interval(BUSY, at(1, 4), 15 * MINUTE, 6 * HOUR)

    assert at(1, 8) < at(1, 4) + wait < at(1, 9)


def test_a_source_that_is_not_learned_yet_is_polled_at_its_own_interval() -> None:
    """For two weeks, and as long as nothing came."""
    new = learn(Rhythm.new(MONDAY), MONDAY + HOUR, 1)

    for rhythm, now in (
        (None, at(6, 3)),
        (new, MONDAY + LEARNING - MINUTE),
        (Rhythm.new(MONDAY), MONDAY + 50 * DAY),
    ):
        assert interval(rhythm, now, HOUR, 4 * HOUR) == HOUR
        assert rhythm is None or expected_gap(rhythm, now) is None
    assert interval(new, MONDAY + LEARNING + 12 * HOUR, HOUR, 4 * HOUR) > HOUR


@pytest.mark.parametrize(
    ("every", "most"),
    [(MINUTE, 4 * MINUTE), (HOUR, 4 * HOUR), (2 * HOUR, 6 * HOUR), (6 * HOUR, 6 * HOUR), (WEEK, WEEK)],
)
def test_the_longest_interval_follows_the_shortest(every: timedelta, most: timedelta) -> None:
    """Four times it, six hours at most, and never below it."""
    assert most_of(every) == most


def test_silence_is_expected_over_a_weekend_and_a_holiday() -> None:
    """The next item is waited for as long as none usually comes."""
    busy, friday, before_labor_day = (expected_gap(BUSY, now) for now in (at(1, 10), at(4, 18), at(4 + 14, 18)))

    assert busy is not None
    assert friday is not None
    assert before_labor_day is not None
    assert 30 * MINUTE < busy < 2 * HOUR
    assert 60 * HOUR < friday < 66 * HOUR
    assert 23 * HOUR < before_labor_day - friday < 25 * HOUR


def test_a_source_that_publishes_once_a_week_is_waited_for_about_a_week() -> None:
    """From any time on; one that nearly stopped is not waited for."""
    weekly = newsroom(every_nth=40)
    gap = expected_gap(weekly, weekly.at)

    assert gap is not None
    assert 5 * DAY < gap < 9 * DAY
    assert expected_gap(weekly, weekly.at + 30 * WEEK) is None


def test_expected_items_grow_with_the_time_over_any_number_of_days() -> None:
    """Two weeks bring twice one, since no day's end starts anew."""
    weeks = [expected_items(BUSY, MONDAY, MONDAY + number * WEEK) for number in range(3)]

    assert weeks[0] == 0
    assert 30 < weeks[1] < 50
    assert math.isclose(weeks[2], 2 * weeks[1])


@given(start=MOMENTS, steps=st.lists(st.integers(1, 60 * 30), min_size=1, max_size=12))
def test_expected_items_never_fall(start: datetime, steps: list[int]) -> None:
    """A longer stretch never brings fewer, whatever days and clock changes it goes over."""
    until, counts = start, [0.0]
    for step in steps:
        until += step * MINUTE
        counts.append(expected_items(BUSY, start, until))

    assert counts == sorted(counts)


@given(now=MOMENTS, minutes=st.integers(1, 60 * 24 * 30))
def test_an_interval_is_never_below_the_stanzas_nor_above_the_most(now: datetime, minutes: int) -> None:
    """Whatever the day and the hour."""
    every = minutes * MINUTE

    assert every <= interval(BUSY, now, every, most_of(every)) <= most_of(every)


def test_what_came_since_the_last_look_is_spread_over_that_time() -> None:
    """It came at some time in it."""
    rhythm = learn(Rhythm.new(BEGAN), at(1, 12), 4, last_look=at(1, 8))

    assert [round(rhythm.counts[24 + hour], 6) for hour in range(7, 13)] == [0, 1, 1, 1, 1, 0]
    assert math.isclose(sum(rhythm.counts), 4)


def test_a_pause_of_ours_is_no_silence_of_the_source() -> None:
    """Off for two weeks: the time is not counted as watched, and what came is laid over the last day."""
    rhythm = Rhythm.new(BEGAN)
    later = learn(rhythm, BEGAN + 15 * DAY, 10, last_look=BEGAN + DAY)

    assert later.since == BEGAN + 13 * DAY
    assert math.isclose(sum(later.counts), 10)


def test_old_arrivals_fade() -> None:
    """One of six weeks ago counts a third; what is published again as a whole counts as fifty at the most."""
    once = learn(Rhythm.new(BEGAN), BEGAN, 9)
    later = learn(once, BEGAN + 6 * WEEK, 0)

    assert math.isclose(sum(later.counts), 9 / math.e)
    assert math.isclose(sum(learn(Rhythm.new(BEGAN), BEGAN, 500).counts), 50)


def test_a_clock_that_goes_back_breaks_nothing() -> None:
    """Counts do not grow, and times stay in order."""
    back = learn(BUSY, BUSY.at - 3 * DAY, 1, last_look=BUSY.at)

    assert back.at == BUSY.at
    assert math.isclose(sum(back.counts), sum(BUSY.counts) + 1)
    assert expected_items(BUSY, BEGAN - DAY, BEGAN) >= 0


@pytest.mark.parametrize(
    ("moment", "slot"),
    [
        (datetime(2026, 8, 17, 4, 0, tzinfo=UTC), 0),
        (datetime(2026, 8, 17, 3, 59, tzinfo=UTC), SLOTS - 1),
        (datetime(2026, 12, 15, 5, 30, tzinfo=UTC), 24),
        # Thanksgiving, a Thursday.
        (datetime(2026, 11, 26, 12, 0, tzinfo=EASTERN), 6 * 24 + 12),
    ],
)
def test_hours_are_those_of_eastern_time(moment: datetime, slot: int) -> None:
    """In summer and winter; a holiday's are a Sunday's."""
    assert slot_of(moment) == slot


@given(
    counts=st.lists(st.just(0.0) | st.floats(0, 5e3), min_size=SLOTS, max_size=SLOTS),
    since=MOMENTS,
    later=st.integers(0, 10**6),
)
def test_a_rhythm_is_read_as_it_was_written(counts: list[float], since: datetime, later: int) -> None:
    """To three digits; written again it is the same."""
    rhythm = Rhythm(counts=tuple(counts), since=since, at=since + timedelta(seconds=later))
    read = Rhythm.read(str(rhythm))

    assert read is not None
    assert (read.since, read.at) == (rhythm.since, rhythm.at)
    assert all(math.isclose(a, b, rel_tol=0.01, abs_tol=0.006) for a, b in zip(counts, read.counts, strict=True))
    assert str(read) == str(rhythm)


def test_a_rhythm_is_short() -> None:
    """It lies in a row that is written often."""
    assert len(str(Rhythm.new(BEGAN))) < 200
    assert len(str(BUSY)) < 700


@pytest.mark.parametrize(
    "words",
    [
        "",
        "x",
        "1 2",
        "1 2 3",
        f"1 2 {',' * 166}",
        f"1 2 {',' * 167}-1",
        f"1 2 {',' * 167}nan",
        f"1 2 {',' * 167}1e9",
        f"a 2 {',' * 167}",
        f"99999999999999999999 2 {',' * 167}",
    ],
)
def test_words_that_are_no_rhythm_are_none(words: str) -> None:
    """Whatever became of the row."""
    assert Rhythm.read(words) is None


def test_learning_returns_a_new_value() -> None:
    """What was there stays as it was."""
    before = replace(BUSY)
    learn(BUSY, BUSY.at + HOUR, 3)

    assert before == BUSY
