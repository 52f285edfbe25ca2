"""The tests of alerts.apstyle."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from alerts.apstyle import ap_date, published, published_day, when


@pytest.mark.parametrize(
    ("month", "expected"),
    [
        *((1, "Jan."), (2, "Feb."), (3, "March"), (4, "April"), (5, "May"), (6, "June")),
        *((7, "July"), (8, "Aug."), (9, "Sept."), (10, "Oct."), (11, "Nov."), (12, "Dec.")),
    ],
)
def test_months_are_the_stylebooks(month: int, expected: str) -> None:
    """Long months are abbreviated with a point, short ones written out."""
    assert f"{expected} 4, 2017" == ap_date(date(2017, month, 4))


DENVER = ZoneInfo("America/Denver")


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2017, 8, 3, 18, 5, tzinfo=UTC), "Aug. 3, 2017, 12:05 p.m. MDT"),
        (datetime(2017, 8, 3, 6, 0, tzinfo=UTC), "Aug. 3, 2017, 12:00 a.m. MDT"),
        (datetime(2017, 12, 31, 6, 59, tzinfo=UTC), "Dec. 30, 2017, 11:59 p.m. MST"),
        (datetime.min.replace(tzinfo=UTC), "Jan. 1, 1, 12:00 a.m. UTC"),
        (datetime(2017, 5, 1, 15, 9, tzinfo=UTC), "May 1, 2017, 9:09 a.m. MDT"),
    ],
)
def test_moments_stand_in_the_newsrooms_zone(moment: datetime, expected: str) -> None:
    """With the zone's abbreviation, summer and winter; at the calendar's end in UTC."""
    assert expected == when(moment, DENVER).replace("\u00a0", " ")


def test_a_day_without_a_time_is_not_moved_by_a_zone() -> None:
    """Midnight in UTC is how a source's bare date arrives; Denver must not make it the day before."""
    midnight = datetime(2017, 8, 3, tzinfo=UTC)

    assert "Aug. 3, 2017" == published(midnight, DENVER) == published_day(midnight, DENVER)


def test_a_claimed_time_is_shown_with_its_day_in_the_zone() -> None:
    """One in the morning in UTC is the evening before in Denver."""
    moment = datetime(2017, 8, 3, 1, tzinfo=UTC)

    assert published_day(moment, DENVER) == "Aug. 2, 2017"
    assert published(moment, DENVER).replace("\u00a0", " ") == "Aug. 2, 2017, 7:00 p.m. MDT"
