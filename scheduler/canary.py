"""Canary: whether the path from fetching to telling is sound, and who hears when it is not.

Told by the archive alone, that is by what its channel took, so it holds whichever part of the path is broken.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

from alerts.canary import late_alerts, recovered_alerts
from facts.alert import Alert
from facts.canary import CANARY, Heard, PathReport, PathState, published_at
from scheduler.pipeline import Pipeline
from storage.protocols import Catalogue

log = logging.getLogger(__name__)

#: How long after it was due a canary is late: a poll, a judgement and some tries of a channel take less.
GRACE = timedelta(minutes=15)


def judge_path(now: datetime, every: timedelta, heard: Heard | None, *, started_at: datetime | None) -> PathReport:
    """Return how the path stands.

    A canary is due when it is published, but not before the service started, or its machine woke; `started_at` is None
    where that is not known. Late counts from the first that is not heard, so the path stays late until the latest that
    was due is.
    """
    published = published_at(now, every)
    if heard is not None and heard.published_at > now + every:
        # Published by a clock that went ahead: it proves nothing of today.
        heard = None
    after_heard = published_at(heard.published_at, every) + every if heard is not None else None
    first = published_at(started_at, every) if started_at is not None else None
    awaited = max((moment for moment in (after_heard, first) if moment is not None), default=None)
    due = max(awaited, started_at or awaited) if awaited is not None else None
    late = due is not None and now - due > GRACE
    return PathReport(
        state=PathState.LATE if late else _unless_late(now, awaited, due, after_heard),
        published_at=published,
        heard=heard,
        late_since=due if late else None,
    )


def _unless_late(
    now: datetime, awaited: datetime | None, due: datetime | None, after_heard: datetime | None
) -> PathState:
    if awaited is not None and awaited > now:
        return PathState.SOUND
    # The one before it was heard; and it is no restart that gives this one more time.
    return PathState.SOUND if awaited is not None and awaited == due == after_heard else PathState.UNKNOWN


def path_report(catalogue: Catalogue, every: timedelta, now: datetime, *, started_at: datetime | None) -> PathReport:
    """Return how the path stands by what the archive holds.

    Raises:
        StorageError: it cannot be read.
    """
    return judge_path(now, every, catalogue.heard_canary(), started_at=started_at)


async def watch_path(
    pipeline: Pipeline, every: timedelta, now: datetime, *, started_at: datetime, before: PathState | None
) -> PathState:
    """Look at the path and tell when it turned: in the log, and on every channel but that of the canary.

    `before` is what the last look returned. Raises StorageError: then the next look tells it.
    """
    report = await asyncio.to_thread(path_report, pipeline.catalogue, every, now, started_at=started_at)
    if report.state is not before:
        if told := await asyncio.to_thread(_turned, pipeline, report, now):
            await asyncio.to_thread(pipeline.store.tell, told)
        _say(pipeline.ops, report, before)
    return report.state


def _turned(pipeline: Pipeline, report: PathReport, now: datetime) -> list[Alert]:
    if report.state is PathState.LATE:
        return late_alerts(report, [name for name in pipeline.channels if name != pipeline.ops], now)
    if report.state is PathState.SOUND:
        told = [alert for alert in pipeline.catalogue.alerts_about(CANARY) if alert.channel in pipeline.channels]
        return recovered_alerts(told, now)
    return []


def _say(ops: str, report: PathReport, before: PathState | None) -> None:
    if report.state is PathState.LATE:
        last = f"the last one came at {report.heard.at:%Y-%m-%d %H:%M} UTC" if report.heard else "none came yet"
        since = f"{report.late_since:%Y-%m-%d %H:%M} UTC"
        log.error(
            "canary: that of %s did not come through to channel %s, %s; news may reach nobody: see the lines above, "
            "and `pursestrings doctor`",
            since,
            ops,
            last,
        )
    elif before is PathState.LATE:
        log.warning("canary: test messages come through to channel %s again", ops)
