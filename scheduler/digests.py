"""Digests: which day's digest is due. A pure function of the time and of what was opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: A digest missed by more than this is not sent late: the next one covers its time (docs/reliability.md, R10).
CATCH_UP = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPlan:
    """One daily digest of the configuration."""

    name: str
    #: Local time of day.
    at: time
    channel: str
    #: Empty: the channel's own recipients.
    to: tuple[str, ...]
    #: A day without news is told too.
    quiet_days: bool = True


def due_at(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the moment of a local time on a day, in UTC.

    An hour that comes twice is taken the first time; a time that a spring change leaves out comes as much later.
    """
    return datetime.combine(day, at, zone).astimezone(UTC)


def due_day(plan: DigestPlan, now: datetime, zone: ZoneInfo, *, last: date | None, started_at: datetime) -> date | None:
    """Return the local date whose digest is due and not yet open, or None.

    `last` is the latest date that has one. Without any, a digest of before the service first started is not owed.
    """
    today = now.astimezone(zone).date()
    day = today if now >= due_at(today, plan.at, zone) else today - timedelta(days=1)
    moment = due_at(day, plan.at, zone)
    # A date ahead was opened under a clock that ran ahead; it must not keep today's from being sent.
    if last is not None and last <= today:
        return day if day > last and now - moment < CATCH_UP else None
    return day if moment >= started_at else None
