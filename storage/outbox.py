"""Alerts and their deliveries: a transactional outbox. Every function runs in the transaction it is given."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    delete,
    func,
    or_,
    select,
    update,
)

from facts.alert import Alert, Delivery, DeliveryState, DigestKey, Reason, delivery_id
from facts.canary import CANARY, Heard
from facts.errors import NotFound
from facts.event import Event
from storage.event_rows import (
    alert_fields,
    alert_of,
    attempt_fields,
    delivery_fields,
    delivery_of,
    event_of,
)
from storage.inserts import insert_if_new, insert_new, listed
from storage.tables import alerts, attempts, channels, deliveries, delivery_alerts, digests, events
from storage.work import OutboxItem

#: Tries of one message that a channel's others wait behind: about three hours of back-off.
PATIENT_TRIES = 40
#: No channel is held, and no delivery waits or is under way, longer than this: a later time was set by a clock ahead.
HORIZON = timedelta(hours=2)
#: What the first digest of a name tells of, when there is none before it.
FIRST_DIGEST = timedelta(days=7)

#: Alerts about one source that are looked through.
_MOST_ABOUT = 100
# Correlated, and the state in a case, so that the newest events are looked at first, and no year of deliveries.
_TOOK_AT = (
    select(func.max(case((deliveries.c.state == DeliveryState.SENT, deliveries.c.at))))
    .join_from(alerts, delivery_alerts)
    .join(deliveries)
    .where(alerts.c.event_id == events.c.id, alerts.c.reason == Reason.CANARY)
    .correlate(events)
    .scalar_subquery()
)
_HEARD = (
    select(events.c.published_at, _TOOK_AT.label("at"))
    .where(events.c.source == CANARY, events.c.published_at.is_not(None), _TOOK_AT.is_not(None))
    .order_by(events.c.seq.desc())
    .limit(1)
)

_LEASE_RAN_OUT = "the process ended before the channel's answer was noted"


def raise_alerts(connection: Connection, raised: Iterable[Alert]) -> None:
    """Commit each alert that is new, with its pending delivery."""
    for alert in raised:
        if insert_if_new(connection, alerts, alert_fields(alert)):
            if alert.covers:
                insert_if_new(connection, alerts, alert_fields(replace(alert, id=alert.covers)))
            delivery = _pending(delivery_id(alert.channel, alert.id), alert.channel, alert.due_at)
            insert_new(connection, deliveries, [delivery_fields(delivery)])
            member = {"delivery_id": delivery.id, "alert_id": alert.id, "position": 0}
            insert_new(connection, delivery_alerts, [member])


def raised(connection: Connection, alert_ids: Collection[str]) -> set[str]:
    """Return which of these alerts were raised before."""
    wanted = alerts.c.id.in_(listed(bindparam("ids")))
    return set(connection.execute(select(alerts.c.id).where(wanted), {"ids": json.dumps(list(alert_ids))}).scalars())


def open_digest(connection: Connection, key: DigestKey, channel: str, now: datetime) -> Delivery | None:
    """Commit a pending delivery for a digest; None when its day already has one."""
    day = key.local_date.isoformat()
    delivery = replace(_pending(delivery_id(channel, "digest", key.name, day), channel, now), digest=key)
    had = select(digests.c.name).where(digests.c.name == key.name, digests.c.local_date == key.local_date)
    if connection.execute(had).scalar() is not None:
        return None
    insert_new(connection, deliveries, [delivery_fields(delivery)])
    until = connection.execute(select(func.coalesce(func.max(events.c.seq), 0))).scalar()
    day_of = {"name": key.name, "local_date": key.local_date, "delivery_id": delivery.id, "until_seq": until}
    insert_new(connection, digests, [day_of])
    return delivery


def due_channels(connection: Connection, now: datetime) -> list[str]:
    """Return the channels that have something to tell now, by name."""
    due = select(deliveries.c.channel).where(_due(now)).distinct().order_by(deliveries.c.channel)
    return list(connection.execute(due).scalars())


def claim(connection: Connection, channel: str, now: datetime, lease: timedelta, limit: int) -> list[OutboxItem]:
    """Take a channel's due deliveries, oldest first, and count the attempt before anything is sent."""
    # In the order they were raised; but one that failed for hours lets those go first that may not fail.
    order = (deliveries.c.attempt >= PATIENT_TRIES, deliveries.c.seq)
    due = select(deliveries).where(deliveries.c.channel == channel, _due(now)).order_by(*order).limit(limit)
    found = connection.execute(due).all()
    before = _with_alerts(connection, [delivery_of(row, ()) for row in found])
    _note_in_doubt(connection, before)
    claimed = [_claimed(delivery, now) for delivery in before]
    for delivery in claimed:
        _update(connection, delivery, lease_until=now + lease)
    return _items(connection, claimed)


