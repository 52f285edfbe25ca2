from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from alerts.wording import compose
from facts.alert import DeliveryState, Reason
from facts.errors import DeliveryLater, DeliveryRefused, NotFound
from facts.visit import Harvest
from scheduler import delivering
from scheduler.delivering import deliver_due, open_digests, send_next
from scheduler.digests import due_at
from scheduler.passes import run_pass
from scheduler.polling import claim
from storage.opening import open_outbox
from tests.facts.samples import NOON
from tests.scheduler.rig import HOUR, LedgerChannel, Rig, ScriptedSpider, health_alerts, page, rig

MINUTE = timedelta(minutes=1)
LETTERS = (page("one", "A letter to Stockton."), page("two", "The answer to it."))


async def raised(made: Rig) -> None:
    """Bring the archive to where the alerts of two documents are due, and tell what can be told."""
    for hours in range(2):
        now = NOON + hours * HOUR
        await run_pass(made.pipeline, await claim(made.pipeline, now, limit=10), now)


def retry(made: Rig, now: datetime) -> int:
    """Put back what was refused, as the operator does."""
    outbox = open_outbox(f"sqlite:///{made.folder / 'archive.db'}")
    try:
        return outbox.retry(now)
    finally:
        outbox.close()


def states(made: Rig) -> Counter[DeliveryState]:
    """Return how many deliveries are in each state."""
    return Counter(one.state for one in made.stores.catalogue.deliveries(1000))


def spider() -> ScriptedSpider:
    """Return a source that publishes a letter and its answer an hour after the first visit."""
    return ScriptedSpider([Harvest(documents=(page("old", "Old news."),)), Harvest(documents=LETTERS)])


async def test_a_delivery_is_sent_with_its_receipt(tmp_path: Path) -> None:
    """State, attempt and receipt are on record."""
    with rig(tmp_path, {"ledger": spider()}) as made:
        await raised(made)
        deliveries = made.stores.catalogue.deliveries(10)

    assert {(one.state, one.attempt) for one in deliveries} == {(DeliveryState.SENT, 1)}
    assert {one.receipt for one in deliveries} == {"receipt-1", "receipt-2"}


async def test_R6_a_channel_that_says_later_is_left_alone_until_then(tmp_path: Path) -> None:
    """Nothing behind it is sent before the time it named; then all of it is, once and in order."""
    with rig(tmp_path, {"ledger": spider()}) as made:
        made.desk.verdicts = [DeliveryLater("busy", channel="desk", retry_after=600)]
        await raised(made)
        assert made.desk.messages == []
        assert await deliver_due(made.pipeline, NOON + HOUR + timedelta(seconds=599), limit=10) == 0
        assert await deliver_due(made.pipeline, NOON + HOUR + timedelta(seconds=600), limit=10) == 2
        assert [message.reason for message in made.desk.messages] == [Reason.NEW_STORY, Reason.FOLLOW_UP]


async def test_what_a_channel_refuses_is_kept_and_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """No blind retry; the operator's line says which delivery and what to do, and it can be made due again."""
    with rig(tmp_path, {"ledger": spider()}) as made:
        made.desk.verdicts = [DeliveryRefused("channel_not_found", channel="desk")]
        await raised(made)
        refused = [one for one in made.stores.catalogue.deliveries(10) if one.state is DeliveryState.REFUSED]
        assert await deliver_due(made.pipeline, NOON + 99 * HOUR, limit=10) == 0
        assert retry(made, NOON + 100 * HOUR) == 1
        assert await deliver_due(made.pipeline, NOON + 100 * HOUR, limit=10) == 1
        assert len(made.desk.messages) == 2

    assert refused[0].id in caplog.text
    assert "deliveries retry" in caplog.text


async def test_a_channel_that_is_gone_from_the_file_refuses(tmp_path: Path) -> None:
    """The alert is kept and the reason says what to do."""
    with rig(tmp_path, {"ledger": spider()}, channels={}) as made:
        await raised(made)
        errors = {one.error for one in made.stores.catalogue.deliveries(10)}

    assert errors == {
        "desk: the configuration names no such channel; add it back and run `pursestrings deliveries retry`"
    }


