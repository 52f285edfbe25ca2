"""Delivery: what the end of a try means for what comes next."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from alerts.plain import line, shorten
from alerts.router import source_alert
from facts.alert import Alert, Delivery, DeliveryState, Reason
from facts.errors import DeliveryError, DeliveryLater
from facts.identity import make_id

#: How a channel words it that no answer came back and the message may have arrived (`DeliveryLater.in_doubt`).
ANSWER_LOST = "the answer was lost"
#: Characters of a refusal that the ops channel is shown; what to do has to fit behind it.
_REFUSAL_SHOWN = 150

#: Seconds: the longest a channel's own Retry-After is followed, and the longest back-off (docs/reliability.md, R6).
LONGEST_RETRY_AFTER = 3600.0
LONGEST_BACK_OFF = 300.0
_FIRST_BACK_OFF = 2.0
# A fifth of spread parts the tries of several channels, and keeps a six-hour outage under 120 tries.
_SPREAD = 0.2


def after(delivery: Delivery, outcome: str | DeliveryError, now: datetime, jitter: float) -> Delivery:
    """Return the delivery as its try left it.

    `outcome` is the receipt, or what the channel raised; `jitter` lies in 0 to 1. What cannot be told now is tried
    again for ever: a channel that is down for a week is told when it is back. A lost answer leaves it in doubt.
    """
    if isinstance(outcome, str):
        return replace(delivery, state=DeliveryState.SENT, at=now, receipt=outcome, error=None, retry_at=None)
    if isinstance(outcome, DeliveryLater):
        return replace(
            delivery,
            state=DeliveryState.IN_DOUBT if outcome.in_doubt else DeliveryState.PENDING,
            at=now,
            error=str(outcome),
            retry_at=now + timedelta(seconds=_wait(delivery.attempt, outcome.retry_after, jitter)),
            possible_repeat=delivery.possible_repeat or outcome.in_doubt,
        )
    return replace(delivery, state=DeliveryState.REFUSED, at=now, error=str(outcome), retry_at=None)


def refusal_alert(delivery: Delivery, ops: str, now: datetime) -> Alert | None:
    """Return what the ops channel is told of a refusal: one alert for each channel, code and hour.

    The code is the first word of the error: what follows can hold an id that differs each time.

    None for a delivery that was not refused, and for a refusal by the ops channel itself, which only the log tells.
    """
    if delivery.state is not DeliveryState.REFUSED or delivery.channel == ops:
        return None
    channel, error = delivery.channel, delivery.error or ""
    hour = now.replace(minute=0, second=0, microsecond=0)
    why = shorten(line(error.removeprefix(f"{channel}: ")), _REFUSAL_SHOWN)
    detail = f"{why}. Once mended, `pursestrings deliveries retry --channel {channel}` sends what was refused"
    told = source_alert(channel, Reason.DELIVERY_REFUSED, hour, detail, ops, now)
    return replace(told, id=make_id("refusal-alert", channel, *why.split()[:1], hour.isoformat(), ops))


def operator_line(delivery: Delivery) -> str | None:
    """Return what the operator is told of the delivery in one line, None while all is well.

    A refusal starts with its channel and says what to do; a try that is to be repeated says when.
    """
    what = f"delivery {delivery.id} (attempt {delivery.attempt})"
    if delivery.state is DeliveryState.REFUSED:
        return f"{delivery.error} [{what} is kept: `pursestrings deliveries retry` sends it again]"
    if delivery.error and delivery.retry_at:
        return f"{delivery.error} [{what} is tried again at {delivery.retry_at.isoformat(timespec='seconds')}]"
    return None


def _wait(attempt: int, retry_after: float | None, jitter: float) -> float:
    if retry_after is not None and retry_after > 0:
        return min(retry_after, LONGEST_RETRY_AFTER)
    # 2 ** 8 already exceeds the cap; a larger power of a long outage would overflow a float.
    back_off = min(_FIRST_BACK_OFF * 2.0 ** min(max(attempt - 1, 0), 8), LONGEST_BACK_OFF)
    return back_off * (1 - _SPREAD + _SPREAD * jitter)
