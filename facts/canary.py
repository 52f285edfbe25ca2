"""Canary: a document of our own that proves the whole path, from fetching to telling, each interval anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

#: The name of its source; no source of a configuration may have it.
CANARY = "canary"

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class PathState(StrEnum):
    """How the path from fetching to telling stands."""

    SOUND = "sound"
    #: A canary was due and is not heard.
    LATE = "late"
    #: None was heard yet, and none is late.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The last canary that the ops channel took."""

    published_at: datetime
    #: When the channel took it.
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PathReport:
    """How the path stands, and from what that is known."""

    state: PathState
    #: The latest canary that should have been published by now.
    published_at: datetime
    heard: Heard | None = None
    #: When the first canary that is not heard was due; None unless the path is late.
    late_since: datetime | None = None


def published_at(now: datetime, every: timedelta) -> datetime:
    """Return when the present canary was published: the last whole interval, counted from midnight UTC in 1970.

    A function of the clock alone, so that a restart within an interval publishes nothing new.
    """
    return now.astimezone(UTC) - (now - _BEGINNING) % every
