"""Days asked for, and what is left of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from spiders.past_pages import Days, estimate, middle_day


def test_days_are_those_of_washington() -> None:
    """What was published at night there belongs to the day before; what has no date is wanted."""
    days = Days(since=date(2026, 8, 5), until=date(2026, 8, 6))
    moments = [datetime(2026, 8, 5, 3, tzinfo=UTC) + timedelta(hours=hours) for hours in (0, 2, 47, 49)]

    assert [days.hold(moment) for moment in (*moments, None)] == [False, True, True, False, True]


def test_the_middle_day_is_moved_by_no_single_row() -> None:
    """Nor by what has no date."""
    usual = datetime(2026, 8, 5, 16, tzinfo=UTC)

    assert middle_day([usual, datetime(2009, 1, 1, tzinfo=UTC), None, usual]) == date(2026, 8, 5)
    assert middle_day([None]) is None


@pytest.mark.parametrize(
    ("oldest", "expected"),
    [(date(2026, 8, 6), None), (date(2026, 8, 1), 62), (date(2026, 6, 1), 1), (date(2020, 1, 1), 1)],
)
def test_an_estimate_goes_by_the_days_that_the_pages_took(oldest: date, expected: int | None) -> None:
    """None while they are of one day; never 0, since it is asked while a page is left."""
    assert estimate(10, date(2026, 8, 6), oldest, date(2026, 7, 1)) == expected
