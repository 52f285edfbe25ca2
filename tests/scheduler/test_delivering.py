from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from facts.alert import DeliveryState, Reason
from facts.errors import DeliveryLater, DeliveryRefused
from facts.visit import Harvest
from scheduler.delivering import deliver_due, open_digests
from scheduler.digests import due_at
from scheduler.passes import run_pass
from scheduler.polling import claim
from tests.facts.samples import NOON
from tests.scheduler.rig import HOUR, Rig, ScriptedSpider, page, rig

LETTERS = (page("one", "A letter to Stockton."), page("two", "The answer to it."))


async def raised(made: Rig) -> None:
    """Bring the archive to where the alerts of two documents are due, and tell what can be told."""
    for hours in range(2):
        now = NOON + hours * HOUR
        await run_pass(made.pipeline, await claim(made.pipeline, now, limit=10), now)


def spider() -> ScriptedSpider:
    """Return a source that publishes a letter and its answer an hour after the first visit."""
    return ScriptedSpider([Harvest(), Harvest(documents=LETTERS)])


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
        made.stores.store.retry_delivery(refused[0].id, NOON + 100 * HOUR)
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
        assert len(made.stores.store.claim_deliveries(later, lease=timedelta(minutes=2), limit=10)) == 2
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
