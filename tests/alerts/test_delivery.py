"""The tests of alerts.delivery."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.delivery import LONGEST_BACK_OFF, after, operator_line, refusal_alert
from alerts.layout import lead
from alerts.wording import compose
from facts.alert import Delivery, DeliveryState
from facts.errors import DeliveryLater, DeliveryRefused
from tests.alerts.material import NOW

SENDING = Delivery(
    id="de1", alert_ids=("a1",), digest=None, channel="desk", state=DeliveryState.SENDING, attempt=1, at=NOW
)


def test_a_receipt_ends_it() -> None:
    """What was delivered keeps its receipt, and nothing of earlier troubles."""
    troubled = replace(SENDING, error="desk: no connection", retry_at=NOW)
    sent = after(troubled, "C1:17", NOW, 0.5)

    assert replace(SENDING, state=DeliveryState.SENT, receipt="C1:17") == sent
    assert operator_line(sent) is None


def test_a_named_time_is_kept_exactly() -> None:
    """Retry-After decides, whatever the jitter (docs/reliability.md, R6)."""
    outcome = DeliveryLater("busy", channel="desk", retry_after=37.0)

    assert {NOW + timedelta(seconds=37)} == {after(SENDING, outcome, NOW, jitter).retry_at for jitter in (0.0, 1.0)}


@pytest.mark.parametrize(("named", "waited"), [(1e9, 3600.0), (-5.0, 1.8), (0.0, 1.8)])
def test_a_named_time_has_bounds(named: float, waited: float) -> None:
    """Nobody sends the bot away for more than an hour, or into a loop: what is no time to come is the back-off's."""
    outcome = DeliveryLater("busy", channel="desk", retry_after=named)

    assert NOW + timedelta(seconds=waited) == after(SENDING, outcome, NOW, 0.5).retry_at


@given(st.integers(min_value=0, max_value=100_000), st.floats(min_value=0, max_value=1))
def test_the_back_off_has_a_cap(attempt: int, jitter: float) -> None:
    """However long the outage, the next try is at most five minutes away (R5)."""
    later = after(replace(SENDING, attempt=attempt), DeliveryLater("down", channel="desk"), NOW, jitter)
    assert later.retry_at is not None

    assert 0 < (later.retry_at - NOW).total_seconds() <= LONGEST_BACK_OFF


@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.0])
def test_an_outage_of_six_hours_costs_few_tries(jitter: float) -> None:
    """A delivery is tried at most 120 times in six hours (R5)."""
    now, tries, delivery = NOW, 0, SENDING
    while now < NOW + timedelta(hours=6):
        tries += 1
        delivery = after(replace(delivery, attempt=tries), DeliveryLater("down", channel="desk"), now, jitter)
        assert delivery.retry_at is not None
        now = delivery.retry_at

    assert 70 < tries <= 120


def test_a_lost_answer_makes_a_possible_repeat() -> None:
    """Once an answer was lost, every later try says so, also after a clean refusal to take it now."""
    lost = after(SENDING, DeliveryLater("reset", channel="desk", in_doubt=True), NOW, 0.0)
    busy = after(lost, DeliveryLater("busy", channel="desk"), NOW, 0.0)

    assert (lost.state, lost.possible_repeat) == (DeliveryState.IN_DOUBT, True)
    assert lost.retry_at is not None
    assert (busy.state, busy.possible_repeat) == (DeliveryState.PENDING, True)
    assert not after(SENDING, DeliveryLater("busy", channel="desk"), NOW, 0.0).possible_repeat


def test_a_refusal_is_kept_and_told() -> None:
    """What is refused is not tried again, and the operator reads what to do."""
    refused = after(SENDING, DeliveryRefused("invite the bot", channel="desk"), NOW, 0.0)

    assert (refused.state, refused.retry_at) == (DeliveryState.REFUSED, None)
    assert (
        operator_line(refused)
        == "desk: invite the bot [delivery de1 (attempt 1) is kept: `pursestrings deliveries retry` sends it again]"
    )


def test_the_operator_reads_when_the_next_try_is() -> None:
    """A try to come is told with its time."""
    later = after(SENDING, DeliveryLater("busy", channel="desk", retry_after=30), NOW, 0.0)

    assert operator_line(later) == "desk: busy [delivery de1 (attempt 1) is tried again at 2017-08-04T13:30:30+00:00]"


def test_a_refusal_is_told_to_the_ops_channel_once_an_hour() -> None:
    """One alert for each channel, error and hour, which says what to do; none of the ops channel's own refusals."""
    refused = after(SENDING, DeliveryRefused("invite the bot " * 40, channel="desk"), NOW, 0.0)
    told = refusal_alert(refused, "ops", NOW)
    assert told is not None
    message = compose(told, None, public_url="")

    assert (told.channel, told.due_at, lead(message)) == ("ops", NOW, "Delivery refused")
    assert message.headline.startswith("desk: invite the bot invite")
    assert message.headline.endswith("`pursestrings deliveries retry --channel desk` sends what was refused")
    soon, next_hour = (refusal_alert(refused, "ops", NOW + timedelta(minutes=m)) for m in (29, 30))
    other = refusal_alert(replace(refused, error="desk: another"), "ops", NOW)
    assert soon
    assert next_hour
    assert other
    assert told.id == soon.id
    assert len({told.id, next_hour.id, other.id}) == 3
    assert refusal_alert(refused, "desk", NOW) is None
    assert refusal_alert(after(SENDING, DeliveryLater("busy", channel="desk"), NOW, 0.0), "ops", NOW) is None
