"""Whether the path is sound, who hears when it is not, and that a canary is told like nothing else."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from facts.alert import Reason
from facts.canary import CANARY, Heard, PathState
from facts.document import Document
from facts.errors import DeliveryRefused
from facts.visit import Harvest
from scheduler.canary import GRACE, judge_path, path_report, watch_path
from scheduler.delivering import bulletin_of, deliver_due
from scheduler.judging import judge_waiting, route_waiting
from scheduler.polling import poll
from storage.protocols import Search
from storage.work import SourceState
from tests.facts.samples import NOON
from tests.scheduler.rig import FIRST, LedgerChannel, Rig, ScriptedSpider, page, rig

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
LATE = GRACE + SECOND
BEFORE = NOON - 10 * HOUR


def heard(at: datetime) -> Heard:
    """Return that a canary came through in seconds."""
    return Heard(published_at=at, at=at + 7 * SECOND)


@pytest.mark.parametrize(
    ("now", "last", "started_at", "state"),
    [
        # Just started: it has its quarter of an hour.
        (NOON, None, NOON, PathState.UNKNOWN),
        (NOON + GRACE, None, NOON, PathState.UNKNOWN),
        (NOON + LATE, None, NOON, PathState.LATE),
        # Started within an interval: that one's canary is due from then on.
        (NOON + HOUR / 2 + GRACE, NOON - HOUR, NOON + HOUR / 2, PathState.UNKNOWN),
        (NOON + HOUR / 2 + LATE, NOON - HOUR, NOON + HOUR / 2, PathState.LATE),
        # All that was due is heard.
        (NOON + SECOND, NOON, BEFORE, PathState.SOUND),
        (NOON + HOUR - SECOND, NOON, BEFORE, PathState.SOUND),
        # The next one is due, and not late yet.
        (NOON + HOUR, NOON, BEFORE, PathState.SOUND),
        (NOON + HOUR + GRACE, NOON, BEFORE, PathState.SOUND),
        (NOON + HOUR + LATE, NOON, BEFORE, PathState.LATE),
        # It stays late over the next ones, heard or not, until all that was due is heard.
        (NOON + 2 * HOUR, NOON, BEFORE, PathState.LATE),
        (NOON + 30 * HOUR, NOON, BEFORE, PathState.LATE),
        (NOON + 30 * HOUR, NOON + 28 * HOUR, BEFORE, PathState.LATE),
        (NOON + 30 * HOUR, NOON + 30 * HOUR, BEFORE, PathState.SOUND),
        # A restart gives it time again, and proves nothing.
        (NOON + 5 * HOUR + SECOND, NOON, NOON + 5 * HOUR, PathState.UNKNOWN),
        (NOON + HOUR + 2 * GRACE, NOON, NOON + HOUR + 2 * GRACE, PathState.UNKNOWN),
        # Heard before the restart: nothing is due before the next one.
        (NOON + 2 * GRACE, NOON, NOON + GRACE, PathState.SOUND),
        # Published by a clock that went ahead by a year.
        (NOON + LATE, NOON + timedelta(days=365), BEFORE, PathState.LATE),
        # A clock that was put back by a second.
        (NOON - SECOND, NOON, BEFORE, PathState.SOUND),
    ],
)
def test_the_path_is_sound_late_or_not_known(
    now: datetime, last: datetime | None, started_at: datetime, state: PathState
) -> None:
    """Late is more than a quarter of an hour after it was due, and not before the service ran so long."""
    found = judge_path(now, HOUR, heard(last) if last else None, started_at=started_at)

    assert state is found.state
    assert (found.late_since is not None) == (state is PathState.LATE)


def test_without_the_start_of_the_service_the_last_one_tells() -> None:
    """As `doctor` looks, beside the service or without one."""
    states = [judge_path(now, HOUR, heard(NOON), started_at=None).state for now in (NOON + GRACE, NOON + HOUR + LATE)]

    assert states == [PathState.SOUND, PathState.LATE]
    assert judge_path(NOON, HOUR, None, started_at=None).state is PathState.UNKNOWN


def test_another_interval_counts_from_its_own_next_time() -> None:
    """From a canary an hour to one a day, and back."""
    day = timedelta(days=1)
    midnight = NOON.replace(hour=0)

    assert judge_path(NOON + 2 * HOUR, day, heard(NOON), started_at=NOON).state is PathState.SOUND
    assert judge_path(midnight + day + LATE, day, heard(NOON), started_at=NOON).state is PathState.LATE
    assert judge_path(NOON + LATE, HOUR, heard(midnight), started_at=NOON).state is PathState.LATE


def canary(hour: int) -> Document:
    """Return the version of an hour, which the rig's judge flags twice."""
    text = f"A letter, with an answer to it, of {hour} o'clock."
    return page("canary", text, source=CANARY, published_at=NOON + hour * HOUR)


