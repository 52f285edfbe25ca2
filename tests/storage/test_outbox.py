"""The outbox: nothing is lost, nothing is sent twice unless that is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from facts.alert import Alert, Delivery, DeliveryState, DigestKey, delivery_id
from facts.errors import NotFound
from facts.event import LETTER
from facts.visit import Outcome, Visit
from storage.opening import open_outbox
from storage.work import OutboxItem, VisitEnd
from tests.storage.conftest import Rig
from tests.storage.samples import LEASE, MINUTE, NOW, alert, health_alert, opened

KEY = DigestKey(name="morning", local_date=date(2017, 8, 3))


def raised(rig: Rig, *alerts: Alert) -> None:
    """Raise health alerts, which need nothing else."""
    rig.store.register(["doj"], NOW)
    visit = Visit(source="doj", at=NOW, outcome=Outcome.FAILED)
    rig.store.finish_visits([VisitEnd(visit=visit, row=rig.store.source("doj"), alerts=alerts)])


def claim(rig: Rig, *, channel: str = "ops", after: timedelta = timedelta(), limit: int = 99) -> list[OutboxItem]:
    """Claim a channel's deliveries."""
    return rig.store.claim_deliveries(channel, NOW + after, lease=LEASE, limit=limit)


def retry(rig: Rig, **which: str) -> int:
    """Put refused deliveries back a minute later, as a second process does."""
    opened = open_outbox(rig.url)
    try:
        return opened.retry(NOW + MINUTE, **which)
    finally:
        opened.close()


def tries(rig: Rig) -> list[tuple[object, ...]]:
    """Return the log of tries."""
    return rig.rows("SELECT attempt, state, receipt, error FROM attempts ORDER BY delivery_id, attempt, state")


def test_an_alert_gets_one_pending_delivery(rig: Rig) -> None:
    """Due when the alert is, under an id made of channel and alert."""
    one = health_alert(due_at=NOW + MINUTE)

    raised(rig, one)
    raised(rig, one)

    (delivery,) = rig.catalogue.deliveries(9)
    assert delivery == Delivery(
        id=delivery_id("ops", one.id),
        alert_ids=(one.id,),
        digest=None,
        channel="ops",
        state=DeliveryState.PENDING,
        attempt=0,
        at=one.due_at,
        retry_at=one.due_at,
    )
    assert claim(rig) == []
    assert len(claim(rig, after=MINUTE)) == 1


def test_a_claim_counts_the_attempt_before_anything_is_sent(rig: Rig) -> None:
    """What is claimed is `sending`, carries alert and event, and is nobody else's until its lease runs out."""
    (letter,) = rig.judged(LETTER)
    joined = opened(letter)
    told = alert(letter, joined.story)
    rig.store.commit_story(letter, joined, [told])

    (item,) = claim(rig, channel="desk", after=MINUTE)

    assert (item.delivery.state, item.delivery.attempt, item.delivery.at) == (DeliveryState.SENDING, 1, NOW + MINUTE)
    assert not item.delivery.possible_repeat
    assert (item.alerts, item.events) == ((told,), {letter.id: letter})
    assert [item.delivery] == rig.catalogue.deliveries(9)
    assert claim(rig, channel="desk", after=MINUTE) == []


def test_a_delivery_whose_lease_ran_out_may_be_a_repeat(rig: Rig) -> None:
    """The lost try is noted as in doubt, and the next says that it may repeat."""
    raised(rig, health_alert())
    claim(rig)

    (item,) = claim(rig, after=LEASE)

    assert (item.delivery.attempt, item.delivery.possible_repeat) == (2, True)
    assert tries(rig) == [(1, "in_doubt", None, "the process ended before the channel's answer was noted")]


def test_a_sent_delivery_is_done(rig: Rig) -> None:
    """Its receipt stays, settling twice is settling once, and it never comes back."""
    raised(rig, health_alert())
    (item,) = claim(rig)
    sent = replace(item.delivery, state=DeliveryState.SENT, receipt="ts-1")

    rig.store.settle(sent)
    rig.store.settle(sent)

    assert [sent] == rig.catalogue.deliveries(9)
    assert claim(rig, after=LEASE) == []
    assert tries(rig) == [(1, "sent", "ts-1", None)]


def test_a_refused_delivery_is_not_tried_again(rig: Rig) -> None:
    """Its error stays for the operator, who may put it back."""
    raised(rig, health_alert())
    (item,) = claim(rig)
    refused = replace(item.delivery, state=DeliveryState.REFUSED, error="channel_not_found")

    rig.store.settle(refused)

    assert claim(rig, after=LEASE) == []
    rig.store.settle(replace(refused, state=DeliveryState.PENDING, retry_at=NOW + LEASE))
    (again,) = claim(rig, after=LEASE)
    assert (again.delivery.attempt, again.delivery.possible_repeat) == (2, False)


