"""Dates as American newsrooms write them (AP Stylebook, "months": the five short ones are never abbreviated)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

_MONTHS = ("Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")


def ap_date(day: date) -> str:
    """Return "Aug. 18, 2017"."""
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def ap_moment(moment: datetime) -> str:
    """Return "Aug. 3, 2017, 15:04 UTC"; the day alone when the source gave no time, which it writes as midnight."""
    utc = moment.astimezone(UTC)
    day = ap_date(utc.date())
    return day if utc.time() == time() else f"{day}, {utc:%H:%M} UTC"
