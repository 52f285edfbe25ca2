"""Calendar days: the day that written words mean, near another day or counted from one."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
#: Holidays by which newsrooms date: month and day, or month, weekday (Monday is 0) and which of the month.
HOLIDAYS: dict[str, tuple[int, int] | tuple[int, int, int]] = {
    "new year's eve": (12, 31), "new year's day": (1, 1), "new year's": (1, 1), "independence day": (7, 4),
    "halloween": (10, 31), "christmas": (12, 25), "christmas eve": (12, 24), "valentine's day": (2, 14),
    "labor day": (9, 0, 1), "memorial day": (5, 0, -1), "thanksgiving": (11, 3, 4), "veterans day": (11, 11),
    "juneteenth": (6, 19), "presidents day": (2, 0, 3), "columbus day": (10, 0, 2), "election day": (11, 1, 1),
}  # fmt: skip
#: "In 24 months" tells of the law and not of an answer.
_MOST_MONTHS = 6
_DAYS = {"day": 1, "week": 7, "fortnight": 14}
_LAST_MONTH, _QUARTER, _FISCAL_END = 12, 3, 9
_FRIDAY = 4
#: Days by which a day without a year may lie before the document; an article about an answer names a day just past.
_LOOK_BACK = 120


def month_number(written: str) -> int:
    """Return the number of a month by its name, whole or shortened."""
    return _MONTHS.index(written[:3]) + 1


def day_of(year: int, month: int, day: int) -> date | None:
    """Return a day of the calendar; None when it has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def near_day(anchor: date, month: int, day: int) -> date | None:
    """Return the day of this month nearest behind a day, or just before it."""
    years = (anchor.year - 1, anchor.year, anchor.year + 1)
    candidates = (found for year in years if (found := day_of(year, month, day)))
    return next((found for found in candidates if (found - anchor).days >= -_LOOK_BACK), None)


def later(anchor: date, days: int) -> date | None:
    """Return the day so many days later; None beyond the end of the calendar."""
    try:
        return anchor + timedelta(days=days)
    except OverflowError:
        return None


def last_of(year: int, month: int) -> date | None:
    """Return the last day of a month."""
    return day_of(year, month, monthrange(year, month)[1])


def next_month(first: date) -> date | None:
    """Return the same day, the first, of the month after."""
    years, month = divmod(first.month, _LAST_MONTH)
    return day_of(first.year + years, month + 1, 1)


def weekday_before(name: str, anchor: date) -> date | None:
    """Return the last day of this name up to `anchor`, that day itself included."""
    return later(anchor, -((anchor.weekday() - WEEKDAYS.index(name)) % 7))


def weekday_after(name: str, anchor: date) -> date | None:
    """Return the first day of this name from `anchor` on: newsrooms call today by its name."""
    return later(anchor, (WEEKDAYS.index(name) - anchor.weekday()) % 7)


def end_of(unit: str, anchor: date, *, following: bool) -> date | None:
    """Return the last day of the week, month, quarter, year or fiscal year that holds `anchor`, or of the next."""
    if unit == "week":
        return later(anchor, (_FRIDAY - anchor.weekday()) % 7 + 7 * following)
    if unit == "year":
        return day_of(anchor.year + following, _LAST_MONTH, 31)
    if unit == "fiscal year":
        return day_of(anchor.year + (anchor.month > _FISCAL_END) + following, _FISCAL_END, 30)
    if unit == "quarter":
        months = (anchor.month - 1) // _QUARTER * _QUARTER + _QUARTER + _QUARTER * following
        years, month = divmod(months - 1, _LAST_MONTH)
        return last_of(anchor.year + years, month + 1) if anchor.year + years <= date.max.year else None
    first = next_month(anchor.replace(day=1)) if following else anchor
    return last_of(first.year, first.month) if first else None


def start_after(unit: str, anchor: date) -> date | None:
    """Return the first day of the next week, month, quarter, year or fiscal year."""
    if unit == "week":
        return later(anchor, 7 - anchor.weekday())
    end = end_of(unit, anchor, following=False)
    return later(end, 1) if end else None


def holiday_after(name: str, anchor: date) -> date | None:
    """Return the next holiday of this name, `anchor` included."""
    years = (year for year in (anchor.year, anchor.year + 1) if year <= date.max.year)
    days = (_holiday_in(HOLIDAYS[name], year) for year in years)
    return next((day for day in days if day and day >= anchor), None)


def counted_from(anchor: date, count: int, unit: str, *, half: bool = False, business: bool = False) -> date | None:
    """Return the day so many hours, days, weeks or months after; None for longer than answers are given."""
    if unit == "month":
        return _months_later(anchor, count) if count <= _MOST_MONTHS else None
    if unit == "hour":
        return later(anchor, -(-count // 24))
    days = count * _DAYS[unit] + half * _DAYS[unit] // 2
    return _business(anchor, days) if business else later(anchor, days)


def _holiday_in(holiday: tuple[int, ...], year: int) -> date | None:
    month, day, *which = holiday
    if not which:
        return day_of(year, month, day)
    found = [date(year, month, each) for each in range(1, monthrange(year, month)[1] + 1)]
    weekdays = [each for each in found if each.weekday() == day]
    return weekdays[which[0] - (which[0] > 0)]


def _months_later(anchor: date, count: int) -> date | None:
    years, month = divmod(anchor.month - 1 + count, _LAST_MONTH)
    if anchor.year + years > date.max.year:
        return None
    year, month = anchor.year + years, month + 1
    return day_of(year, month, min(anchor.day, monthrange(year, month)[1]))


def _business(anchor: date, days: int) -> date | None:
    weeks, rest = divmod(days, 5)
    day = later(anchor, weeks * 7)
    while day and rest:
        day = later(day, 1)
        rest -= bool(day and day.weekday() <= _FRIDAY)
    return day
