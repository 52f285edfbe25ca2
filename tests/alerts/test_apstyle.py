"""The tests of alerts.apstyle."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from alerts.apstyle import ap_date, ap_moment


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


def test_a_moment_says_its_zone() -> None:
    """A time is shown in UTC and says so; midnight means that no time was given."""
    mountain = timezone(timedelta(hours=-6))

    assert ap_moment(datetime(2017, 8, 4, 22, 5, tzinfo=mountain)) == "Aug. 5, 2017, 04:05 UTC"
    assert ap_moment(datetime(2017, 8, 4, tzinfo=UTC)) == "Aug. 4, 2017"