def free_leases(connection: Connection) -> None:
    """Make every delivery that is `sending` pending again, as a possible repeat, due since its try began."""
    sending = select(deliveries).where(deliveries.c.state == DeliveryState.SENDING)
    for delivery in _read(connection, sending):
        _note_in_doubt(connection, [delivery])
        again = replace(delivery, state=DeliveryState.PENDING, possible_repeat=True, retry_at=delivery.at)
        _update(connection, again, lease_until=None)


def retry(connection: Connection, now: datetime, *, id_: str | None, channel: str | None) -> int:
    """Make refused deliveries due again: that of an id, those of a channel, or all; return how many."""
    refused = update(deliveries).where(deliveries.c.state == DeliveryState.REFUSED)
    if id_ is not None:
        refused = refused.where(deliveries.c.id == id_)
    if channel is not None:
        refused = refused.where(deliveries.c.channel == channel)
    count = connection.execute(refused.values(state=DeliveryState.PENDING, retry_at=now)).rowcount
    if id_ is not None and count == 0:
        msg = f"no refused delivery has the id {id_!r}; `pursestrings deliveries list` shows them"
        raise NotFound(msg)
    return count


def hold(connection: Connection, channel: str, until: datetime) -> None:
    """Ask nothing of a channel before this time."""
    connection.execute(delete(channels).where(channels.c.name == channel))
    insert_new(connection, channels, [{"name": channel, "held_until": until}])


def settle(connection: Connection, delivery: Delivery) -> None:
    """Commit how a try ended; what was sent stays sent, and a late answer does not undo a newer try."""
    known = select(deliveries.c.id).where(deliveries.c.id == delivery.id)
    if connection.execute(known).scalar() is None:
        msg = f"no delivery has the id {delivery.id!r}"
        raise NotFound(msg)
    insert_new(connection, attempts, [attempt_fields(delivery)])
    sent = delivery.state is DeliveryState.SENT
    repeat = delivery.possible_repeat or delivery.state is DeliveryState.IN_DOUBT
    settled = update(deliveries).where(deliveries.c.id == delivery.id, deliveries.c.state != DeliveryState.SENT)
    if not sent:
        settled = settled.where(deliveries.c.attempt == delivery.attempt)
    connection.execute(settled.values(**_state(replace(delivery, possible_repeat=repeat)), lease_until=None))


def digest_span(connection: Connection, name: str, day: date) -> tuple[int, int | None]:
    """Return the number of the event after which a digest begins, and that of its last, None while it is not open."""
    ends = select(digests.c.until_seq).where(digests.c.name == name)
    before = ends.where(digests.c.local_date < day).order_by(digests.c.local_date.desc()).limit(1)
    # A day that was left out ends where the next one that was opened does.
    own = ends.where(digests.c.local_date >= day).order_by(digests.c.local_date).limit(1)
    until = connection.execute(own).scalar()
    after = connection.execute(before).scalar()
    return _a_week_before(connection, until) if after is None else after, until


def _a_week_before(connection: Connection, until: int | None) -> int:
    """Return the number of the last event that came a week and more before this one, or before the latest."""
    latest = select(func.max(events.c.judged_at))
    last = connection.execute(latest if until is None else latest.where(events.c.seq <= until)).scalar()
    if last is None:
        return 0
    older = select(func.max(events.c.seq)).where(events.c.judged_at < last - FIRST_DIGEST)
    return connection.execute(older).scalar() or 0


def digest_before(connection: Connection, name: str, day: date) -> date | None:
    """Return the latest local date before `day` that this digest was opened for."""
    earlier = select(func.max(digests.c.local_date)).where(digests.c.name == name, digests.c.local_date < day)
    return connection.execute(earlier).scalar()


def recent(connection: Connection, limit: int) -> list[Delivery]:
    """Return the last deliveries, newest first."""
    order = (deliveries.c.at.desc(), deliveries.c.seq.desc())
    return _read(connection, select(deliveries).order_by(*order).limit(limit))


def deliveries_of(connection: Connection, event_ids: Iterable[str]) -> tuple[Delivery, ...]:
    """Return the deliveries of the alerts that these events raised, oldest first."""
    told = (
        select(delivery_alerts.c.delivery_id)
        .join_from(delivery_alerts, alerts)
        .where(alerts.c.event_id.in_(list(event_ids)))
    )
    return tuple(_read(connection, select(deliveries).where(deliveries.c.id.in_(told)).order_by(deliveries.c.seq)))


