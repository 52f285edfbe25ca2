"""When the canary is published."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.canary import published_at

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("now", "every", "published"),
    [
        (datetime(2026, 11, 24, 14, 0, 7, tzinfo=UTC), HOUR, datetime(2026, 11, 24, 14, tzinfo=UTC)),
        (datetime(2026, 11, 24, 14, 0, 0, tzinfo=UTC), HOUR, datetime(2026, 11, 24, 14, tzinfo=UTC)),
        (datetime(2026, 11, 24, 14, 59, tzinfo=UTC), timedelta(days=1), datetime(2026, 11, 24, tzinfo=UTC)),
        # The hour that comes twice in autumn is two hours of the world's.
        (
            datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=ZoneInfo("America/New_York")),
            HOUR,
            datetime(2026, 11, 1, 6, tzinfo=UTC),
        ),
    ],
)
def test_it_is_published_at_the_last_whole_interval(now: datetime, every: timedelta, published: datetime) -> None:
    """In UTC, so that a change of the clocks skips none and repeats none."""
    assert published == published_at(now, every)


@given(
    st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    st.timedeltas(timedelta(minutes=1), timedelta(days=365)),
)
def test_within_an_interval_nothing_new_is_published(now: datetime, every: timedelta) -> None:
    """A restart asks again, and gets the same."""
    published = published_at(now, every)

    assert published <= now < published + every
    assert published == published_at(published, every)