def spider(hours: int = 40) -> ScriptedSpider:
    """Return a canary that is another one at each visit."""
    return ScriptedSpider([Harvest(documents=(canary(hour),), listed=(canary(hour).url,)) for hour in range(hours)])


async def fly(made: Rig, hour: int) -> None:
    """Take one canary the whole way."""
    now = NOON + hour * HOUR
    await poll(made.pipeline, made.stores.store.source(CANARY), now)
    await judge_waiting(made.pipeline, now, limit=50)
    await route_waiting(made.pipeline, now, limit=50)
    await deliver_due(made.pipeline, now + 7 * SECOND, limit=50)


async def look(made: Rig, now: datetime, before: PathState | None) -> PathState:
    """Look at the path, and deliver what that raises."""
    state = await watch_path(made.pipeline, HOUR, now, started_at=NOON, before=before)
    await deliver_due(made.pipeline, now, limit=50)
    return state


async def test_each_version_is_told_once_on_the_ops_channel_and_from_the_first_visit_on(tmp_path: Path) -> None:
    """Though it is edited each hour, and earns two labels."""
    ops, desk = LedgerChannel(), LedgerChannel()
    with rig(tmp_path, {CANARY: spider()}, channels={"ops": ops, "desk": desk}, ops="ops") as made:
        for hour in range(5):
            await fly(made, hour)
        await route_waiting(made.pipeline, NOON + 9 * HOUR, limit=50)

        assert [message.headline for message in ops.messages[:1]] == [
            "the whole path works; published 10:00, heard 10:00:07"
        ]
        assert [message.reason for message in ops.messages] == [Reason.CANARY] * 5
        assert desk.messages == []
        assert heard(NOON + 4 * HOUR) == made.stores.catalogue.heard_canary()


async def test_it_joins_no_story_and_stands_in_no_digest_and_no_search(tmp_path: Path) -> None:
    """Unless it is asked for by its source or id; the news beside it is told of as ever."""
    letter = page("letter", "A letter to Stockton.")
    ledger = ScriptedSpider([FIRST, Harvest(documents=(letter,))])
    with rig(tmp_path, {"ledger": ledger, CANARY: spider()}) as made:
        store, catalogue = made.stores.store, made.stores.catalogue
        for hour in range(2):
            await poll(made.pipeline, store.source("ledger"), NOON + hour * HOUR)
            await fly(made, hour)
        stories = store.open_stories(NOON - 100 * HOUR)
        plan = made.pipeline.digests["morning"]
        bulletin = bulletin_of(catalogue, plan, NOON.date(), made.pipeline.newsroom)
        found, total = catalogue.search(Search())
        words, _ = catalogue.search(Search(words="letter"))
        asked, _ = catalogue.search(Search(source=CANARY))
        trace = catalogue.trace(asked[0].snapshot.id)

        assert [len(story.members) for story in stories] == [1]
        assert store.waiting_events(10) == []
        assert [message.url for _, group in bulletin.sections for message in group] == [letter.url]
        assert ({"ledger"}, len(found)) == ({hit.snapshot.source for hit in found}, total)
        assert [letter.url] == [hit.snapshot.url for hit in words]
        assert [(hit.snapshot.source, hit.snapshot.version) for hit in asked] == [(CANARY, 2)]
        assert (trace.story_ids, len(trace.events), len(trace.deliveries)) == ((), 2, 1)
        assert [made.desk.messages[-1].reason, made.desk.messages[-2].reason].count(Reason.CANARY) == 1


async def test_a_canary_that_fails_is_no_failing_source_of_the_digest(tmp_path: Path) -> None:
    """The operators hear of it, and the health page tells it."""
    broken = ScriptedSpider([ZeroDivisionError()])
    with rig(tmp_path, {CANARY: broken}) as made:
        for hour in range(3):
            await poll(made.pipeline, made.stores.store.source(CANARY), NOON + hour * HOUR)
        bulletin = bulletin_of(
            made.stores.catalogue, made.pipeline.digests["morning"], NOON.date(), made.pipeline.newsroom
        )

    assert bulletin.failing == ()


