"""Delivering: what is due is claimed, worded, sent and settled. A row says `sending` before anything is sent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from alerts.delivery import after, operator_line
from alerts.message import Bulletin, Message
from alerts.wording import compose, compose_bulletin
from facts.alert import Delivery, DeliveryState, DigestKey
from facts.errors import DeliveryError, DeliveryRefused
from facts.story import Report
from scheduler.digests import DigestPlan, covered, due_day
from scheduler.pipeline import Newsroom, Pipeline
from storage.protocols import Catalogue, OutboxItem, SourceState

log = logging.getLogger(__name__)

#: Longer than any channel may take to answer, so that a lease runs out only when its holder died.
LEASE = timedelta(minutes=2)


async def deliver_due(pipeline: Pipeline, now: datetime, *, limit: int) -> int:
    """Send what is due: channels side by side, within a channel one after the other; return how many were tried."""
    items = await asyncio.to_thread(pipeline.store.claim_deliveries, now, lease=LEASE, limit=limit)
    by_channel = groupby(sorted(items, key=_channel), key=_channel)
    await asyncio.gather(*(_send_all(pipeline, list(group), now) for _, group in by_channel))
    return len(items)


async def open_digests(pipeline: Pipeline, now: datetime, *, started_at: datetime) -> int:
    """Open the digests whose time has come; return how many."""
    opened = [await asyncio.to_thread(_open, pipeline, plan, now, started_at) for plan in pipeline.digests.values()]
    return sum(opened)


def _open(pipeline: Pipeline, plan: DigestPlan, now: datetime, started_at: datetime) -> bool:
    last = pipeline.catalogue.digest_before(plan.name, date.max)
    day = due_day(plan, now, pipeline.newsroom.zone, last=last, started_at=started_at)
    if day is None or not (plan.quiet_days or _reports(pipeline.catalogue, plan, day, pipeline.newsroom.zone)):
        return False
    return pipeline.store.open_digest(DigestKey(name=plan.name, local_date=day), plan.channel, now) is not None


def _reports(catalogue: Catalogue, plan: DigestPlan, day: date, zone: ZoneInfo) -> list[Report]:
    since, until = covered(plan, day, zone, before=catalogue.digest_before(plan.name, day))
    return catalogue.judged_between(since, until)


def bulletin_of(catalogue: Catalogue, plan: DigestPlan, day: date, newsroom: Newsroom) -> Bulletin:
    """Put the digest of a day into words, from what the archive holds for it."""
    failing = [row for row in catalogue.sources() if row.state is SourceState.FAILING]
    return compose_bulletin(
        DigestKey(name=plan.name, local_date=day),
        _reports(catalogue, plan, day, newsroom.zone),
        failing=[f"{row.name}: {row.last_error or 'no error was recorded'}" for row in failing],
        to=plan.to,
        public_url=newsroom.public_url,
        zone=newsroom.zone,
        bot_name=newsroom.bot_name,
    )


def _channel(item: OutboxItem) -> str:
    return item.delivery.channel


async def _send_all(pipeline: Pipeline, items: Iterable[OutboxItem], now: datetime) -> None:
    """Send in order; a channel that says "later" is left alone until then, and what waits behind loses no try."""
    held_until: datetime | None = None
    for item in items:
        if held_until:
            waiting = replace(item.delivery, state=DeliveryState.PENDING, retry_at=held_until)
            await asyncio.to_thread(pipeline.store.settle, waiting)
        else:
            held_until = (await _send(pipeline, item, now)).retry_at


async def _send(pipeline: Pipeline, item: OutboxItem, now: datetime) -> Delivery:
    outcome: str | DeliveryError
    try:
        outcome = await _tell(pipeline, item)
    except DeliveryError as error:
        outcome = error
    settled = after(item.delivery, outcome, now, pipeline.jitter())
    if line := operator_line(settled):
        log.warning("%s", line)
    await asyncio.to_thread(pipeline.store.settle, settled)
    return settled


async def _tell(pipeline: Pipeline, item: OutboxItem) -> str:
    delivery = item.delivery
    channel = pipeline.channels.get(delivery.channel)
    if channel is None:
        msg = "the configuration names no such channel; add it back and run `pursestrings deliveries retry`"
        raise DeliveryRefused(msg, channel=delivery.channel)
    if delivery.digest is not None:
        return await channel.send_bulletin(
            await asyncio.to_thread(_bulletin, pipeline, delivery.digest, delivery.channel)
        )
    receipts = [await channel.send(message) for message in _messages(pipeline, item, delivery)]
    return " ".join(receipts)


def _bulletin(pipeline: Pipeline, key: DigestKey, channel: str) -> Bulletin:
    plan = pipeline.digests.get(key.name)
    if plan is None:
        msg = f"the configuration names no digest {key.name!r} any more"
        raise DeliveryRefused(msg, channel=channel)
    return bulletin_of(pipeline.catalogue, plan, key.local_date, pipeline.newsroom)


def _messages(pipeline: Pipeline, item: OutboxItem, delivery: Delivery) -> list[Message]:
    return [
        compose(
            alert,
            item.events[alert.event_id] if alert.event_id else None,
            public_url=pipeline.newsroom.public_url,
            zone=pipeline.newsroom.zone,
            possible_repeat=delivery.possible_repeat,
        )
        for alert in item.alerts
    ]
