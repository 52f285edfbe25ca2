from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.cadence import LINK_RETRIES, LONGEST_WAIT, SPREAD, next_poll, next_try
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


def test_a_link_is_tried_again_thrice_and_then_given_up() -> None:
    """A minute, ten minutes, an hour; a time that the host named is kept to."""
    assert [next_try(NOON, attempt, None) for attempt in range(3)] == [NOON + wait for wait in LINK_RETRIES]
    assert next_try(NOON, 3, None) is None
    assert next_try(NOON, 0, NOON + timedelta(hours=5)) == NOON + timedelta(hours=5)
