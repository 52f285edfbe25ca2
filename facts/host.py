"""Host: what one origin of the web said of itself, kept so that a restart forgets no promise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HostState:
    """What is known of a host as `https://name`, with the port where it is written out."""

    host: str
    #: Its robots.txt as text, None when it has none that can be read.
    robots: str | None = None
    #: Until when that reading is good; None before there was one.
    robots_until: datetime | None = None
    #: Nothing is asked of it before this time.
    blocked_until: datetime | None = None
    #: How often in a row it said that it is asked too much.
    failures: int = 0
    #: What it said last to that end.
    last_error: str | None = None
