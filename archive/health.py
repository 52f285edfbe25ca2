"""Health of the service, as the health page tells it: never a constant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from facts.canary import PathReport, PathState


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What the service knows of itself when it is asked."""

    now: datetime
    #: When the scheduler's clock last ticked; None when it never did.
    last_tick: datetime | None
    #: The names of the sources that fail.
    failing: tuple[str, ...] = ()
    #: How the canary stands; None without one.
    path: PathReport | None = None
    #: A tick older than this means the clock has stopped.
    stale_after: timedelta = timedelta(minutes=2)


def is_alive(health: Health) -> bool:
    """Return whether the scheduler's clock still ticks; failing sources are news, not a dead service."""
    return health.last_tick is not None and health.now - health.last_tick <= health.stale_after


def is_well(health: Health) -> bool:
    """Return whether it ticks, and the canary comes through."""
    return is_alive(health) and (health.path is None or health.path.state is not PathState.LATE)


def health_json(health: Health) -> dict[str, object]:
    """Return the document of the health page.

    Keys: `ok` (all is well), `alive` (the clock ticks), `now`, `last_tick` (ISO or null), `seconds_since_tick` (number
    or null), `sources_failing` (names), `canary`: null without one, else `state` (sound, late or unknown),
    `published_at`, and `heard_at`, `heard_published_at` and `late_since` (ISO or null).
    """
    tick = health.last_tick
    return {
        "ok": is_well(health),
        "alive": is_alive(health),
        "now": health.now.astimezone(UTC).isoformat(),
        "last_tick": _time(tick),
        "seconds_since_tick": (health.now - tick).total_seconds() if tick else None,
        "sources_failing": list(health.failing),
        "canary": _path_json(health.path) if health.path else None,
    }


def _path_json(path: PathReport) -> dict[str, object]:
    return {
        "state": path.state.value,
        "published_at": _time(path.published_at),
        "heard_at": _time(path.heard.at if path.heard else None),
        "heard_published_at": _time(path.heard.published_at if path.heard else None),
        "late_since": _time(path.late_since),
    }


def _time(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None