async def test_a_delivery_whose_sender_died_is_sent_again_and_says_so(tmp_path: Path) -> None:
    """The lease runs out; the message is marked as a possible repeat."""
    with rig(tmp_path, {"ledger": spider()}) as made:
        made.desk.verdicts = [DeliveryLater("busy", channel="desk")]
        await raised(made)
        later = NOON + 2 * HOUR
        assert len(made.stores.store.claim_deliveries("desk", later, lease=timedelta(minutes=2), limit=10)) == 2
        assert await deliver_due(made.pipeline, later + timedelta(seconds=119), limit=10) == 0
        assert await deliver_due(made.pipeline, later + timedelta(minutes=3), limit=10) == 2
        assert [message.possible_repeat for message in made.desk.messages] == [True, True]


async def morning(made: Rig, day: date) -> datetime:
    """Return the digest's moment on a day."""
    plan = made.pipeline.digests["morning"]
    return due_at(day, plan.at, made.pipeline.newsroom.zone)


async def test_a_digest_is_opened_once_a_day_and_holds_the_day(tmp_path: Path) -> None:
    """Letters and answers under their headings; asked again, nothing more is sent."""
    with rig(tmp_path, {"ledger": spider()}) as made:
        await raised(made)
        due = await morning(made, date(2017, 8, 4))
        assert await open_digests(made.pipeline, due, started_at=NOON) == 1
        assert await open_digests(made.pipeline, due + HOUR, started_at=NOON) == 0
        await deliver_due(made.pipeline, due + HOUR, limit=10)
        bulletin = made.desk.bulletins[0]

    assert [len(messages) for _, messages in bulletin.sections] == [1, 1]
    assert bulletin.local_date == date(2017, 8, 4)


async def test_a_quiet_day_is_told_or_folded_into_the_next(tmp_path: Path) -> None:
    """Without quiet days, the digest of a day with news reaches back to the last one that was sent."""
    with rig(tmp_path, {"ledger": spider()}) as made:
        plan = replace(made.pipeline.digests["morning"], quiet_days=False)
        pipeline = replace(made.pipeline, digests={"morning": plan})
        before = await morning(made, date(2017, 8, 3))
        assert await open_digests(made.pipeline, before, started_at=before) == 1
        await raised(made)
        assert await open_digests(pipeline, await morning(made, date(2017, 8, 4)), started_at=before) == 1
        assert await open_digests(pipeline, await morning(made, date(2017, 8, 5)), started_at=before) == 0


async def test_a_digest_names_the_sources_that_fail(tmp_path: Path) -> None:
    """With their last error."""
    from facts.errors import Blocked

    with rig(tmp_path, {"ledger": ScriptedSpider([Blocked("a bot wall")])}) as made:
        await raised(made)
        due = await morning(made, date(2017, 8, 4))
        await open_digests(made.pipeline, due, started_at=NOON)
        await deliver_due(made.pipeline, due, limit=10)

    assert made.desk.bulletins[0].failing == ("ledger: a bot wall",)


async def test_a_digest_that_left_the_file_is_refused(tmp_path: Path) -> None:
    """It was opened before the file changed; its delivery says so."""
    with rig(tmp_path, {"ledger": spider()}) as made:
        due = await morning(made, date(2017, 8, 4))
        await open_digests(made.pipeline, due, started_at=NOON)
        without = replace(made.pipeline, digests={})
        await deliver_due(without, due, limit=10)
        error = made.stores.catalogue.deliveries(1)[0].error

    assert error == "desk: the configuration names no digest 'morning' any more"


async def test_R6_a_channel_that_says_later_is_asked_nothing_before_its_time(tmp_path: Path) -> None:
    """With 200 waiting: one request, then silence over every tick until then; what waits has lost no try."""
    with rig(tmp_path, {"ledger": spider()}) as made:
        health_alerts(made, 200)
        made.desk.verdicts = [DeliveryLater("busy", channel="desk", retry_after=60)]
        for second in range(60):
            await deliver_due(made.pipeline, NOON + timedelta(seconds=second), limit=50)
        tries = Counter(one.attempt for one in made.stores.catalogue.deliveries(1000))
        assert (made.desk.asked, made.desk.messages) == (1, [])
        assert tries == {0: 199, 1: 1}
        await deliver_due(made.pipeline, NOON + MINUTE, limit=200)

    assert [f"{number:03}" for number in range(200)] == [message.headline for message in made.desk.messages]


