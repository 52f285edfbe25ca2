from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.errors import Blocked, Forbidden, SourceError, Unreachable, Unreadable
from scheduler.cadence import (
    LINK_RETRIES,
    LONGEST_WAIT,
    MOST_LOST,
    SPREAD,
    Missed,
    after_miss,
    next_poll,
    poll_horizon,
)
from tests.facts.samples import NOON

MINUTE = timedelta(minutes=1)
INTERVALS = st.integers(1, 60 * 24 * 30).map(lambda minutes: minutes * MINUTE)


@given(every=INTERVALS, failures=st.integers(0, 100_000), jitter=st.floats(0, 1), ask=st.none() | INTERVALS)
def test_a_poll_is_never_early_and_never_forgotten(
    every: timedelta, failures: int, jitter: float, ask: timedelta | None
) -> None:
    """Never before the interval or the host's own time is over; never later than the longest of both allows."""
    retry_at = NOON + ask if ask else None

    due = next_poll(NOON, every, failures=failures, retry_at=retry_at, jitter=jitter)

    assert due >= NOON + every
    assert retry_at is None or due >= retry_at
    assert due <= max(NOON + max(every * (1 + SPREAD), LONGEST_WAIT), retry_at or NOON)


@pytest.mark.parametrize(("failures", "minutes"), [(0, 10), (1, 10), (2, 20), (3, 40), (4, 60), (50, 60)])
def test_a_failing_source_is_asked_ever_more_seldom(failures: int, minutes: int) -> None:
    """The wait doubles up to an hour."""
    assert next_poll(NOON, 10 * MINUTE, failures=failures, retry_at=None, jitter=0) == NOON + minutes * MINUTE


def test_a_seldom_source_keeps_its_interval_when_it_fails() -> None:
    """A day's interval is not shortened to an hour."""
    day = timedelta(days=1)

    assert next_poll(NOON, day, failures=9, retry_at=None, jitter=0) == NOON + day


REFUSALS = [
    Blocked("a wall"),
    Unreadable("a picture"),
    *(Unreachable("x", status=status) for status in (401, 403, 404)),
]
BAD_DAYS = [
    Unreachable("reset"),
    *(Unreachable("x", status=status) for status in (429, 500, 503)),
    SourceError("a bug"),
]
FOR_GOOD = [Forbidden("a private address"), *(Unreachable("x", status=status) for status in (410, 451))]


def missed(error: SourceError, attempt: int = 0, lost: int = 0) -> Missed:
    """Return what becomes of a link at noon."""
    return after_miss(NOON, attempt, lost, error)


@pytest.mark.parametrize("error", BAD_DAYS)
def test_a_bad_day_is_outlasted(error: SourceError) -> None:
    """Tried again for about two days, and from the fourth miss on its summary stands in."""
    waits = [1 * MINUTE, 10 * MINUTE, *(timedelta(hours=hours) for hours in (1, 3, 6, 12, 24))]
    tries = [missed(error, attempt) for attempt in range(8)]

    assert [one.retry_at for one in tries] == [*(NOON + wait for wait in waits), None]
    assert timedelta(hours=46) < sum(waits, timedelta()) < timedelta(hours=48)
    assert [one.summary for one in tries] == [False] * 3 + [True] * 5


@pytest.mark.parametrize("error", REFUSALS)
def test_a_refusal_may_pass_within_hours(error: SourceError) -> None:
    """Its summary stands in at once, and its page is asked for four times more."""
    tries = [missed(error, attempt) for attempt in range(5)]

    assert [one.retry_at for one in tries] == [*(NOON + wait for wait in LINK_RETRIES[:4]), None]
    assert all(one.summary for one in tries)


@pytest.mark.parametrize("error", FOR_GOOD)
def test_what_cannot_change_is_given_up_at_once(error: SourceError) -> None:
    """Asking again would be useless."""
    assert missed(error) == Missed(retry_at=None, summary=True)


def test_a_page_that_brings_its_reader_down_is_given_up() -> None:
    """After ten leases in a row that ended before the try did, not sooner."""
    assert missed(SourceError("x"), lost=MOST_LOST - 1).retry_at == NOON + MINUTE
    assert missed(SourceError("x"), lost=MOST_LOST) == Missed(retry_at=None, summary=True)


def test_the_time_that_a_host_names_is_kept_to() -> None:
    """When it is later than our own."""
    later, sooner = NOON + timedelta(hours=5), NOON + timedelta(seconds=1)

    assert missed(Unreachable("429", status=429, retry_at=later)).retry_at == later
    assert missed(Unreachable("429", status=429, retry_at=sooner)).retry_at == NOON + MINUTE


@given(every=st.lists(INTERVALS, max_size=4), failures=st.integers(0, 99), jitter=st.floats(0, 1))
def test_no_poll_that_is_planned_lies_beyond_the_horizon(every: list[timedelta], failures: int, jitter: float) -> None:
    """Nor one for which a host named the longest time that is kept to."""
    ask = NOON + timedelta(hours=24)
    planned = [next_poll(NOON, one, failures=failures, retry_at=ask, jitter=jitter) for one in every]

    assert all(due <= NOON + poll_horizon(every) for due in planned)
    assert timedelta(days=1) < poll_horizon(every)
