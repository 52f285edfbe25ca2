"""Federal holidays: days on which agencies and city halls publish as on a Sunday. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

_MONDAY, _THURSDAY, _SATURDAY, _SUNDAY = 0, 3, 5, 6
#: Juneteenth is one since this year (Public Law 117-17).
_JUNETEENTH_SINCE = 2021


def is_holiday(day: date) -> bool:
    """Return whether federal offices are closed on this day for a legal holiday (5 U.S.C. 6103).

    One that falls on a Saturday is kept on the Friday before, one on a Sunday on the Monday after.
    """
    return day in _holidays(day.year) or day == _kept_on(date(day.year + 1, 1, 1))


@lru_cache(maxsize=4)
def _holidays(year: int) -> frozenset[date]:
    fixed = [date(year, 1, 1), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    if year >= _JUNETEENTH_SINCE:
        fixed.append(date(year, 6, 19))
    movable = {
        _nth(year, 1, _MONDAY, 3),  # Birthday of Martin Luther King, Jr.
        _nth(year, 2, _MONDAY, 3),  # Washington's Birthday
        _nth(year, 6, _MONDAY, 1) - timedelta(weeks=1),  # Memorial Day, the last Monday of May
        _nth(year, 9, _MONDAY, 1),  # Labor Day
        _nth(year, 10, _MONDAY, 2),  # Columbus Day
        _nth(year, 11, _THURSDAY, 4),  # Thanksgiving Day
    }
    return frozenset(movable.union(_kept_on(day) for day in fixed))


def _kept_on(day: date) -> date:
    shift = {_SATURDAY: -1, _SUNDAY: 1}.get(day.weekday(), 0)
    return day + timedelta(days=shift)


def _nth(year: int, month: int, weekday: int, count: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (count - 1))
