"""Times: aware and in UTC, everywhere."""

from __future__ import annotations

from datetime import UTC, datetime


def require_aware(moment: datetime, what: str) -> datetime:
    """Return the moment in UTC.

    Raises:
        ValueError: the moment has no zone; a naive time is a bug, not an input error.
    """
    if moment.tzinfo is None:
        msg = f"{what} has no time zone: {moment!r}"
        raise ValueError(msg)
    return moment.astimezone(UTC)