async def test_R5_six_hours_of_refusal_cost_few_requests(tmp_path: Path) -> None:
    """With 200 waiting, looked at every minute: at most 120 requests, and then all of it in order."""
    with rig(tmp_path, {"ledger": spider()}) as made:
        health_alerts(made, 200)
        made.desk.verdicts = [DeliveryLater("down", channel="desk") for _ in range(1000)]
        for minute in range(6 * 60):
            await deliver_due(made.pipeline, NOON + minute * MINUTE, limit=50)
        asked, made.desk.verdicts = made.desk.asked, []
        await deliver_due(made.pipeline, NOON + 7 * HOUR, limit=200)

    told = [message.headline for message in made.desk.messages]
    assert 70 < asked <= 120
    assert sorted(told) == [f"{number:03}" for number in range(200)]
    # Those that were tried for hours stepped back behind the others.
    assert told[:180] == sorted(told[:180])


async def test_one_message_that_is_always_too_much_does_not_silence_its_channel(tmp_path: Path) -> None:
    """A webhook that answers 500 to one payload: after three hours of tries the others are told."""
    with rig(tmp_path, {"ledger": spider()}) as made:
        health_alerts(made, 5)
        made.desk.poison = "000"
        for step in range(24 * 12):
            await deliver_due(made.pipeline, NOON + step * 5 * MINUTE, limit=10)

    assert [message.headline for message in made.desk.messages] == ["001", "002", "003", "004"]


async def test_a_clock_that_ran_ahead_holds_no_channel(tmp_path: Path) -> None:
    """What was put off under next year's clock is told under this year's."""
    with rig(tmp_path, {"ledger": spider()}) as made:
        health_alerts(made, 2)
        made.desk.verdicts = [DeliveryLater("busy", channel="desk", retry_after=600)]
        await deliver_due(made.pipeline, NOON + 365 * 24 * HOUR, limit=10)
        await deliver_due(made.pipeline, NOON + HOUR, limit=10)

    assert len(made.desk.messages) == 2


async def test_R6_a_channel_counts_from_its_answer(tmp_path: Path) -> None:
    """A send that took half a minute moves the next by it."""
    times = iter([NOON, NOON + MINUTE / 2])
    with rig(tmp_path, {"ledger": spider()}) as made:
        health_alerts(made, 1)
        made.desk.verdicts = [DeliveryLater("busy", channel="desk", retry_after=60)]
        assert await send_next(made.pipeline, "desk", lambda: next(times))
        (waiting,) = made.stores.catalogue.deliveries(10)

    assert waiting.retry_at == NOON + MINUTE * 1.5


