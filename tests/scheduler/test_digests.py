from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduler.digests import DigestPlan, due_at, due_day

DENVER = ZoneInfo("America/Denver")
MORNING = DigestPlan(name="morning", at=time(7, 0), channel="mail", to=())
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

#: Zones that change, with the days on which they do in three years (IANA data).
CHANGES = {
    "America/New_York": ["2026-03-08", "2026-11-01", "2027-03-14", "2027-11-07", "2028-03-12", "2028-11-05"],
    "America/Chicago": ["2026-03-08", "2026-11-01", "2027-03-14", "2027-11-07", "2028-03-12", "2028-11-05"],
    "America/Denver": ["2026-03-08", "2026-11-01", "2027-03-14", "2027-11-07", "2028-03-12", "2028-11-05"],
    "America/Los_Angeles": ["2026-03-08", "2026-11-01", "2027-03-14", "2027-11-07", "2028-03-12", "2028-11-05"],
    "Europe/London": ["2026-03-29", "2026-10-25", "2027-03-28", "2027-10-31", "2028-03-26", "2028-10-29"],
    "Australia/Lord_Howe": ["2026-04-05", "2026-10-04", "2027-04-04", "2027-10-03", "2028-04-02", "2028-10-01"],
}
TIMES = [time(1, 30), time(2, 30), time(2, 0), time(0, 0), time(7, 0)]


@pytest.mark.parametrize("zone", CHANGES)
@pytest.mark.parametrize("at", TIMES, ids=str)
def test_R12_one_digest_a_local_date_over_every_clock_change(zone: str, at: time) -> None:
    """Asked every ten minutes around a change, each date is due exactly once, at its time or right after."""
    plan = DigestPlan(name="d", at=at, channel="mail", to=())
    for change in map(date.fromisoformat, CHANGES[zone]):
        start = datetime.combine(change - timedelta(days=1), time(12), ZoneInfo(zone)).astimezone(UTC)
        last: date | None = change - timedelta(days=1)
        opened: list[date] = []
        for step in range(6 * 58):
            day = due_day(plan, start + timedelta(minutes=10 * step), ZoneInfo(zone), last=last, started_at=LONG_AGO)
            if day is not None:
                opened.append(day)
                last = day
        assert opened == [change, change + timedelta(days=1)], (zone, at, change)


def test_a_time_that_the_spring_leaves_out_comes_at_the_next_valid_moment() -> None:
    """02:30 on the day the clocks go forward is 03:30 daylight time."""
    moment = due_at(date(2027, 3, 14), time(2, 30), ZoneInfo("America/New_York"))

    assert moment == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)


def test_a_missed_digest_is_sent_late_within_a_day() -> None:
    """After 23 hours off it is still owed; after more, the next one covers its time."""
    due = due_at(date(2017, 8, 4), MORNING.at, DENVER)
    last = date(2017, 8, 3)

    assert due_day(MORNING, due + timedelta(hours=23), DENVER, last=last, started_at=LONG_AGO) == date(2017, 8, 4)
    assert due_day(MORNING, due - timedelta(minutes=1), DENVER, last=last, started_at=LONG_AGO) is None
    late = due_at(date(2017, 8, 9), MORNING.at, DENVER) - timedelta(minutes=1)
    assert due_day(MORNING, late, DENVER, last=last, started_at=LONG_AGO) == date(2017, 8, 8)


def test_a_fresh_installation_owes_no_digest_of_this_morning() -> None:
    """Started at noon, the first digest is tomorrow's."""
    noon = due_at(date(2017, 8, 4), time(12, 0), DENVER)

    assert due_day(MORNING, noon, DENVER, last=None, started_at=noon) is None
    tomorrow = noon + timedelta(hours=19)
    assert due_day(MORNING, tomorrow, DENVER, last=None, started_at=noon) == date(2017, 8, 5)


def test_a_date_ahead_does_not_stop_the_digests() -> None:
    """A clock that once ran ahead opened the digest of another year; today's is sent all the same."""
    due = due_at(date(2017, 8, 4), MORNING.at, DENVER)

    assert due_day(MORNING, due, DENVER, last=date(2036, 1, 1), started_at=LONG_AGO) == date(2017, 8, 4)