def test_a_refused_delivery_is_put_back(rig: Rig) -> None:
    """The operator's retry makes it due, beside the open store; nothing else can be retried."""
    raised(rig, health_alert())
    (item,) = claim(rig)
    with pytest.raises(NotFound, match="no refused delivery"):
        retry(rig, delivery_id=item.delivery.id)
    rig.store.settle(replace(item.delivery, state=DeliveryState.REFUSED, error="channel_not_found"))

    assert retry(rig, delivery_id=item.delivery.id) == 1

    assert claim(rig) == []
    (again,) = claim(rig, after=MINUTE)
    assert (again.delivery.attempt, again.delivery.possible_repeat) == (2, False)


def test_all_that_a_channel_refused_is_put_back(rig: Rig) -> None:
    """Or all there is; what was not refused stays."""
    raised(
        rig, *(health_alert(number, channel=channel) for number, channel in enumerate(("ops", "ops", "mail", "mail")))
    )
    for item in [*claim(rig, limit=1), *claim(rig, channel="mail")]:
        rig.store.settle(replace(item.delivery, state=DeliveryState.REFUSED, error="no"))

    assert (retry(rig, channel="desk"), retry(rig, channel="ops"), retry(rig), retry(rig)) == (0, 1, 2, 0)
    assert [len(claim(rig, channel=channel, after=MINUTE)) for channel in ("ops", "mail")] == [2, 2]


def test_a_channel_that_is_held_has_nothing_due(rig: Rig) -> None:
    """What waits behind loses no try and leaves no trace; other channels go on, and a restart does not forget."""
    raised(rig, *(health_alert(number) for number in range(3)), health_alert(9, channel="mail"))
    (first,) = claim(rig, limit=1)
    later = replace(first.delivery, state=DeliveryState.PENDING, error="429", retry_at=NOW + MINUTE)
    rig.store.settle(later, hold_until=NOW + MINUTE)
    rig.reopen()

    almost = MINUTE - timedelta(microseconds=1)
    assert (rig.store.due_channels(NOW + almost), claim(rig, after=almost)) == (["mail"], [])
    assert tries(rig) == [(1, "pending", None, "429")]
    assert rig.store.due_channels(NOW + MINUTE) == ["mail", "ops"]
    assert [item.delivery.attempt for item in claim(rig, after=MINUTE)] == [2, 1, 1]


def test_a_hold_is_the_last_one_named(rig: Rig) -> None:
    """Each answer of the channel counts anew."""
    raised(rig, health_alert(1), health_alert(2))
    for minutes in (2, 1):
        (item,) = claim(rig, limit=1, after=(2 - minutes) * 2 * MINUTE)
        until = NOW + 2 * MINUTE + (2 - minutes) * MINUTE
        rig.store.settle(replace(item.delivery, state=DeliveryState.PENDING, retry_at=until), hold_until=until)

    assert (rig.store.due_channels(NOW + 2 * MINUTE), rig.store.due_channels(NOW + 3 * MINUTE)) == ([], ["ops"])


def test_a_refusal_and_who_hears_of_it_are_one_commit(rig: Rig) -> None:
    """The alert has its delivery; raised again it is not told again."""
    raised(rig, health_alert(channel="desk"))
    (item,) = claim(rig, channel="desk")
    refused = replace(item.delivery, state=DeliveryState.REFUSED, error="no")

    rig.store.settle(refused, alerts=[health_alert(7)])
    rig.store.settle(refused, alerts=[health_alert(7)])

    assert [health_alert(7)] == [item.alerts[0] for item in claim(rig)]


def test_a_restart_frees_what_was_being_sent(rig: Rig) -> None:
    """The lost try is noted as in doubt and the delivery is due at once, as a possible repeat; others are untouched."""
    raised(rig, health_alert(1), health_alert(2))
    (lost, done) = claim(rig)
    rig.store.settle(replace(done.delivery, state=DeliveryState.SENT))

    rig.store.free_leases()
    rig.store.free_leases()

    (again,) = claim(rig)
    assert (again.delivery.id, again.delivery.attempt) == (lost.delivery.id, 2)
    assert again.delivery.possible_repeat
    assert [state for _, state, *_ in tries(rig)] == ["in_doubt", "sent"]


def test_a_delivery_put_off_waits(rig: Rig) -> None:
    """It is due at its time and is no repeat: the channel said it did not take it."""
    raised(rig, health_alert())
    (item,) = claim(rig)

    rig.store.settle(replace(item.delivery, state=DeliveryState.PENDING, error="429", retry_at=NOW + MINUTE))

    assert claim(rig) == []
    (again,) = claim(rig, after=MINUTE)
    assert (again.delivery.attempt, again.delivery.possible_repeat) == (2, False)
    assert tries(rig) == [(1, "pending", None, "429")]


