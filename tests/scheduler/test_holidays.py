from __future__ import annotations

from datetime import date, timedelta

import pytest

from scheduler.holidays import is_holiday

KEPT = {
    2017: "01-02 01-16 02-20 05-29 07-04 09-04 10-09 11-10 11-23 12-25",
    2021: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
    2026: "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25",
}


@pytest.mark.parametrize("year", KEPT)
def test_the_days_on_which_federal_offices_are_closed(year: int) -> None:
    """Moved from a weekend to the day beside it, over the end of a year too; Juneteenth since 2021."""
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(365)]

    assert KEPT[year].split() == [f"{day:%m-%d}" for day in days if is_holiday(day)]
