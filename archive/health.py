"""Health of the service, as the health page tells it: never a constant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What the service knows of itself when it is asked."""

    now: datetime
    #: When the scheduler's clock last ticked; None when it never did.
    last_tick: datetime | None
    #: The names of the sources that fail.
    failing: tuple[str, ...] = ()
    #: A tick older than this means the clock has stopped.
    stale_after: timedelta = timedelta(minutes=2)


def is_alive(health: Health) -> bool:
    """Return whether the scheduler's clock still ticks; failing sources are news, not a dead service."""
    return health.last_tick is not None and health.now - health.last_tick <= health.stale_after


def health_json(health: Health) -> dict[str, object]:
    """Return the document of the health page.

    Keys: `alive`, `now`, `last_tick` (ISO or null), `seconds_since_tick` (number or null), `sources_failing` (names).
    """
    tick = health.last_tick
    return {
        "alive": is_alive(health),
        "now": health.now.astimezone(UTC).isoformat(),
        "last_tick": tick.astimezone(UTC).isoformat() if tick else None,
        "seconds_since_tick": (health.now - tick).total_seconds() if tick else None,
        "sources_failing": list(health.failing),
    }