def heard_canary(connection: Connection) -> Heard | None:
    """Return the latest canary that its channel took."""
    row = connection.execute(_HEARD).one_or_none()
    return Heard(published_at=row.published_at, at=row.at) if row is not None else None


def about(connection: Connection, source: str) -> list[Alert]:
    """Return the last alerts about the health of a source, newest first."""
    last = select(alerts).where(alerts.c.source == source).order_by(alerts.c.due_at.desc()).limit(_MOST_ABOUT)
    return [alert_of(row) for row in connection.execute(last)]


def _pending(id_: str, channel: str, due: datetime) -> Delivery:
    return Delivery(
        id=id_,
        alert_ids=(),
        digest=None,
        channel=channel,
        state=DeliveryState.PENDING,
        attempt=0,
        at=due,
        retry_at=due,
    )


def _due(now: datetime) -> ColumnElement[bool]:
    ahead = now + HORIZON
    held = select(channels.c.name).where(channels.c.held_until > now, channels.c.held_until <= ahead)
    waits = deliveries.c.state.in_([DeliveryState.PENDING, DeliveryState.IN_DOUBT])
    lost = deliveries.c.state == DeliveryState.SENDING
    ripe = or_(and_(waits, _past(deliveries.c.retry_at, now)), and_(lost, _past(deliveries.c.lease_until, now)))
    return and_(ripe, deliveries.c.channel.not_in(held))


def _past(column: Column[datetime], now: datetime) -> ColumnElement[bool]:
    return or_(column <= now, column > now + HORIZON)


def _claimed(delivery: Delivery, now: datetime) -> Delivery:
    repeat = delivery.possible_repeat or delivery.state is not DeliveryState.PENDING
    return replace(
        delivery,
        state=DeliveryState.SENDING,
        attempt=delivery.attempt + 1,
        at=now,
        retry_at=None,
        possible_repeat=repeat,
    )


def _note_in_doubt(connection: Connection, found: Iterable[Delivery]) -> None:
    lost = [
        replace(delivery, state=DeliveryState.IN_DOUBT, error=_LEASE_RAN_OUT)
        for delivery in found
        if delivery.state is DeliveryState.SENDING
    ]
    insert_new(connection, attempts, [attempt_fields(delivery) for delivery in lost])


def _update(connection: Connection, delivery: Delivery, *, lease_until: datetime | None) -> None:
    row = update(deliveries).where(deliveries.c.id == delivery.id)
    connection.execute(row.values(**_state(delivery), lease_until=lease_until))


def _state(delivery: Delivery) -> dict[str, object]:
    """Return the columns of a delivery that change."""
    fixed = {"id", "digest_name", "digest_date", "channel"}
    return {name: value for name, value in delivery_fields(delivery).items() if name not in fixed}


def _read(connection: Connection, rows: Select[tuple[object, ...]]) -> list[Delivery]:
    return _with_alerts(connection, [delivery_of(row, ()) for row in connection.execute(rows)])


def _with_alerts(connection: Connection, found: Sequence[Delivery]) -> list[Delivery]:
    ids: dict[str, tuple[str, ...]] = {}
    members = select(delivery_alerts.c.delivery_id, delivery_alerts.c.alert_id).order_by(delivery_alerts.c.position)
    wanted = delivery_alerts.c.delivery_id.in_([delivery.id for delivery in found])
    for told, alert in connection.execute(members.where(wanted)):
        ids[told] = (*ids.get(told, ()), alert)
    return [replace(delivery, alert_ids=ids.get(delivery.id, ())) for delivery in found]


def _items(connection: Connection, claimed: Sequence[Delivery]) -> list[OutboxItem]:
    wanted = [alert_id for delivery in claimed for alert_id in delivery.alert_ids]
    rows = connection.execute(select(alerts).where(alerts.c.id.in_(wanted)))
    by_id = {row.id: alert_of(row) for row in rows}
    named = _events(connection, by_id.values())
    return [_item(delivery, [by_id[alert_id] for alert_id in delivery.alert_ids], named) for delivery in claimed]


def _item(delivery: Delivery, told: Sequence[Alert], named: dict[str, Event]) -> OutboxItem:
    ids = [alert.event_id for alert in told if alert.event_id is not None]
    return OutboxItem(delivery=delivery, alerts=tuple(told), events={id_: named[id_] for id_ in ids})


def _events(connection: Connection, told: Iterable[Alert]) -> dict[str, Event]:
    ids = {alert.event_id for alert in told if alert.event_id is not None}
    rows = connection.execute(select(events).where(events.c.id.in_(ids)))
    return {row.id: event_of(row) for row in rows}
