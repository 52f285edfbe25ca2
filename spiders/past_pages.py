"""What the readings of the past share: which days are wanted, and how much is left. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median_low

from spiders.dates import EASTERN


def day_of(moment: datetime) -> date:
    """Return the day of a moment in Washington, which the dates of American sources mean."""
    return moment.astimezone(EASTERN).date()


def middle_day(moments: Iterable[datetime | None]) -> date | None:
    """Return the day in the middle of a page, which no single row that is dated oddly moves; None without any date."""
    days = [day_of(moment) for moment in moments if moment is not None]
    return median_low(days) if days else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The days that are asked for, both included."""

    since: date
    until: date

    def hold(self, moment: datetime | None) -> bool:
        """Return whether something of this moment is wanted; what has no date is not left out."""
        return moment is None or self.since <= day_of(moment) <= self.until


def estimate(pages: int, newest: date, oldest: date, since: date) -> int | None:
    """Return about how many pages are left down to `since`, when so many led from one day down to another.

    It is asked while a page is left, so that the answer is never 0.
    """
    covered = (newest - oldest).days
    return max(1, round(pages * (oldest - since).days / covered)) if covered > 0 else None
