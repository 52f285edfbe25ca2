"""Deadlines: the day an answer is due, read by a small grammar of our own.

A day without a year takes it from the document's date; "within 30 days" and "by Friday" count from the date that the
letter states, else from publication.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from classifier.parsing import Parsed, Passage
from facts.event import Deadline

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fourteen": 14, "fifteen": 15, "twenty": 20, "twenty-one": 21, "thirty": 30,
    "forty-five": 45, "sixty": 60, "ninety": 90,
}  # fmt: skip
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?:,?\s{1,3}(?P<year>(?:19|20)\d\d))?"
_DAY = rf"{_MONTH}\s{{1,3}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d){_YEAR}"
_FILLER = (
    r"(?:(?:the\s|a\s|an\s)?(?:close\sof\sbusiness|end\sof\s(?:the\s)?(?:day|business)|noon|midnight|\d{1,2}(?::\d\d)?\s[ap]\.?m\.?)"
    r"[,\s]{1,2}(?:on\s)?)?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s)?"
)
_LIMIT = (
    r"\b(?:by|no\slater\sthan|not\slater\sthan|on\sor\sbefore|before|until|till|due(?:\son)?|"
    r"deadline\s(?:of|is|was|for\sanswers\sis|for\sreplies\sis)|deadline:|expires\son|prior\sto)\s{1,3}"
)
_DATED = re.compile(_LIMIT + _FILLER + _DAY)
_DATED_AFTER = re.compile(_DAY + r"\s{1,3}(?:deadline|cutoff|due\sdate)\b")
_NUMERIC = re.compile(_LIMIT + _FILLER + r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<year>(?:19|20)\d\d)(?!\d)")
_WEEKDAY = re.compile(
    _LIMIT + r"(?:the\sclose\sof\sbusiness\son\s|noon\s|next\s|this\s)?"
    r"(?P<weekday>(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
)
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_UNIT = r"(?P<business>business\s|working\s)?(?P<unit>days?|weeks?)\b"
_WITHIN = re.compile(
    rf"\b(?:within|in|have|has|had|given|gives|gave|another|get|got)\s{{1,3}}(?:(?:the\snext|just|only|exactly|them|us)\s)?{_COUNT}[\s-]{{1,3}}(?:calendar\s)?{_UNIT}"
)
_COUNT_FIRST = re.compile(
    rf"(?<![\w-]){_COUNT}[\s-]{{1,3}}(?:calendar\s)?{_UNIT}(?:'|')?\s{{1,3}}(?:(?:is|are)\s\w{{1,12}}\s)?(?:deadline|notice\sto|to|from\sthe\sdate)\b"
)
_STATED = re.compile(
    r"\b(?:letters?|notices?|memos?)[\w\s,]{0,40}?\b(?:dated|of|sent\son|sent)\s{1,3}(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,\s)?"
    + _DAY
)
_HEADING = re.compile(r"^[ \t]{0,20}" + _DAY + r"[ \t]{0,20}$", re.MULTILINE)
_LETTER_TOP = 900
#: Days by which a day without a year may lie before the document; an article about an answer names a day just past.
_LOOK_BACK = 120
_SPEAKS_OF_DUTY = ("condition", "instrument_word", "threat", "strings", "agency", "federal", "stance")
#: A date written out goes before one that is counted, which must stand among more words of duty.
_DATED_FIRST = 2
_SURE = 2
_ANSWER = re.compile(r"\b(?:answers?|repl(?:y|ies)|respon(?:d|ses?)|comply|certify|certification)\b")
_IN_VAIN = re.compile(r"\b(?:appl(?:y|ications?)|comments?|hearing|register|ballots?|nominations?)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    day: date
    start: int
    end: int
    has_year: bool
    #: Counted from another day: "within 30 days", "by Friday".
    counted: bool = False


def find_deadline(parsed: Parsed, published: date | None) -> Deadline | None:
    """Return the day an answer is due; None when the text names none, or its date cannot be counted."""
    anchor = stated_date(parsed, published) or published
    ranked = [
        (_DATED_FIRST * found.counted - weight, sentence.start + found.start, found)
        for index, sentence in enumerate(passage.sentence for passage in parsed.passages)
        for lower in (parsed.folded.lower[sentence.start : sentence.end],)
        for weight in (_duty(parsed, index, lower),)
        for found in _deadlines(lower, anchor)
        if weight >= (_SURE if found.counted else 1)
    ]
    if not ranked:
        return None
    _, at, found = min(ranked, key=lambda entry: entry[:2])
    start, end = parsed.folded.span(at, at + found.end - found.start)
    phrase = " ".join(parsed.original[start:end].split())
    return Deadline(date=found.day, phrase=phrase, assumed_year=not found.has_year)


def stated_date(parsed: Parsed, published: date | None) -> date | None:
    """Return the date that the letter bears: its own heading, or "the letter dated Aug. 3"."""
    lower = parsed.folded.lower
    heading = _HEADING.search(lower, 0, min(_LETTER_TOP, len(lower))) if "dear " in lower[:4000] else None
    return next(
        (day for match in (heading, _STATED.search(lower)) if match and (day := _dated(match, published))),
        None,
    )


def _duty(parsed: Parsed, index: int, lower: str) -> int:
    passage = parsed.passages[index]
    around: tuple[Passage, ...] = parsed.passages[max(0, index - 1) : index + 2]
    weight = sum(kind in passage.kinds for kind in _SPEAKS_OF_DUTY)
    weight += any("instrument_word" in near.kinds or "agency" in near.kinds for near in around)
    weight += bool(_ANSWER.search(lower))
    return weight - 3 * bool(_IN_VAIN.search(lower))


def _deadlines(lower: str, anchor: date | None) -> Iterator[_Found]:
    for pattern in (_DATED, _DATED_AFTER):
        for match in pattern.finditer(lower):
            if day := _dated(match, anchor):
                yield _found(match, day, has_year=bool(match["year"]))
    for match in _NUMERIC.finditer(lower):
        if day := _day(int(match["year"]), int(match["m"]), int(match["d"])):
            yield _found(match, day, has_year=True)
    if anchor:
        yield from _relative(lower, anchor)


def _relative(lower: str, anchor: date) -> Iterator[_Found]:
    for match in _WEEKDAY.finditer(lower):
        ahead = (_WEEKDAYS.index(match["weekday"]) - anchor.weekday() - 1) % 7 + 1
        if day := _later(anchor, ahead):
            yield _counted(match, day)
    for pattern in (_WITHIN, _COUNT_FIRST):
        for match in pattern.finditer(lower):
            count = _NUMBERS.get(match["count"]) or int(match["count"])
            days = count * 7 if match["unit"].startswith("week") else count
            day = _business(anchor, days) if match["business"] else _later(anchor, days)
            if day:
                yield _counted(match, day)


def _found(match: re.Match[str], day: date, *, has_year: bool) -> _Found:
    return _Found(day=day, start=match.start(), end=match.end(), has_year=has_year)


def _counted(match: re.Match[str], day: date) -> _Found:
    return _Found(day=day, start=match.start(), end=match.end(), has_year=False, counted=True)


def _dated(match: re.Match[str], anchor: date | None) -> date | None:
    month, day = _MONTHS.index(match["month"][:3]) + 1, int(match["day"])
    if match["year"]:
        return _day(int(match["year"]), month, day)
    if anchor is None:
        return None
    years = (anchor.year - 1, anchor.year, anchor.year + 1)
    candidates = (found for year in years if (found := _day(year, month, day)))
    return next((found for found in candidates if (found - anchor).days >= -_LOOK_BACK), None)


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
        rest -= bool(day and day.weekday() < 5)  # noqa: PLR2004 - Monday to Friday
    return day