async def test_one_message_that_trips_a_bug_does_not_silence_its_channel(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The log has all of it; the message is refused with the bug's words, and what waits behind it is told."""
    with rig(tmp_path, {"ledger": spider()}) as made:
        health_alerts(made, 3)
        made.desk.verdicts = [ZeroDivisionError("a bug\nin the channel")]
        await deliver_due(made.pipeline, NOON, limit=10)
        refused = [one.error for one in made.stores.catalogue.deliveries(10) if one.state is DeliveryState.REFUSED]

    assert [message.headline for message in made.desk.messages] == ["001", "002"]
    assert refused == ["desk: internal error: ZeroDivisionError('a bug\\nin the channel'); report it with the log"]
    assert "Traceback" in caplog.text


async def test_words_that_cannot_be_composed_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug in the wording is one in its message alone."""

    def tripping(alert: Any, *args: Any, **kwargs: Any) -> Any:
        if alert.source == "000":
            msg = "no such key"
            raise KeyError(msg)
        return compose(alert, *args, **kwargs)

    monkeypatch.setattr("scheduler.delivering.compose", tripping)
    with rig(tmp_path, {"ledger": spider()}) as made:
        health_alerts(made, 2)
        await deliver_due(made.pipeline, NOON, limit=10)
        assert states(made) == {DeliveryState.REFUSED: 1, DeliveryState.SENT: 1}


async def test_an_archive_that_cannot_be_read_now_delays_one_digest(tmp_path: Path) -> None:
    """What needs it is tried later, the channel goes on."""
    with rig(tmp_path, {"ledger": spider()}) as made:
        due = await morning(made, date(2017, 8, 4))
        await open_digests(made.pipeline, due, started_at=NOON)
        health_alerts(made, 1)
        broken = replace(made.pipeline, catalogue=BrokenCatalogue())
        await deliver_due(broken, due, limit=10)
        assert states(made) == {DeliveryState.PENDING: 1, DeliveryState.SENT: 1}


class BrokenCatalogue:
    """A catalogue that reads nothing."""

    def __getattr__(self, name: str) -> Any:
        msg = f"the disk failed at {name}"
        raise NotFound(msg)


async def test_a_lost_answer_is_in_doubt_and_repeated_as_such(tmp_path: Path) -> None:
    """The state says so until the next try, which tells the reader."""
    with rig(tmp_path, {"ledger": spider()}) as made:
        health_alerts(made, 1)
        made.desk.verdicts = [DeliveryLater("reset", channel="desk", in_doubt=True)]
        await deliver_due(made.pipeline, NOON, limit=10)
        assert states(made) == {DeliveryState.IN_DOUBT: 1}
        await deliver_due(made.pipeline, NOON + MINUTE, limit=10)

    assert [message.possible_repeat for message in made.desk.messages] == [True]


async def test_a_channel_that_never_answers_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A send ends before its lease does, whatever the channel's own time-out; the message may have arrived."""
    monkeypatch.setattr(delivering, "LONGEST_SEND", timedelta(milliseconds=50))
    with rig(tmp_path, {"ledger": spider()}) as made:
        health_alerts(made, 1)
        made.desk.gate = asyncio.Event()
        await deliver_due(made.pipeline, NOON, limit=10)
        assert states(made) == {DeliveryState.IN_DOUBT: 1}

    assert timedelta(minutes=2) < delivering.LEASE


async def test_what_waits_for_one_recipient_holds_up_nobody(tmp_path: Path) -> None:
    """The channel works: the next message is told at once."""
    with rig(tmp_path, {"ledger": spider()}) as made:
        health_alerts(made, 2)
        made.desk.verdicts = [DeliveryLater("one mailbox is full", channel="desk", only_this=True)]
        await deliver_due(made.pipeline, NOON, limit=10)

    assert [message.headline for message in made.desk.messages] == ["001"]


async def test_a_refusal_is_told_to_the_ops_channel(tmp_path: Path) -> None:
    """Ten refusals for one reason are one alert, which says what to do; the next hour has one more."""
    ops = LedgerChannel()
    with rig(tmp_path, {"ledger": spider()}, ops="ops") as made:
        made.desk.verdicts = [DeliveryRefused("invite the bot", channel="desk") for _ in range(12)]
        pipeline = replace(made.pipeline, channels={"desk": made.desk, "ops": ops})
        health_alerts(made, 10)
        while await deliver_due(pipeline, NOON, limit=10):
            pass
        assert len(ops.messages) == 1
        retry(made, NOON + HOUR)
        while await deliver_due(pipeline, NOON + HOUR, limit=2):
            pass

    assert [message.reason for message in ops.messages] == [Reason.DELIVERY_REFUSED] * 2
    assert ops.messages[0].headline.startswith("desk: invite the bot. Once mended, `pursestrings deliveries retry")


async def test_the_ops_channel_is_told_nothing_of_its_own_refusals(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It would refuse that too: the log alone says so."""
    with rig(tmp_path, {"ledger": spider()}) as made:
        health_alerts(made, 1)
        made.desk.verdicts = [DeliveryRefused("invite the bot", channel="desk")]
        await deliver_due(made.pipeline, NOON, limit=10)
        assert states(made) == {DeliveryState.REFUSED: 1}

    assert "desk: invite the bot" in caplog.text