def test_a_delivery_in_doubt_comes_back_as_a_possible_repeat(rig: Rig) -> None:
    """Once in doubt, every later try says so."""
    raised(rig, health_alert())
    (item,) = claim(rig)

    rig.store.settle(replace(item.delivery, state=DeliveryState.IN_DOUBT, error="timeout", retry_at=NOW + MINUTE))

    assert claim(rig) == []
    assert rig.catalogue.deliveries(9)[0].possible_repeat
    (again,) = claim(rig, after=MINUTE)
    assert again.delivery.possible_repeat
    rig.store.settle(replace(again.delivery, state=DeliveryState.PENDING, retry_at=NOW + 2 * MINUTE))
    (third,) = claim(rig, after=2 * MINUTE)
    assert (third.delivery.attempt, third.delivery.possible_repeat) == (3, True)


def test_a_late_answer_does_not_undo_a_newer_try(rig: Rig) -> None:
    """A stale failure is only noted; a stale success is believed, and nothing after it counts."""
    raised(rig, health_alert())
    (first,) = claim(rig)
    (second,) = claim(rig, after=LEASE)

    rig.store.settle(replace(first.delivery, state=DeliveryState.REFUSED, error="late"))
    assert [second.delivery] == rig.catalogue.deliveries(9)
    rig.store.settle(replace(first.delivery, state=DeliveryState.SENT, receipt="ts-1"))
    rig.store.settle(replace(second.delivery, state=DeliveryState.PENDING, retry_at=NOW))

    (delivery,) = rig.catalogue.deliveries(9)
    assert (delivery.state, delivery.receipt) == (DeliveryState.SENT, "ts-1")
    assert claim(rig, after=9 * LEASE) == []
    assert [(attempt, state) for attempt, state, *_ in tries(rig)] == [
        (1, "in_doubt"),
        (1, "refused"),
        (1, "sent"),
        (2, "pending"),
    ]


def test_an_unknown_delivery_is_told(rig: Rig) -> None:
    """Nothing is settled that was never claimed."""
    raised(rig, health_alert())
    (item,) = claim(rig)

    with pytest.raises(NotFound):
        rig.store.settle(replace(item.delivery, id="0" * 20))


def test_in_the_order_they_were_raised(rig: Rig) -> None:
    """The first raised goes first, whenever it was due; each channel has a queue of its own."""
    ops = [health_alert(number, due_at=NOW - MINUTE * number) for number in (1, 2, 3, 4)]
    raised(rig, *ops, health_alert(9, channel="mail"))

    first, rest, mail = claim(rig, limit=1), claim(rig), claim(rig, channel="mail")

    assert [item.alerts[0].id[-1] for item in (*first, *rest, *mail)] == ["1", "2", "3", "4", "9"]


def test_a_digest_is_opened_once_a_day(rig: Rig) -> None:
    """A delivery without alerts, due now; the hour that comes twice opens none."""
    delivery = rig.store.open_digest(KEY, "mail", NOW)

    assert delivery is not None
    assert delivery.id == delivery_id("mail", "digest", "morning", "2017-08-03")
    assert [delivery] == rig.catalogue.deliveries(9)
    assert rig.store.open_digest(KEY, "mail", NOW + MINUTE) is None
    assert rig.store.open_digest(KEY, "other", NOW) is None
    assert rig.store.open_digest(replace(KEY, name="evening"), "mail", NOW) is not None
    (item,) = [item for item in claim(rig, channel="mail") if item.delivery.digest == KEY]
    assert (item.alerts, item.events) == ((), {})


def test_the_digest_before(rig: Rig) -> None:
    """The latest day before the given one, of this digest alone."""
    for day in (1, 3, 5):
        rig.store.open_digest(replace(KEY, local_date=date(2017, 8, day)), "mail", NOW)

    assert rig.catalogue.digest_before("morning", date(2017, 8, 5)) == date(2017, 8, 3)
    assert rig.catalogue.digest_before("morning", date.max) == date(2017, 8, 5)
    assert rig.catalogue.digest_before("morning", date(2017, 8, 1)) is None
    assert rig.catalogue.digest_before("evening", date.max) is None


def test_deliveries_newest_first(rig: Rig) -> None:
    """The last ones, by the time of their last try."""
    raised(rig, *(health_alert(number, due_at=NOW + number * MINUTE) for number in (1, 3, 2)))

    assert [each.at - NOW for each in rig.catalogue.deliveries(2)] == [3 * MINUTE, 2 * MINUTE]


def test_an_alert_that_another_makes_needless_is_never_told(rig: Rig) -> None:
    """A suit was told: the lesser alert of the same place is recorded with it and raises no delivery later."""
    lesser = health_alert(1)
    raised(rig, replace(health_alert(2), covers=lesser.id), lesser)

    assert [item.alerts[0].id for item in claim(rig)] == [health_alert(2).id]
