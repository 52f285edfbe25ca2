"""Storm: what a channel is told when one source brings more at once than anybody reads. Pure.

A site that moves publishes its old items anew. What the archive recognises of them (`facts.recognition`) raises
nothing; the rest is told in one message, and lies in the archive and in the digest like everything else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from alerts.plain import line, shorten
from alerts.router import source_alert
from facts.alert import Alert, Reason
from facts.event import LETTER, Event
from facts.identity import make_id
from facts.places import Role

#: Alerts of one source that one channel is told one by one. The largest campaign of letters known, of 2017, had 29.
MOST = 30
_TITLE_SHOWN = 60
_TITLES_SHOWN = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """An event with the alerts that it raises."""

    event: Event
    alerts: tuple[Alert, ...]


def calm(source: str, raised: Sequence[Raised], told: Collection[str], now: datetime) -> list[tuple[Alert, ...]]:
    """Return the alerts of each event, in their order, when all these events came of one source at once.

    `told` holds the ids of alerts that were raised before, which count no more. A channel with more than MOST new ones
    is told in one notice, which the first of them carries. A letter that opens a story and names whom it is to is told
    alone all the same, unless there are more than MOST of these too.
    """
    fresh = [(one.event, alert) for one in raised for alert in one.alerts if alert.id not in told]
    grouped = _grouped(fresh)
    silent = {alert.id for _, alert in grouped}
    # The first of a channel's silent alerts gives its place to the notice.
    notices = {
        alert.id: _notice(source, channel, [event for event, one in grouped if one.channel == channel], now)
        for channel, alert in {alert.channel: alert for _, alert in reversed(grouped)}.items()
    }
    return [
        tuple(notices.pop(alert.id, alert) for alert in one.alerts if alert.id not in silent or alert.id in notices)
        for one in raised
    ]


def _grouped(fresh: Sequence[tuple[Event, Alert]]) -> list[tuple[Event, Alert]]:
    """Return what is not told one by one."""
    number = Counter(channel for channel, _ in {(alert.channel, alert.id) for _, alert in fresh})
    alone = Counter(alert.channel for event, alert in fresh if _is_new_letter(event, alert))
    return [
        (event, alert)
        for event, alert in fresh
        if number[alert.channel] > MOST and (alone[alert.channel] > MOST or not _is_new_letter(event, alert))
    ]


def _is_new_letter(event: Event, alert: Alert) -> bool:
    return alert.reason is Reason.NEW_STORY and event.label == LETTER and bool(event.in_role(Role.RECIPIENT))


def _notice(source: str, channel: str, events: Sequence[Event], now: datetime) -> Alert:
    titles = list(dict.fromkeys(shorten(line(event.title), _TITLE_SHOWN) for event in events))
    shown = "; ".join(f"“{title}”" for title in titles[:_TITLES_SHOWN])
    detail = (
        f"{len(events)} reports at once, not told one by one: often a site that published old items anew. "
        f"The archive has them all, newest first: {shown}{'; …' if len(titles) > _TITLES_SHOWN else ''}"
    )
    told = source_alert(source, Reason.MANY, now, detail, channel, now)
    return replace(told, id=make_id("storm", source, channel, events[0].id))