async def test_a_refusing_ops_channel_is_told_once_on_every_other_channel(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """And its recovery, once; the log has both, and a restart in between repeats nothing to anybody."""
    caplog.set_level(logging.WARNING, "scheduler.canary")
    ops, desk, mail = LedgerChannel(), LedgerChannel(), LedgerChannel()
    channels = {"ops": ops, "desk": desk, "mail": mail}
    with rig(tmp_path, {CANARY: spider()}, channels=channels, ops="ops") as made:
        await fly(made, 0)
        state = await look(made, NOON + SECOND, None)
        for hour in range(1, 5):
            ops.verdicts = [DeliveryRefused("not_in_channel", channel="ops")]
            await fly(made, hour)
            for minutes in (14, 16, 40, 59):
                state = await look(made, NOON + hour * HOUR + timedelta(minutes=minutes), state)
        # As the next process sees it, which was started as the first one.
        state = await look(made, NOON + 5 * HOUR - SECOND, None)
        report = path_report(made.stores.catalogue, HOUR, NOON + 5 * HOUR - SECOND, started_at=NOON)
        await fly(made, 5)
        for _ in range(3):
            state = await look(made, NOON + 5 * HOUR + timedelta(minutes=1), state)
        state = await look(made, NOON + 5 * HOUR + timedelta(minutes=2), None)

    expected = [Reason.CANARY_LATE, Reason.CANARY_RECOVERED]
    assert (PathState.LATE, heard(NOON), NOON + HOUR) == (report.state, report.heard, report.late_since)
    assert [expected, expected] == [[message.reason for message in one.messages] for one in (desk, mail)]
    assert [message.reason for message in ops.messages] == [Reason.CANARY] * 2
    assert state is PathState.SOUND
    told = [
        (record.levelname, record.getMessage().partition(";")[0])
        for record in caplog.records
        if record.name == "scheduler.canary"
    ]
    late = ("ERROR", "canary: that of 2017-08-03 17:00 UTC did not come through to channel ops, the last one came at ")
    assert [(level, words.startswith(late[1])) for level, words in told] == [
        ("ERROR", True),
        ("ERROR", True),
        ("WARNING", False),
    ]
    assert told[-1] == ("WARNING", "canary: test messages come through to channel ops again")


async def test_with_the_ops_channel_alone_the_log_and_the_health_page_tell(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """There is nobody else to tell."""
    with rig(tmp_path, {CANARY: spider()}) as made:
        state = await look(made, NOON + LATE, None)

        assert state is PathState.LATE
        assert made.desk.messages == []
        assert "none came yet" in caplog.text


async def test_a_channel_that_is_no_longer_configured_hears_of_no_recovery(tmp_path: Path) -> None:
    """It would be refused, and the operators be told of that."""
    ops, desk = LedgerChannel(), LedgerChannel()
    with rig(tmp_path, {CANARY: spider()}, channels={"ops": ops, "desk": desk}, ops="ops") as made:
        await look(made, NOON + LATE, None)
        without = replace(made.pipeline, channels={"ops": ops})
        await fly(made, 0)
        await watch_path(without, HOUR, NOON + 2 * GRACE, started_at=NOON, before=PathState.LATE)
        deliveries = await asyncio.to_thread(made.stores.catalogue.deliveries, 10)

    assert {("desk", 1), ("ops", 1)} == {(one.channel, one.attempt) for one in deliveries}
    assert len(deliveries) == 2


async def test_its_habits_are_those_of_the_configuration(tmp_path: Path) -> None:
    """Nothing is learned of its rhythm: from an hour to a day it falls silent, and that is no failure of a source."""
    waits = [timedelta(minutes=10), timedelta(minutes=3)]
    harvests = [Harvest(documents=(canary(hour),), wait=wait) for hour, wait in enumerate(waits)]
    with rig(tmp_path, {CANARY: ScriptedSpider(harvests)}, every={CANARY: SECOND}) as made:
        due = []
        for hour in range(0, 40 * 24, 4):
            await poll(made.pipeline, made.stores.store.source(CANARY), NOON + hour * HOUR)
            row = made.stores.store.source(CANARY)
            due.append(row.next_poll_at - (NOON + hour * HOUR))

    assert due[:3] == [waits[0], waits[1], waits[1]]
    assert set(due[1:]) == {waits[1]}
    assert (row.failures, row.state) == (0, SourceState.OK)
