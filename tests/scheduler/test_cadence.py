from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.errors import Blocked, Forbidden, Held, SourceError, Unreachable, Unreadable
from scheduler.cadence import (
    LINK_HORIZON,
    LINK_RETRIES,
    LONGEST_WAIT,
    MOST_LOST,
    SPREAD,
    Missed,
    after_miss,
    next_poll,
    poll_horizon,
)
from scheduler.rhythm import most_of
from spiders.answers import MAX_FRESH, MAX_RETRY_AFTER
from tests.facts.samples import NOON

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
INTERVALS = st.integers(1, 60 * 24 * 30).map(lambda minutes: minutes * MINUTE)
ASKS = st.none() | st.timedeltas(MINUTE, MAX_RETRY_AFTER)
STATUSES = st.none() | st.sampled_from([401, 403, 404, 410, 429, 451, 500, 503])
TROUBLE = st.tuples(STATUSES, ASKS)
#: Any time of over a year, so that many days end between now and then.
MOMENTS = st.integers(0, 60 * 24 * 400).map(lambda minutes: NOON + minutes * MINUTE)


def met(status: int | None, retry_at: datetime | None = None) -> SourceError:
    """Return what a failed visit met."""
    return Unreachable("x", status=status, retry_at=retry_at)


@given(now=MOMENTS, every=INTERVALS, failures=st.integers(0, 100_000), jitter=st.floats(0, 1), trouble=TROUBLE)
def test_a_poll_is_never_early_and_never_forgotten(
    now: datetime, every: timedelta, failures: int, jitter: float, trouble: tuple[int | None, timedelta | None]
) -> None:
    """Never before the interval or the host's own time is over; never later than the longest of both allows."""
    status, ask = trouble
    retry_at = now + ask if ask else None

    due = next_poll(now, every, failures=failures, jitter=jitter, error=met(status, retry_at))

    assert due >= now + every
    assert retry_at is None or due >= retry_at
    assert due <= max(now + max(every * (1 + SPREAD), DAY), retry_at or now)
    assert status is not None or due <= max(now + max(every * (1 + SPREAD), LONGEST_WAIT), retry_at or now)


@given(now=MOMENTS, every=INTERVALS, jitter=st.floats(0, 1), ask=ASKS, status=STATUSES)
def test_each_failure_more_is_waited_for_at_least_as_long(
    now: datetime, every: timedelta, jitter: float, ask: timedelta | None, status: int | None
) -> None:
    """However many there were, over any number of days."""
    error = met(status, now + ask if ask else None)
    dues = [next_poll(now, every, failures=count, jitter=jitter, error=error) for count in range(40)]

    assert dues == sorted(dues)


@given(now=MOMENTS, every=INTERVALS, wait=ASKS, failures=st.integers(0, 9), jitter=st.floats(0, 1))
def test_the_wait_does_not_depend_on_the_time_of_day(
    now: datetime, every: timedelta, wait: timedelta | None, failures: int, jitter: float
) -> None:
    """A time difference has days too: what is added at noon is added at any other time, on any other day."""
    waits = {
        next_poll(one, max(every, wait or every), failures=failures, jitter=jitter) - one
        for one in (NOON, now, now + DAY)
    }

    assert len(waits) == 1


@pytest.mark.parametrize(("failures", "minutes"), [(0, 10), (1, 10), (2, 20), (3, 40), (4, 60), (50, 60)])
def test_a_failing_source_is_asked_ever_more_seldom(failures: int, minutes: int) -> None:
    """The wait doubles up to an hour."""
    assert next_poll(NOON, 10 * MINUTE, failures=failures, jitter=0, error=met(500)) == NOON + minutes * MINUTE


@pytest.mark.parametrize("status", [401, 403, 404, 451])
def test_a_source_that_refuses_us_is_slowed_further(status: int) -> None:
    """Up to six hours: it changes more slowly than a server that is down."""
    waits = [next_poll(NOON, HOUR, failures=count, jitter=0, error=met(status)) - NOON for count in (1, 2, 3, 4, 9)]

    assert [wait / HOUR for wait in waits] == [1, 2, 4, 6, 6]


def test_what_is_gone_is_looked_at_once_a_day() -> None:
    """At once and for good, since even "gone" may be a mistake; a longer interval stays."""
    assert next_poll(NOON, 10 * MINUTE, failures=1, jitter=0, error=met(410)) == NOON + DAY
    assert next_poll(NOON, 10 * MINUTE, failures=99, jitter=1, error=met(410)) == NOON + DAY
    assert next_poll(NOON, 7 * DAY, failures=1, jitter=0, error=met(410)) == NOON + 7 * DAY


def test_a_source_that_was_not_asked_is_due_when_its_host_may_be_asked() -> None:
    """Its interval was over before."""
    held = Held("x", retry_at=NOON + MINUTE)

    assert next_poll(NOON, HOUR, failures=3, jitter=1, error=held) == NOON + MINUTE


def test_a_seldom_source_keeps_its_interval_when_it_fails() -> None:
    """A day's interval is not shortened to an hour."""
    assert next_poll(NOON, DAY, failures=9, jitter=0, error=met(None)) == NOON + DAY


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


def test_a_page_whose_host_wants_a_pause_loses_no_try() -> None:
    """It waits for the end of the pause, however often it was held up; one that brings its reader down does not."""
    held = Held("x", retry_at=NOON + 5 * HOUR)

    for attempt in (0, 6, 99):
        assert missed(held, attempt) == Missed(retry_at=NOON + 5 * HOUR, summary=False, tried=False)
    assert missed(held, lost=MOST_LOST) == Missed(retry_at=None, summary=True)


@given(every=st.lists(INTERVALS, max_size=4), failures=st.integers(0, 99), jitter=st.floats(0, 1), trouble=TROUBLE)
def test_no_poll_that_is_planned_lies_beyond_the_horizon(
    every: list[timedelta], failures: int, jitter: float, trouble: tuple[int | None, timedelta | None]
) -> None:
    """Nor one in quiet hours, one that an answer asked for, or one for which a host named the longest time."""
    status, ask = trouble
    error = met(status, NOON + ask if ask else None)
    planned = [
        next_poll(NOON, max(most_of(one), asked), failures=failures, jitter=jitter, error=error)
        for one in every
        for asked in (one, MAX_FRESH)
    ]

    assert all(due <= NOON + poll_horizon(every) for due in planned)
    assert poll_horizon(every) >= MAX_RETRY_AFTER + MAX_FRESH


def test_no_link_that_is_put_off_lies_beyond_the_horizon() -> None:
    """The longest pause that a host may ask for is no mistake of a clock."""
    assert max(MAX_RETRY_AFTER, *LINK_RETRIES) < LINK_HORIZON
