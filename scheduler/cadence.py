"""Cadence: when to look again. Pure functions of what happened and the time."""

from __future__ import annotations

from datetime import datetime, timedelta

#: A source that fails is asked ever more seldom, but never less than this often (or its own interval, if longer).
LONGEST_WAIT = timedelta(hours=1)
#: Polls are spread by up to this share of their interval, so that sources with one interval do not run in step.
SPREAD = 0.1
#: When a link is tried again after its first, second and third failure; then it is given up.
LINK_RETRIES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))


def next_poll(now: datetime, every: timedelta, *, failures: int, retry_at: datetime | None, jitter: float) -> datetime:
    """Return when a source is polled next: never before its interval is over, nor before the time a host named.

    `failures` counts failed visits in a row; `jitter` is 0 to 1.
    """
    wait = every * (1 + SPREAD * jitter)
    if failures > 1:
        longest = max(every, LONGEST_WAIT)
        wait = max(wait, min(every * 2 ** min(failures - 1, 10), longest))
    planned = now + wait
    return max(planned, retry_at) if retry_at else planned


def next_try(now: datetime, attempt: int, retry_at: datetime | None) -> datetime | None:
    """Return when a link that failed is read again, or None to give it up; `attempt` counts earlier failures."""
    if attempt >= len(LINK_RETRIES):
        return None
    planned = now + LINK_RETRIES[attempt]
    return max(planned, retry_at) if retry_at else planned
