"""Dates as feeds, APIs and pages write them. Pure: what cannot be read is None, never now.

A time without a zone is taken as that of the source: US Eastern for the Department of Justice, UTC for all others.
A day without a time is noon in that zone, as justice.gov itself does it, so that it is the same day all over the US.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from facts.text import normalise
from spiders.urls import is_justice

EASTERN = ZoneInfo("America/New_York")

#: Longer strings are no dates.
_MAX_LENGTH = 200

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS_AS_MAILED = {name.title(): number for number, name in enumerate(_MONTHS, 1)}
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_ZONES: dict[str, tzinfo] = {
    **{name: timezone(timedelta(hours=hours)) for name, hours in (
        ("edt", -4), ("est", -5), ("cdt", -5), ("cst", -6), ("mdt", -6), ("mst", -7), ("pdt", -7), ("pst", -8),
        ("akdt", -8), ("akst", -9), ("hst", -10), ("ast", -4), ("adt", -3),
    )},
    "et": EASTERN,
    "ct": ZoneInfo("America/Chicago"),
    "mt": ZoneInfo("America/Denver"),
    "pt": ZoneInfo("America/Los_Angeles"),
    **dict.fromkeys(("utc", "gmt", "ut", "z"), UTC),
}  # fmt: skip

_TIME_ELEMENT = re.compile(r"<time\b(?P<attributes>[^>]*)>(?P<inside>[^<]*)", re.IGNORECASE)
_DATETIME = re.compile(r"\bdatetime=[\"']?([^\"']+)", re.IGNORECASE)
_EPOCH = re.compile(r"-?\d{9,10}(?:\.\d+)?|\d{13}")
_EPOCH_MS_DIGITS = 13
_DAYS = (
    re.compile(rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})\b", re.IGNORECASE),
    re.compile(
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{_MONTH},?[\s-]+(?P<year>\d{{4}}|\d{{2}})\b", re.IGNORECASE
    ),
    re.compile(r"\b(?P<number>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})\b"),
    re.compile(r"\b(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})(?=\D|$)"),
)
_CLOCK = re.compile(
    r"\b(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?\s*(?P<half>[ap]\.?\s?m\b\.?)?"
    r"|\b(?P<bare>\d{1,2})\s*(?P<bare_half>[ap]\.?\s?m\b\.?)",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>\d{2})\b")
_ZONE_NAME = re.compile(r"\b(" + "|".join(_ZONES) + r")\b", re.IGNORECASE)
# Nearly every feed writes one of these: RFC 822 as RSS asks for it, and ISO 8601 as Atom does.
_MAIL = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?([0-9]{1,2}) ([A-Z][a-z]{2}) ([0-9]{4})"
    r" ([0-9]{2}):([0-9]{2}):([0-9]{2}) (?:GMT|UTC|([+-])([0-9]{2})([0-9]{2}))"
)
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[0-9Z.:+-]{0,20}")
#: Two digits of a year: RFC 2822, section 4.3.
_CENTURY_TURN = 50
_NOON = 12
#: The first year and the last are what programs write for no date, and their ends have no time in some zones.
_YEARS = range(2, 9999)


def zone_of(url: str) -> tzinfo:
    """Return the zone of times that a source at this address gives without one."""
    return EASTERN if is_justice(url) else UTC


def parse_date(text: str | None, zone: tzinfo = UTC) -> datetime | None:
    """Return the moment in UTC, or None when the text is no date; `zone` is that of a time which names none."""
    if not text or len(text) > _MAX_LENGTH:
        return None
    try:
        moment = _common(text, zone) or _parse(normalise(text), zone)
    except (ValueError, OverflowError, OSError):
        # A day that no calendar has, or a year that no clock reaches.
        return None
    return moment if moment is not None and moment.year in _YEARS else None


def _common(text: str, zone: tzinfo) -> datetime | None:
    """Return what `_parse` returns for the two common forms, None for any other."""
    if _ISO.fullmatch(text):
        return _iso(text, zone)
    mail = _MAIL.fullmatch(text)
    month = _MONTHS_AS_MAILED.get(mail[2]) if mail is not None else None
    if mail is None or month is None:
        return None
    day, year, hour, minute, second = (int(mail[group]) for group in (1, 3, 4, 5, 6))
    moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    if mail[7] is None:
        return moment
    # As a zone, which a day or more is not.
    delta = timedelta(hours=int(mail[8]), minutes=int(mail[9]))
    return moment.replace(tzinfo=timezone(-delta if mail[7] == "-" else delta)).astimezone(UTC)


def _parse(text: str, zone: tzinfo) -> datetime | None:
    element = _TIME_ELEMENT.search(text)
    if element is not None:
        inside = element["inside"].strip()
        stated = _DATETIME.search(element["attributes"])
        return _parse(inside if stated is None or _EPOCH.fullmatch(inside) else stated[1], zone)
    if _EPOCH.fullmatch(text):
        seconds = float(text) / (1000 if len(text) == _EPOCH_MS_DIGITS and "." not in text else 1)
        return datetime.fromtimestamp(seconds, tz=UTC)
    return _iso(text, zone) or _written(text, zone)


def _iso(text: str, zone: tzinfo) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if ":" not in text and "T" not in text:
        moment = moment.replace(hour=_NOON)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _written(text: str, zone: tzinfo) -> datetime | None:
    found = next((match for pattern in _DAYS if (match := pattern.search(text))), None)
    if found is None:
        return None
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    clock = _CLOCK.search(rest)
    hour, minute, second = _time_of(clock)
    moment = datetime(_year(found["year"]), _month(found), int(found["day"]), hour, minute, second, tzinfo=zone)
    named = None if clock is None else _zone_in(rest[clock.end() :])
    return (moment if named is None else moment.replace(tzinfo=named)).astimezone(UTC)


def _month(found: re.Match[str]) -> int:
    groups = found.groupdict()
    return int(groups["number"]) if groups.get("number") else _MONTHS.index(found["month"].lower()) + 1


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) > 2:  # noqa: PLR2004 (the two digits of an old year)
        return year
    return year + (2000 if year < _CENTURY_TURN else 1900)


def _time_of(clock: re.Match[str] | None) -> tuple[int, int, int]:
    if clock is None:
        return _NOON, 0, 0
    hour = int(clock["hour"] or clock["bare"])
    half = (clock["half"] or clock["bare_half"] or "").lower()
    if half:
        hour = hour % _NOON + (_NOON if half.startswith("p") else 0)
    return hour, int(clock["minute"] or 0), int(clock["second"] or 0)


def _zone_in(text: str) -> tzinfo | None:
    offset = _OFFSET.search(text)
    if offset is not None:
        delta = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"]))
        return timezone(-delta if offset["sign"] == "-" else delta)
    name = _ZONE_NAME.search(text)
    return _ZONES[name[1].lower()] if name else None
