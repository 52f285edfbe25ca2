"""Delivering: what is due is claimed, worded, sent and settled. A row says `sending` before anything is sent.

A channel is told one message at a time, claimed when its turn comes: what waits behind a channel that says "later"
was never claimed and loses no try, and a process that dies leaves one message in doubt, not a batch.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta

from alerts.canary import compose_canary
from alerts.delivery import ANSWER_LOST, after, operator_line, refusal_alert
from alerts.message import Bulletin, Message
from alerts.plain import line, shorten
from alerts.wording import compose, compose_bulletin
from facts.alert import Alert, Delivery, DigestKey, Reason
from facts.canary import CANARY
from facts.errors import DeliveryError, DeliveryLater, DeliveryRefused, StorageError
from facts.event import Event
from scheduler.digests import DigestPlan, due_day
from scheduler.pipeline import Newsroom, Pipeline
from storage.protocols import Catalogue
from storage.work import OutboxItem, SourceState

log = logging.getLogger(__name__)

#: One message may take this long, its words included; a channel's own time-outs end sooner (90 s and a farewell).
LONGEST_SEND = timedelta(minutes=2)
#: Longer than that, so that a lease runs out only when its holder died.
LEASE = timedelta(minutes=3)
#: Characters of a bug's own words that are kept with the delivery; the log has all of it.
_BUG_SHOWN = 200


async def deliver_due(pipeline: Pipeline, now: datetime, *, limit: int) -> int:
    """Send what is due, at most `limit` to each channel, channels side by side; return how many were tried."""
    channels = await due_channels(pipeline, now)
    tried = await asyncio.gather(*(_send_some(pipeline, channel, now, limit) for channel in channels))
    return sum(tried)


async def due_channels(pipeline: Pipeline, now: datetime) -> list[str]:
    """Return the channels that have something to tell now."""
    return await asyncio.to_thread(pipeline.store.due_channels, now)


async def send_next(pipeline: Pipeline, channel: str, clock: Callable[[], datetime]) -> bool:
    """Send a channel's oldest due delivery; False when none is due, or the channel is held."""
    claim = pipeline.store.claim_deliveries
    items = await asyncio.to_thread(claim, channel, clock(), lease=LEASE, limit=1)
    for item in items:
        await _send(pipeline, item, clock)
    return bool(items)


async def _send_some(pipeline: Pipeline, channel: str, now: datetime, limit: int) -> int:
    for tried in range(limit):
        if not await send_next(pipeline, channel, lambda: now):
            return tried
    return limit


async def open_digests(pipeline: Pipeline, now: datetime, *, started_at: datetime) -> int:
    """Open the digests whose time has come; return how many."""
    opened = [await asyncio.to_thread(_open, pipeline, plan, now, started_at) for plan in pipeline.digests.values()]
    return sum(opened)


def _open(pipeline: Pipeline, plan: DigestPlan, now: datetime, started_at: datetime) -> bool:
    today = now.astimezone(pipeline.newsroom.zone).date()
    last = pipeline.catalogue.digest_before(plan.name, today + timedelta(days=1))
    day = due_day(plan, now, pipeline.newsroom.zone, last=last, started_at=started_at)
    if day is None or not (plan.quiet_days or pipeline.catalogue.digest_reports(plan.name, day)):
        return False
    return pipeline.store.open_digest(DigestKey(name=plan.name, local_date=day), plan.channel, now) is not None


def bulletin_of(catalogue: Catalogue, plan: DigestPlan, day: date, newsroom: Newsroom) -> Bulletin:
    """Put the digest of a day into words, from what the archive holds for it."""
    failing = [row for row in catalogue.sources() if row.state is SourceState.FAILING and row.name != CANARY]
    return compose_bulletin(
        DigestKey(name=plan.name, local_date=day),
        catalogue.digest_reports(plan.name, day),
        failing=[f"{row.name}: {row.last_error or 'no error was recorded'}" for row in failing],
        to=plan.to,
        public_url=newsroom.public_url,
        zone=newsroom.zone,
        bot_name=newsroom.bot_name,
    )


async def _send(pipeline: Pipeline, item: OutboxItem, clock: Callable[[], datetime]) -> None:
    outcome = await _outcome(pipeline, item)
    # The time after the send: a channel that says "in a minute" means a minute from its answer.
    now = clock()
    settled = after(item.delivery, outcome, now, pipeline.jitter())
    if said := operator_line(settled):
        log.warning("%s", said)
    told = refusal_alert(settled, pipeline.ops, now)
    held = isinstance(outcome, DeliveryLater) and not outcome.only_this
    await asyncio.to_thread(
        pipeline.store.settle,
        settled,
        hold_until=settled.retry_at if held else None,
        alerts=[told] if told else [],
    )


async def _outcome(pipeline: Pipeline, item: OutboxItem) -> str | DeliveryError:
    """Return the receipt, or why there is none; whatever goes wrong with one message, the next has its turn."""
    delivery = item.delivery
    try:
        async with asyncio.timeout(LONGEST_SEND.total_seconds()) as limit:
            return await _tell(pipeline, item)
    except DeliveryError as error:
        return error
    except StorageError as error:
        # Its words could not be read from the archive: nothing was sent, and the channel is not to blame.
        return DeliveryLater(str(error), channel=delivery.channel, only_this=True)
    except Exception as error:  # a bug in one message must not silence its channel
        if limit.expired():
            msg = f"{ANSWER_LOST} (none within {LONGEST_SEND.total_seconds():.0f} s); the message may have arrived"
            return DeliveryLater(msg, channel=delivery.channel, in_doubt=True)
        log.exception("delivery %s to %s: internal error", delivery.id, delivery.channel)
        said = shorten(line(repr(error)), _BUG_SHOWN)
        return DeliveryRefused(f"internal error: {said}; report it with the log", channel=delivery.channel)


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
        _message(pipeline, alert, item.events[alert.event_id] if alert.event_id else None, delivery)
        for alert in item.alerts
    ]


def _message(pipeline: Pipeline, alert: Alert, event: Event | None, delivery: Delivery) -> Message:
    zone, repeat = pipeline.newsroom.zone, delivery.possible_repeat
    if alert.reason is Reason.CANARY and event is not None:
        return compose_canary(alert, event, heard_at=delivery.at, zone=zone, possible_repeat=repeat)
    return compose(alert, event, public_url=pipeline.newsroom.public_url, zone=zone, possible_repeat=repeat)
