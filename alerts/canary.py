"""Canary: who hears of the built-in test document, of a path that is broken, and in which words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, tzinfo

from alerts.apstyle import ap_date, local
from alerts.message import Message
from alerts.router import HEALTH_ROUTE
from facts.alert import Alert, Reason
from facts.canary import CANARY, PathReport
from facts.event import Event
from facts.identity import make_id


def canary_alert(event: Event, ops: str, now: datetime) -> Alert:
    """Return the one alert that a version of the canary raises, whatever labels it earned: on the ops channel only."""
    return Alert(
        id=make_id("canary-alert", event.snapshot_id, ops),
        event_id=event.id,
        story_id=None,
        place=None,
        source=None,
        detail=None,
        reason=Reason.CANARY,
        route=HEALTH_ROUTE,
        channel=ops,
        due_at=now,
    )


def compose_canary(
    alert: Alert, event: Event, *, heard_at: datetime, zone: tzinfo = UTC, possible_repeat: bool = False
) -> Message:
    """Return one line: when it was published, and when it was on its way to its channel, by the newsroom's clocks."""
    published = event.published_at or event.judged_at
    day = (
        "" if local(published, zone).date() == local(heard_at, zone).date() else f"{ap_date(local(published, zone))}, "
    )
    times = f"published {day}{local(published, zone):%H:%M}, heard {local(heard_at, zone):%H:%M:%S}"
    return Message(
        alert_id=alert.id,
        reason=alert.reason,
        headline=f"the whole path works; {times}",
        label="",
        kind="Canary",
        places=(),
        agencies=(),
        programs=(),
        deadline="",
        deadline_date=None,
        conditions=(),
        quote="",
        url="",
        host="",
        source="",
        published_at=event.published_at,
        published="",
        archived_url="",
        possible_repeat=possible_repeat,
        place=None,
    )


def late_alerts(report: PathReport, channels: Iterable[str], now: datetime) -> list[Alert]:
    """Return what each of these channels is told while no canary is heard: once, however long and often that is said.

    The id is that of the last canary that was heard, so that a restart in between tells nobody again.
    """
    heard, since = report.heard, report.late_since or report.published_at
    last = f"the last one came through {_moment(heard.at)}" if heard else "none came through yet"
    detail = (
        f"the test message of {_moment(since)} did not come through; {last}. Until that is mended, news may reach "
        "nobody: see the log of the service, and `pursestrings doctor`"
    )
    after = heard.published_at.isoformat() if heard else ""
    return [
        _health(make_id("canary-late", after, channel), Reason.CANARY_LATE, detail, channel, now)
        for channel in channels
    ]


def recovered_alerts(told: Sequence[Alert], now: datetime) -> list[Alert]:
    """Return what those are told again who heard last that the path is broken; `told` is newest first."""
    last: dict[str, Alert] = {}
    for alert in told:
        if alert.reason in {Reason.CANARY_LATE, Reason.CANARY_RECOVERED}:
            last.setdefault(alert.channel, alert)
    detail = "test messages come through again"
    return [
        _health(make_id("canary-recovered", alert.id), Reason.CANARY_RECOVERED, detail, alert.channel, now)
        for alert in last.values()
        if alert.reason is Reason.CANARY_LATE
    ]


def _health(id_: str, reason: Reason, detail: str, channel: str, now: datetime) -> Alert:
    return Alert(
        id=id_,
        event_id=None,
        story_id=None,
        place=None,
        source=CANARY,
        detail=detail,
        reason=reason,
        route=HEALTH_ROUTE,
        channel=channel,
        due_at=now,
    )


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
