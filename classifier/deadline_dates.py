"""Dates of deadlines: a small grammar of our own for the days that a sentence names.

"By Aug. 18", "no later than 18 August 2025", "until noon Friday", "the 27th", "the end of the month", "within ten
days", "two weeks to answer": each with the day it gives, where it stands and what makes it a limit, if anything does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from classifier.calendar_days import (
    HOLIDAYS,
    counted_from,
    day_of,
    end_of,
    holiday_after,
    later,
    month_number,
    near_day,
    next_month,
    start_after,
    weekday_after,
    weekday_before,
)

_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "twenty": 20,
    "twenty-one": 21, "twenty-eight": 28, "thirty": 30, "forty": 40, "forty-five": 45, "forty-eight": 48, "sixty": 60,
    "seventy-two": 72, "ninety": 90,
}  # fmt: skip
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "fifteenth": 15, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
_MONTH_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_MONTH = rf"(?P<month>{_MONTH_NAME})\.?"
_YEAR = r"(?:,?\s{1,3}(?P<year>(?:19|20)\d\d))?"
#: A month and its day, and a year where one stands: the groups `month`, `day` and `year`.
DAY = rf"{_MONTH}\s{{1,3}}(?:the\s)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d,]\d){_YEAR}"
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
#: What may lead on to a day that no other word limits; it belongs to the phrase shown.
_LEAD = re.compile(
    r"\b(?:beginning|starting|effective|from|as of|after|on|at|for|to|through|is(?: now)?|was|remains|of|dated|not "
    r"later than|inside(?: of)?|within|in|about|some|has|have|had|the|next|this|a week from)(?: (?:on|of|the|about))?"
    r"\s{1,3}\Z"
)
_LEAD_REACH = 24
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
    rf"(?:{_HOUR}\s(?:on\s)?)?(?P<week>next\s|this\s|a\sweek\sfrom\s|this\scoming\s|the\sfollowing\s)?"
    rf"(?P<weekday>{WEEKDAY})\b"
)
#: A day just gone by on which something was due: "last Friday, the final day", "was due Monday".
_PAST_WEEKDAY = re.compile(
    rf"\b(?:(?P<last>last\s)?(?P<weekday>{WEEKDAY})(?:,|\swas|\swere)\s(?:also\s)?"
    rf"(?:the|its|their)\s(?:(?:last|final)\b|day\sby\b|(?:\w{{1,12}}\s)?deadline)"
    rf"|(?:was|were)\s(?:originally\s)?due\s(?:back\s)?(?:on\s|by\s)?(?P<due>{WEEKDAY})"
    rf"|deadline\s(?:was|passed|expired|came\sand\swent)\s(?:on\s)?(?P<passed>{WEEKDAY}))\b"
)
#: "A Monday deadline", to come unless it is told as over: "had set a Monday deadline".
_WEEKDAY_DEADLINE = re.compile(
    rf"\b(?P<over>(?:had|faced|missed|met|passed)\s(?:[\w'-]{{1,16}}\s){{0,4}}?)?(?P<weekday>{WEEKDAY})"
    r"(?:'s)?\s(?:morning\s|noon\s|afternoon\s|evening\s|night\s)?(?:deadline|cut-?off)\b"
)
_ON_THE = re.compile(
    rf"(?:{_HOUR}\s(?:on\s)?)?the\s(?P<nth>\d{{1,2}}(?=st|nd|rd|th)|{'|'.join(_ORDINALS)})(?:st|nd|rd|th)?"
    r"(?:\sof\s(?P<which>the|this|next)\smonth)?(?=[\s,.;:)\"'?!-]|$)"
    r"(?!\s(?:of|day|week|time|round|grade|deadline)\b)"
)
_AT_THE_END = re.compile(
    r"(?:the\s)?(?:(?:end|last\s(?:business\s|working\s)?day|close)\sof\s(?P<which>the\s|this\s|next\s)?"
    rf"(?:(?:current\s|federal\s)*(?P<span>fiscal\syear|month|week|quarter|year)|(?P<of>{_MONTH_NAME})|(?P<in>20\d\d))(?![a-z\d])|"
    rf"(?P<own>fiscal\syear|month|week|quarter|year)'s\send|mid-(?P<mid>{_MONTH_NAME})(?![a-z]))"
)
_AT_THE_START = re.compile(
    r"(?:the\s)?(?:start|beginning|first\sday|first)\sof\s(?:the|next)\s"
    r"(?:new\s|coming\s|next\s|federal\s)*(?P<span>fiscal\syear|month|week|quarter|year)(?![a-z])"
)
_ON_HOLIDAY = re.compile(
    rf"(?P<after>the\sday\safter\s)?(?P<holiday>{'|'.join(sorted(map(re.escape, HOLIDAYS), key=len, reverse=True))})\b"
)
_TOMORROW = re.compile(
    rf"(?:{_HOUR}\s)?(?:(?P<weeks>a|one|two)\sweeks?\sfrom\s)?"
    r"(?P<when>tomorrow|tonight|midnight\stonight|today)\b(?!'(?!s\sdeadline))"
)
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})(?:\s\(\d{{1,3}}\))?"
_UNIT = (
    r"(?:more\s|full\s|calendar\s)?(?P<business>business\s|working\s)?(?P<unit>days?|weeks?|fortnight|months?|hours?)\b"
    r"(?P<half>\sand\sa\shalf)?"
)
_WITHIN = re.compile(
    r"\b(?:within|inside(?:\sof)?|in|have|has|had|having|given?|gives|gave|another|get|gets|got|allow|allows|allowed|"
    r"granted)\s{1,3}(?:(?:the\snext|just|only|exactly|about|them|us|him|her|it|you|each)\s)?"
    rf"{_COUNT}\s{{1,3}}{_UNIT}(?!\s(?:ago|of|earlier|later|before|of\sthe\sweek|a\sweek))"
)
_COUNT_FIRST = re.compile(
    r"(?<![\w-])(?<!took )(?<!takes )(?<!take )(?<!for )(?<!spent )(?<!after )(?<!first )(?<!up to )(?<!every )"
    rf"{_COUNT}[\s-]{{1,3}}{_UNIT}'?\s{{1,3}}(?:(?:is|are)\s\w{{1,12}}\s)?"
    r"(?:deadline|notice\sto|to(?!\s(?:go|spare)\b)|in\swhich\sto|from\s(?:the\sdate|receipt|today)|"
    r"of\s(?:the\sdate|receipt|this\sletter)|after\sreceipt)\b"
)
_COUNT_BARE = re.compile(
    rf"(?<![\w$.,-]){_COUNT}[\s-]{{1,3}}{_UNIT}(?!\s(?:ago|earlier|before|old|from\s(?:tomorrow|{WEEKDAY}))\b)"
)
_FROM_DAY = re.compile(rf"(?<![\w-]){_COUNT}\s{{1,3}}{_UNIT}\s(?:from|after|of)\s(?:the\s)?{DAY}")
# Sieves: most sentences tell no day.
_TELLS_TIME = re.compile(
    r"\d|day|week|fortnight|month|hour|year|quarter|tomorrow|tonight|christmas|halloween|thanksgiving|juneteenth|\bthe\s\w"
)
_A_DAY = re.compile(DAY)
_A_UNIT = re.compile(r"\b(?:day|week|fortnight|month|hour)")
#: A number of a scanned page: letters that were read for figures.
_MISREAD = re.compile(r"(?<![a-z\d])(?=[ol\d/]*\d)[ol\d/]*[ol][ol\d/]*(?![a-z\d])")
_CENTURY = 2000
_JUST_PAST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFound:
    """A day set by the words from `start` to `end` of a sentence."""

    day: date
    start: int
    end: int
    has_year: bool = False
    #: Counted from another day: "within 30 days", "by Friday".
    counted: bool = False
    #: What makes it a limit: "limit", "past", "deadline", "moved", "stops", "within", "term" or "from"; "" where
    #: nothing does.
    form: str = ""


def days_in(lower: str, anchor: date | None, counting: date | None) -> Iterator[DayFound]:
    """Yield the days that a sentence, in small letters, names.

    A day without a year is taken near `anchor`, "within 30 days" is counted from `counting`; without the one or the
    other such a day is not told. Of days that overlap, the one that more words make a limit comes first; the same day
    is told once.
    """
    if not _TELLS_TIME.search(lower):
        return
    read = _MISREAD.sub(lambda match: match.group().replace("o", "0").replace("l", "1"), lower)
    taken: list[DayFound] = []
    for found in _all_days(read, anchor, counting):
        if not any(_told_by(found, other) for other in taken):
            taken.append(found)
            yield found


def _told_by(found: DayFound, other: DayFound) -> bool:
    """Return whether the words of a day are those of another that says as much."""
    overlaps = found.start < other.end and other.start < found.end
    return overlaps and (not found.form or found.day == other.day or other.form == "past")


def counts_days(lower: str) -> bool:
    """Return whether a sentence, in small letters, speaks of days, weeks, months or hours at all."""
    return bool(_A_UNIT.search(lower))


def month_day(match: re.Match[str], anchor: date | None) -> date | None:
    """Return the day of a match with `month`, `day` and perhaps `year`, the year else taken near `anchor`."""
    month, day = month_number(match["month"]), int(match["day"])
    if match["year"]:
        return day_of(int(match["year"]), month, day)
    return near_day(anchor, month, day) if anchor else None


def _all_days(lower: str, anchor: date | None, counting: date | None) -> Iterator[DayFound]:
    """Yield the days of a sentence, those with a form of their own first."""
    if anchor:
        yield from _due_weekdays(lower, anchor)
    yield from _limited(lower, anchor)
    if _A_DAY.search(lower):
        yield from _unlimited(lower, anchor)
        yield from _from_days(lower, anchor)
    if counting and counts_days(lower):
        yield from _counted(lower, counting)
    yield from _bare(lower, anchor)


def _limited(lower: str, anchor: date | None) -> Iterator[DayFound]:
    """Yield the days that stand behind a limiting word."""
    for limit in _LIMITED.finditer(lower):
        for pattern, reader, counted in _READERS:
            match = pattern.match(lower, limit.end())
            if match and (day := reader(match, anchor)):
                yield _found(day, match, "limit", start=limit.start(), counted=counted)
                # "By Friday, Aug. 18" is one day.
                break


def _due_weekdays(lower: str, anchor: date) -> Iterator[DayFound]:
    """Yield the weekdays on which something was due, and those that are called a deadline."""
    for match in _WEEKDAY_DEADLINE.finditer(lower):
        near = weekday_before if match["over"] else weekday_after
        if day := near(match["weekday"], anchor):
            form = "past" if match["over"] else "deadline"
            yield _found(day, match, form, start=match.start("weekday"), counted=True)
    for match in _PAST_WEEKDAY.finditer(lower):
        if day := _weekday_past(match, anchor):
            yield _found(day, match, "past", counted=True)


def _unlimited(lower: str, anchor: date | None) -> Iterator[DayFound]:
    """Yield the days that other words make a limit."""
    for pattern, form in ((_DATED_AFTER, "deadline"), (_MOVED_TO, "moved"), (_STOPPED, "stops")):
        for match in pattern.finditer(lower):
            if day := month_day(match, anchor):
                yield _found(day, match, form)


def _bare(lower: str, anchor: date | None) -> Iterator[DayFound]:
    """Yield the days that nothing in their form makes a limit; the words around them may."""
    for pattern, reader, counted in _BARE_READERS:
        for match in pattern.finditer(lower):
            if day := reader(match, anchor):
                lead = _LEAD.search(lower, max(0, match.start() - _LEAD_REACH), match.start())
                yield _found(day, match, "", start=lead.start() if lead else match.start(), counted=counted)


def _found(day: date, match: re.Match[str], form: str, *, start: int | None = None, counted: bool = False) -> DayFound:
    return DayFound(
        day=day,
        start=match.start() if start is None else start,
        end=match.end(),
        has_year=bool(match.groupdict().get("year")),
        counted=counted,
        form=form,
    )


def _numeric(match: re.Match[str], anchor: date | None) -> date | None:
    month, day = int(match["m"]), int(match["d"])
    if match["year"]:
        year = int(match["year"])
        return day_of(year if year >= _CENTURY else year + _CENTURY, month, day)
    return near_day(anchor, month, day) if anchor else None


def _weekday(match: re.Match[str], anchor: date | None) -> date | None:
    day = weekday_after(match["weekday"], anchor) if anchor else None
    week = (match["week"] or "").strip()
    return later(day, 7 * (week == "a week from" or (week == "next" and day == anchor))) if day else None


def _nth(match: re.Match[str], anchor: date | None) -> date | None:
    if anchor is None:
        return None
    day = _ORDINALS.get(match["nth"]) or int(match["nth"])
    # "They had until the 19th", told on the 20th, is no day of next month.
    following = match["which"] == "next" or day < anchor.day - _JUST_PAST * match["nth"].isdigit()
    first = next_month(anchor.replace(day=1)) if following else anchor
    return day_of(first.year, first.month, day) if first else None


def _end(match: re.Match[str], anchor: date | None) -> date | None:
    if anchor is None:
        return None
    if match["mid"]:
        return near_day(anchor, month_number(match["mid"]), 15)
    if match["in"]:
        return day_of(int(match["in"]), 12, 31)
    if match["of"]:
        first = near_day(anchor, month_number(match["of"]), 28)
        return end_of("month", first, following=False) if first else None
    return end_of(match["span"] or match["own"], anchor, following=(match["which"] or "").startswith("next"))


def _start(match: re.Match[str], anchor: date | None) -> date | None:
    return start_after(match["span"], anchor) if anchor else None


def _holiday(match: re.Match[str], anchor: date | None) -> date | None:
    day = holiday_after(match["holiday"], anchor) if anchor else None
    return later(day, 1) if day and match["after"] else day


def _tomorrow(match: re.Match[str], anchor: date | None) -> date | None:
    weeks = _NUMBERS[match["weeks"]] if match["weeks"] else 0
    return later(anchor, 7 * weeks + (match["when"] == "tomorrow")) if anchor else None


def _weekday_past(match: re.Match[str], anchor: date) -> date | None:
    name = match["weekday"] or match["due"] or match["passed"]
    return weekday_before(name, (later(anchor, -1) if match["last"] else anchor) or anchor)


def _counted(lower: str, counting: date) -> Iterator[DayFound]:
    for pattern, form in ((_WITHIN, "within"), (_COUNT_FIRST, "term"), (_COUNT_BARE, "")):
        for match in pattern.finditer(lower):
            if day := _after(match, counting):
                yield _found(day, match, form, counted=True)


def _from_days(lower: str, anchor: date | None) -> Iterator[DayFound]:
    """Yield the days counted from a day that is named: "ten days from March 17"."""
    for match in _FROM_DAY.finditer(lower):
        start = month_day(match, anchor)
        if start and (day := _after(match, start)):
            yield _found(day, match, "from")


def _after(match: re.Match[str], counting: date) -> date | None:
    count = _NUMBERS.get(match["count"]) or int(match["count"])
    unit = match["unit"].rstrip("s")
    return counted_from(counting, count, unit, half=bool(match["half"]), business=bool(match["business"]))


#: What reads the words behind a limiting one.
_Reader = Callable[[re.Match[str], date | None], date | None]
_READERS: tuple[tuple[re.Pattern[str], _Reader, bool], ...] = (
    (_DATED, month_day, False),
    (_DAY_FIRST_DATED, month_day, False),
    (_ISO, _numeric, False),
    (_NUMERIC, _numeric, False),
    (_ON_WEEKDAY, _weekday, True),
    (_AT_THE_END, _end, True),
    (_AT_THE_START, _start, True),
    (_ON_THE, _nth, True),
    (_ON_HOLIDAY, _holiday, True),
    (_TOMORROW, _tomorrow, True),
)
_NOT_IN_A_WORD = r"(?<![\w/.-])"
_BARE_READERS: tuple[tuple[re.Pattern[str], _Reader, bool], ...] = tuple(
    (re.compile(_NOT_IN_A_WORD + pattern.pattern), reader, counted) for pattern, reader, counted in _READERS
)
