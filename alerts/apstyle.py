"""Dates and times as American newsrooms write them (AP Stylebook: the five short months are not abbreviated)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo

_NOON = 12
_MONTHS = ("Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")


def ap_date(day: date) -> str:
    """Return "Aug. 18, 2017"."""
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def local(moment: datetime, zone: tzinfo) -> datetime:
    """Return the moment in the zone; one at the very ends of the calendar stays in UTC."""
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment.astimezone(UTC)


def clock(moment: datetime, zone: tzinfo) -> str:
    """Return a time of day in AP style with its zone, "9:05 a.m. MDT", in one piece: its blanks do not break."""
    here = local(moment, zone)
    half = "a.m." if here.hour < _NOON else "p.m."
    return f"{here.hour % _NOON or _NOON}:{here.minute:02}\u00a0{half}\u00a0{here.tzname()}"


def when(moment: datetime, zone: tzinfo) -> str:
    """Return a moment in AP style: "Aug. 3, 2017, 9:05 a.m. MDT"."""
    return f"{ap_date(local(moment, zone))}, {clock(moment, zone)}"


def published(moment: datetime, zone: tzinfo) -> str:
    """Return the time that a source claims; its day alone when it gave no time, which comes as midnight in UTC."""
    utc = moment.astimezone(UTC)
    return ap_date(utc) if utc.time() == time() else when(moment, zone)


def published_day(moment: datetime, zone: tzinfo) -> str:
    """Return the day that a source claims; a day without a time belongs to no zone and is not moved by one."""
    utc = moment.astimezone(UTC)
    return ap_date(utc if utc.time() == time() else local(moment, zone))
