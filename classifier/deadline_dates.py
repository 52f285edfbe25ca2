"""Dates of deadlines: a small grammar of our own for the days that a sentence sets.

"By Aug. 18", "no later than 18 August 2025", "until noon Friday", "the 27th", "the end of the month", "within ten
days", "two weeks to answer": each with the day it gives, where it stands and whether it was counted from another day.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fourteen": 14, "fifteen": 15, "twenty": 20, "twenty-one": 21, "thirty": 30,
    "forty": 40, "forty-five": 45, "forty-eight": 48, "sixty": 60, "seventy-two": 72, "ninety": 90,
}  # fmt: skip
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "fifteenth": 15, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
#: Holidays by which newsrooms date: month and day, or month, weekday (Monday is 0) and which of the month.
_HOLIDAYS: dict[str, tuple[int, int] | tuple[int, int, int]] = {
    "new year's eve": (12, 31), "new year's day": (1, 1), "new year's": (1, 1), "independence day": (7, 4),
    "halloween": (10, 31), "christmas": (12, 25), "christmas eve": (12, 24), "valentine's day": (2, 14),
    "labor day": (9, 0, 1), "memorial day": (5, 0, -1), "thanksgiving": (11, 3, 4), "veterans day": (11, 11),
    "juneteenth": (6, 19), "presidents day": (2, 0, 3), "columbus day": (10, 0, 2), "election day": (11, 1, 1),
}  # fmt: skip
_MONTH_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_MONTH = rf"(?P<month>{_MONTH_NAME})\.?"
_YEAR = r"(?:,?\s{1,3}(?P<year>(?:19|20)\d\d))?"
#: A month and its day, and a year where one stands: the groups `month`, `day` and `year`.
DAY = rf"{_MONTH}\s{{1,3}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d,]\d){_YEAR}"
_DAY_FIRST = rf"(?:the\s)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}{_YEAR}"
WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_CLOCK = (
    r"(?:\d{1,2}(?::\d\d)?\s?[ap]\.?m\.?|noon|midnight)"
    r"(?:\s(?:eastern|central|mountain|pacific|local)(?:\stime)?|\s[ecmp][ds]?t)?"
)
_HOUR = rf"(?:the\s|a\s|an\s)?(?:(?:close|end|start|opening)\sof\s(?:the\s)?(?:business|day)|c\.?o\.?b\.?|{_CLOCK})"
_FILLER = rf"(?:{_HOUR}[,\s]{{1,2}}(?:on\s)?)?(?:(?:next\s|this\s)?{WEEKDAY},?\s)?"
_LIMIT = (
    r"\b(?:by|no\slater\sthan|not\slater\sthan|on\sor\sbefore|before|until|till|due(?:\s(?:on|by|in|at))?|"
    r"deadline\s(?:of|is|was|on|for\s\w{2,12}\sis)|deadline:|closes?(?:\s(?:on|at))?|expires?\son|prior\sto|come|"
    r"ends?\son|has\suntil|have\suntil)\s{1,3}"
)
#: A day after which something stops, on which it falls due, or to which it was put off.
_STOPS = (
    r"\b(?:(?:closes?|locks?|lapses?|ends?|due|shuts?)\s(?:[\w.:]{1,10}\s){0,5}?on|"
    r"(?:not|n't|stop|stops|hold|held|lacking)\s"
    r"(?:(?!until\b|that\b)[\w.'$:-]{1,16}[,\s]{1,2}){0,14}?(?:after|as\sof|at)|in\sany\sevent\safter|"
    r"(?:awards|payments|claims)\safter|takes?\seffect|list\s(?:\w{1,6}\s){1,4}on)\s{1,3}"
)
_MOVED = (
    r"(?:\bdays?,?\s(?:to|until)|\b(?:mov|extend|push|postpon|delay|chang|shift)(?:e|ed|es|s|ing)\b"
    r"(?:\s[\w.'-]{1,16}){0,12}?\s(?:to|until|till))\s{1,3}"
)
_LIMITED = re.compile(_LIMIT)
# What may follow a limiting word.
_DATED = re.compile(_FILLER + DAY)
_DAY_FIRST_DATED = re.compile(_FILLER + _DAY_FIRST)
_DATED_AFTER = re.compile(DAY + r"\s{1,3}(?:deadline|cutoff|due\sdate)\b")
_STOPPED = re.compile(_STOPS + _FILLER + DAY)
_MOVED_TO = re.compile(_MOVED + _FILLER + DAY)
_ISO = re.compile(_FILLER + r"(?P<year>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)(?!\d)")
_NUMERIC = re.compile(_FILLER + r"(?P<m>\d{1,2})/(?P<d>\d{1,2})(?:/(?P<year>(?:20)?\d\d))?(?![\d/])")
_ON_WEEKDAY = re.compile(
    rf"(?:{_HOUR}\s(?:on\s)?)?(?P<week>next\s|this\s|a\sweek\sfrom\s|this\scoming\s)?(?P<weekday>{WEEKDAY})\b"
)
_ON_THE = re.compile(
    rf"(?:{_HOUR}\s(?:on\s)?)?the\s(?P<nth>\d{{1,2}}(?=st|nd|rd|th)|{'|'.join(_ORDINALS)})(?:st|nd|rd|th)?"
    r"(?:\sof\s(?P<which>the|this|next)\smonth)?(?=[\s,.;:)\"'?!-]|$)"
    r"(?!\s(?:of|day|week|time|round|grade|deadline)\b)"
)
_AT_THE_END = re.compile(
    r"(?:the\s)?(?:(?:end|last\sday|close)\sof\s(?P<span>(?:the\s|this\s|next\s)?(?:month|week|year)|"
    rf"{_MONTH_NAME})(?![a-z])|(?P<own>month|week|year)'s\send|mid-(?P<mid>{_MONTH_NAME})(?![a-z]))"
)
_ON_HOLIDAY = re.compile(rf"(?P<holiday>{'|'.join(sorted(map(re.escape, _HOLIDAYS), key=len, reverse=True))})\b")
_TOMORROW = re.compile(rf"(?:{_HOUR}\s)?(?P<when>tomorrow|tonight|midnight\stonight|today)\b(?!')")
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_UNIT = (
    r"(?:more\s|full\s|calendar\s)?(?P<business>business\s|working\s)?(?P<unit>days?|weeks?|months?|hours?)\b"
    r"(?P<half>\sand\sa\shalf)?"
)
_WITHIN = re.compile(
    r"\b(?:within|in|have|has|had|having|given?|gives|gave|another|get|gets|got|allow|allows|allowed|granted)\s{1,3}"
    r"(?:(?:the\snext|just|only|exactly|about|them|us|him|her|it|you|each)\s)?"
    rf"{_COUNT}\s{{1,3}}{_UNIT}(?!\s(?:ago|of|earlier|later|before|of\sthe\sweek|a\sweek))"
)
_COUNT_FIRST = re.compile(
    r"(?<![\w-])(?<!took )(?<!takes )(?<!take )(?<!for )(?<!spent )(?<!after )(?<!first )(?<!up to )(?<!every )"
    rf"{_COUNT}[\s-]{{1,3}}{_UNIT}'?\s{{1,3}}(?:(?:is|are)\s\w{{1,12}}\s)?"
    r"(?:deadline|notice\sto|to(?!\s(?:go|spare)\b)|in\swhich\sto|from\s(?:the\sdate|receipt|today)|"
    r"of\s(?:the\sdate|receipt|this\sletter)|after\sreceipt)\b"
)
_FROM_DAY = re.compile(rf"(?<![\w-]){_COUNT}\s{{1,3}}{_UNIT}\s(?:from|after|of)\s(?:the\s)?{DAY}")
# Sieves: most sentences tell no day.
_TELLS_TIME = re.compile(
    r"\d|day|week|month|hour|year|tomorrow|tonight|christmas|halloween|thanksgiving|juneteenth|\bthe\s\w"
)
_A_DAY = re.compile(DAY)
_A_UNIT = re.compile(r"\b(?:day|week|month|hour)")
#: "In 24 months" tells of the law and not of an answer.
_MOST_MONTHS = 6
_DAYS = {"day": 1, "week": 7}
_LAST_MONTH = 12
_CENTURY = 2000
_FRIDAY = 4
#: Days by which a day without a year may lie before the document; an article about an answer names a day just past.
_LOOK_BACK = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFound:
    """A day set by the words from `start` to `end` of a sentence."""

    day: date
    start: int
    end: int
    has_year: bool = False
    #: Counted from another day: "within 30 days", "by Friday".
    counted: bool = False
    #: An old date was put off to it.
    moved: bool = False
    #: Nothing but the sentence's own sense makes it a limit: "will not be paid after June 30".
    weak: bool = False


def days_in(lower: str, anchor: date | None, counting: date | None) -> Iterator[DayFound]:
    """Yield the days that a sentence, in small letters, sets.

    A day without a year is taken near `anchor`, "within 30 days" is counted from `counting`; without the one or the
    other such a day is not told.
    """
    if not _TELLS_TIME.search(lower):
        return
    yield from _limited(lower, anchor)
    if _A_DAY.search(lower):
        yield from _unlimited(lower, anchor)
        yield from _from_days(lower, anchor)
    if counting and counts_days(lower):
        yield from _counted(lower, counting)


def counts_days(lower: str) -> bool:
    """Return whether a sentence, in small letters, speaks of days, weeks, months or hours at all."""
    return bool(_A_UNIT.search(lower))


def month_day(match: re.Match[str], anchor: date | None) -> date | None:
    """Return the day of a match with `month`, `day` and perhaps `year`, the year else taken near `anchor`."""
    month, day = _month(match["month"]), int(match["day"])
    if match["year"]:
        return _day(int(match["year"]), month, day)
    return _near(anchor, month, day) if anchor else None


def weekday_before(name: str, anchor: date) -> date | None:
    """Return the last day of this name up to `anchor`, that day itself included."""
    return _later(anchor, -((anchor.weekday() - WEEKDAYS.index(name)) % 7))


def _limited(lower: str, anchor: date | None) -> Iterator[DayFound]:
    """Yield the days that stand behind a limiting word."""
    for limit in _LIMITED.finditer(lower):
        for pattern, reader, counted in _READERS:
            match = pattern.match(lower, limit.end())
            if match and (day := reader(match, anchor)):
                has_year = bool(match.groupdict().get("year"))
                yield DayFound(day=day, start=limit.start(), end=match.end(), has_year=has_year, counted=counted)


def _unlimited(lower: str, anchor: date | None) -> Iterator[DayFound]:
    """Yield the days that other words make a limit."""
    for pattern, moved, weak in ((_DATED_AFTER, False, False), (_MOVED_TO, True, False), (_STOPPED, False, True)):
        for match in pattern.finditer(lower):
            if day := month_day(match, anchor):
                has_year = bool(match["year"])
                yield DayFound(day=day, start=match.start(), end=match.end(), has_year=has_year, moved=moved, weak=weak)


def _numeric(match: re.Match[str], anchor: date | None) -> date | None:
    month, day = int(match["m"]), int(match["d"])
    if match["year"]:
        year = int(match["year"])
        return _day(year if year >= _CENTURY else year + _CENTURY, month, day)
    return _near(anchor, month, day) if anchor else None


def _weekday(match: re.Match[str], anchor: date | None) -> date | None:
    if anchor is None:
        return None
    ahead = (WEEKDAYS.index(match["weekday"]) - anchor.weekday() - 1) % 7 + 1
    # "Next Friday" is not the day after tomorrow.
    week = (match["week"] or "").strip()
    return _later(anchor, ahead + 7 * (week == "a week from"))


def _nth(match: re.Match[str], anchor: date | None) -> date | None:
    if anchor is None:
        return None
    day = _ORDINALS.get(match["nth"]) or int(match["nth"])
    later = match["which"] == "next" or day < anchor.day
    first = _next_month(anchor.replace(day=1)) if later else anchor
    return _day(first.year, first.month, day) if first else None


def _end(match: re.Match[str], anchor: date | None) -> date | None:
    if anchor is None:
        return None
    if match["mid"]:
        return _near(anchor, _month(match["mid"]), 15)
    span = match["span"] or match["own"]
    unit = span.rpartition(" ")[2]
    if unit == "week":
        return _later(anchor, (_FRIDAY - anchor.weekday()) % 7 + 7 * span.startswith("next"))
    if unit == "year":
        return _day(anchor.year + span.startswith("next"), _LAST_MONTH, 31)
    if unit == "month":
        first = _next_month(anchor.replace(day=1)) if span.startswith("next") else anchor
        return _last_of(first.year, first.month) if first else None
    found = _near(anchor, _month(unit), 28)
    return _last_of(found.year, found.month) if found else None


def _holiday(match: re.Match[str], anchor: date | None) -> date | None:
    if anchor is None:
        return None
    years = (year for year in (anchor.year, anchor.year + 1) if year <= date.max.year)
    days = (_holiday_in(_HOLIDAYS[match["holiday"]], year) for year in years)
    return next((day for day in days if day and day >= anchor), None)


def _holiday_in(holiday: tuple[int, ...], year: int) -> date | None:
    month, day, *which = holiday
    if not which:
        return _day(year, month, day)
    found = [date(year, month, each) for each in range(1, monthrange(year, month)[1] + 1)]
    weekdays = [each for each in found if each.weekday() == day]
    return weekdays[which[0] - (which[0] > 0)]


def _tomorrow(match: re.Match[str], anchor: date | None) -> date | None:
    if anchor is None:
        return None
    return _later(anchor, int(match["when"] == "tomorrow"))


def _counted(lower: str, counting: date) -> Iterator[DayFound]:
    for pattern in (_WITHIN, _COUNT_FIRST):
        for match in pattern.finditer(lower):
            if day := _after(match, counting):
                yield DayFound(day=day, start=match.start(), end=match.end(), counted=True)


def _from_days(lower: str, anchor: date | None) -> Iterator[DayFound]:
    """Yield the days counted from a day that is named: "ten days from March 17"."""
    for match in _FROM_DAY.finditer(lower):
        start = month_day(match, anchor)
        if start and (day := _after(match, start)):
            yield DayFound(day=day, start=match.start(), end=match.end(), has_year=bool(match["year"]))


def _after(match: re.Match[str], counting: date) -> date | None:
    count = _NUMBERS.get(match["count"]) or int(match["count"])
    unit = match["unit"].rstrip("s")
    if unit == "month":
        return _months_later(counting, count) if count <= _MOST_MONTHS else None
    if unit == "hour":
        return _later(counting, -(-count // 24))
    days = count * _DAYS[unit] + bool(match["half"]) * _DAYS[unit] // 2
    return _business(counting, days) if match["business"] else _later(counting, days)


def _month(written: str) -> int:
    return _MONTHS.index(written[:3]) + 1


def _near(anchor: date, month: int, day: int) -> date | None:
    years = (anchor.year - 1, anchor.year, anchor.year + 1)
    candidates = (found for year in years if (found := _day(year, month, day)))
    return next((found for found in candidates if (found - anchor).days >= -_LOOK_BACK), None)


def _next_month(first: date) -> date | None:
    years, month = divmod(first.month, _LAST_MONTH)
    return _day(first.year + years, month + 1, 1)


def _last_of(year: int, month: int) -> date | None:
    return _day(year, month, monthrange(year, month)[1])


def _months_later(anchor: date, count: int) -> date | None:
    years, month = divmod(anchor.month - 1 + count, _LAST_MONTH)
    if anchor.year + years > date.max.year:
        return None
    year, month = anchor.year + years, month + 1
    return _day(year, month, min(anchor.day, monthrange(year, month)[1]))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _later(anchor: date, days: int) -> date | None:
    try:
        return anchor + timedelta(days=days)
    except OverflowError:
        return None


def _business(anchor: date, days: int) -> date | None:
    weeks, rest = divmod(days, 5)
    day = _later(anchor, weeks * 7)
    while day and rest:
        day = _later(day, 1)
        rest -= bool(day and day.weekday() <= _FRIDAY)
    return day


#: What reads the words behind a limiting one.
_Reader = Callable[[re.Match[str], date | None], date | None]
_READERS: tuple[tuple[re.Pattern[str], _Reader, bool], ...] = (
    (_DATED, month_day, False),
    (_DAY_FIRST_DATED, month_day, False),
    (_ISO, _numeric, False),
    (_NUMERIC, _numeric, False),
    (_ON_WEEKDAY, _weekday, True),
    (_ON_THE, _nth, True),
    (_AT_THE_END, _end, True),
    (_ON_HOLIDAY, _holiday, True),
    (_TOMORROW, _tomorrow, True),
)
