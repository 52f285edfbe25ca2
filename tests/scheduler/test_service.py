from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest

from alerts.message import Message
from facts.alert import DeliveryState
from facts.document import Snapshot
from facts.errors import DeliveryRefused, StorageError
from facts.event import Judgement
from facts.visit import Harvest
from scheduler import polling
from scheduler import service as scheduler_service
from scheduler.pipeline import Pipeline
from scheduler.service import Service
from storage.opening import open_outbox
from tests.scheduler.rig import LedgerChannel, Rig, ScriptedSpider, health_alerts, judge, link, page, rig


def real_time() -> datetime:
    """Return the time: the service's loops are the clock's."""
    return datetime.now(UTC)


async def until(found: Callable[[], bool], limit: float = 60.0) -> None:
    """Wait for something the service does; fail when it does not come."""
    async with asyncio.timeout(limit):
        while not found():  # noqa: ASYNC110 what is waited for happens in the archive
            await asyncio.sleep(0.02)


@dataclass
class Running:
    """A service under way."""

    service: Service
    task: asyncio.Task[None]
    stop: asyncio.Event

    async def end(self) -> None:
        """Ask it to stop and wait for it."""
        self.stop.set()
        await self.task


def start(pipeline: Pipeline, *, tick: float = 0.05, grace: float = 0.5) -> Running:
    """Start the service of a pipeline."""
    service, stop = Service(pipeline, real_time, tick=tick, grace=grace), asyncio.Event()
    return Running(service=service, task=asyncio.create_task(service.run(stop)), stop=stop)


async def test_the_loops_carry_a_document_from_its_source_to_the_channel(tmp_path: Path) -> None:
    """A first visit, a second with news: polled, followed, judged, routed, told."""
    letter = page("letter", "A letter to Stockton.")
    spider = ScriptedSpider([Harvest(documents=(page("old", "Old news."),)), Harvest(links=(link("letter"),))])

    async def follow(*_: Any) -> Harvest:
        return Harvest(documents=(letter,))

    with rig(tmp_path, {"ledger": spider}, every={"ledger": timedelta(seconds=1)}, follow=follow) as made:
        running = start(made.pipeline)
        await until(lambda: bool(made.desk.messages))
        await running.end()

    assert [message.url for message in made.desk.messages] == [letter.url]


async def test_R2_a_stop_ends_the_service_in_time_while_a_host_hangs(tmp_path: Path) -> None:
    """What hangs is cancelled after its grace; other sources were visited meanwhile."""
    hangs = ScriptedSpider([Harvest()], gate=asyncio.Event())
    works = ScriptedSpider([Harvest()])
    with rig(
        tmp_path, {"hangs": hangs, "works": works}, every=dict.fromkeys(("hangs", "works"), timedelta(seconds=1))
    ) as made:
        running = start(made.pipeline)
        await until(lambda: len(works.memories) >= 2)
        asked = time.monotonic()
        await running.end()

    assert time.monotonic() - asked < 10
    assert len(hangs.memories) == 1


async def test_S6_hosts_that_hang_leave_room_for_the_others(tmp_path: Path) -> None:
    """A hundred sources that hang hold up none of those that do not."""
    gate = asyncio.Event()
    hanging = {f"hangs-{number:03}": ScriptedSpider([Harvest()], gate=gate) for number in range(100)}
    works = {f"works-{number}": ScriptedSpider([Harvest()]) for number in range(3)}
    spiders = {**hanging, **works}
    with rig(tmp_path, spiders, every=dict.fromkeys(spiders, timedelta(seconds=1))) as made:
        running = start(made.pipeline)
        await until(lambda: all(len(spider.memories) >= 2 for spider in works.values()))
        gate.set()
        await running.end()

    assert {len(spider.memories) for spider in hanging.values()} == {1}


async def test_what_a_visit_brings_is_told_without_waiting_for_a_tick(tmp_path: Path) -> None:
    """Judged, joined and told at once: in this service nothing ticks."""
    spider = ScriptedSpider(
        [Harvest(documents=(page("old", "Old news."),)), Harvest(documents=(page("a", "A letter."),))]
    )
    with rig(tmp_path, {"ledger": spider}) as made:
        service = Service(made.pipeline, real_time)
        hearing = asyncio.create_task(service._hear())
        for _ in range(2):
            await polling.poll(made.pipeline, made.stores.store.source("ledger"), real_time())
        await until(lambda: bool(made.desk.messages))
        hearing.cancel()
        await service._drain()

    assert [message.url for message in made.desk.messages] == ["https://news.example/a"]


async def test_the_heartbeat_is_that_of_the_slowest_loop(tmp_path: Path) -> None:
    """It moves while the loops come round."""
    with rig(tmp_path, {"ledger": ScriptedSpider([Harvest()])}) as made:
        running = start(made.pipeline)
        await until(lambda: running.service.heartbeat.oldest() > running.service.heartbeat.started_at)
        await running.end()


async def test_an_archive_that_takes_nothing_now_is_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A full disk is said and waited out; nothing is lost and no loop dies."""
    spider = ScriptedSpider([Harvest(documents=(page("a", "Text."),))])
    with rig(tmp_path, {"ledger": spider}) as made, caplog.at_level(logging.ERROR):
        failing = FullDisk(made.pipeline.store, times=3)
        object.__setattr__(made.pipeline, "store", failing)
        running = start(made.pipeline)
        await until(lambda: failing.times == 0 and bool(spider.memories))
        await running.end()

    assert "the disk is full" in caplog.text


class FullDisk:
    """A store whose first calls fail as a full disk fails."""

    def __init__(self, store: Any, times: int) -> None:
        self._store = store
        self.times = times

    def __getattr__(self, name: str) -> Any:
        if self.times and name in {"claim_due", "claim_links", "memories"}:
            self.times -= 1
            msg = "the disk is full; make room"
            raise StorageError(msg)
        return getattr(self._store, name)


@dataclass
class SlowChannel(LedgerChannel):
    """Takes its time; what it was told stands in its ledger even when nobody waits for the answer."""

    seconds: float = 0.01
    under_way: int = 0
    most_at_once: int = 0

    async def send(self, message: Message) -> str:
        """Take one alert: it has arrived before the answer is on its way."""
        self.under_way += 1
        self.most_at_once = max(self.most_at_once, self.under_way)
        try:
            self.messages.append(message)
            await asyncio.sleep(self.seconds)
        finally:
            self.under_way -= 1
        return f"receipt-{len(self.messages)}"


def states(made: Rig) -> Counter[DeliveryState]:
    """Return how many deliveries are in each state."""
    return Counter(one.state for one in made.stores.catalogue.deliveries(1000))


async def test_R2_stopped_at_100_random_moments_nothing_is_told_twice(tmp_path: Path) -> None:
    """The send under way is finished and noted, and none is begun; the last run tells what is left."""
    random = Random(2017)
    with rig(tmp_path, {"ledger": ScriptedSpider([Harvest()])}) as made:
        slow = SlowChannel()
        pipeline = replace(made.pipeline, channels={"desk": slow})
        health_alerts(made, 150)
        for _ in range(100):
            running = start(pipeline, tick=0.005)
            await asyncio.sleep(random.uniform(0, 0.04))
            await running.end()
            assert (slow.under_way, states(made)[DeliveryState.SENDING]) == (0, 0)
            # As the next process does.
            made.stores.store.free_leases()
        stopped_with = len(slow.messages)
        slow.seconds = 0
        running = start(pipeline)
        await until(lambda: states(made) == {DeliveryState.SENT: 150})
        await running.end()

    assert 0 < stopped_with <= 150
    assert [message.headline for message in slow.messages] == [f"{number:03}" for number in range(150)]
    assert not any(message.possible_repeat for message in slow.messages)


async def test_R2_a_send_that_outlasts_the_grace_is_left_to_its_lease(tmp_path: Path) -> None:
    """The next process tells it as a possible repeat."""
    with rig(tmp_path, {"ledger": ScriptedSpider([Harvest()])}) as made:
        slow = SlowChannel(seconds=60)
        pipeline = replace(made.pipeline, channels={"desk": slow})
        health_alerts(made, 2)
        running = start(pipeline)
        await until(lambda: bool(slow.messages))
        await running.end()
        assert states(made) == {DeliveryState.SENDING: 1, DeliveryState.PENDING: 1}
        made.stores.store.free_leases()
        slow.seconds = 0
        running = start(pipeline)
        await until(lambda: states(made) == {DeliveryState.SENT: 2})
        await running.end()

    assert [(message.headline, message.possible_repeat) for message in slow.messages[1:]] == [
        ("000", True),
        ("001", False),
    ]


async def test_R2_what_only_reads_is_cut_off_before_what_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host or a parser that hangs does not hold up the stop; its source did not fail, and is due again."""
    monkeypatch.setattr(scheduler_service, "READING_GRACE", 0.05)
    hangs = ScriptedSpider([Harvest()], gate=asyncio.Event())
    with rig(tmp_path, {"ledger": hangs}) as made:
        slow = SlowChannel(seconds=0.5)
        health_alerts(made, 1)
        running = start(replace(made.pipeline, channels={"desk": slow}), grace=60)
        await until(lambda: bool(hangs.memories and slow.messages))
        async with asyncio.timeout(20):
            await running.end()
        made.stores.store.free_leases()
        row = made.stores.store.source("ledger")

        assert states(made) == {DeliveryState.SENT: 1}
        assert (row.failures, row.visited, row.next_poll_at <= real_time()) == (0, False, True)
        assert made.stores.catalogue.visits("ledger", 10) == []


async def test_a_slow_channel_holds_up_only_itself(tmp_path: Path) -> None:
    """It is told one message at a time; the others, and what is raised later, are not kept waiting."""
    with rig(tmp_path, {"ledger": ScriptedSpider([Harvest()])}) as made:
        slow = SlowChannel(seconds=60)
        pipeline = replace(made.pipeline, channels={"slow": slow, "desk": made.desk})
        health_alerts(made, 3, channel="slow")

        def heard(headline: str) -> bool:
            return headline in [one.headline for one in made.desk.messages]

        running = start(pipeline)
        await until(lambda: bool(slow.messages))
        for number in (10, 20):
            health_alerts(made, 1, first=number)
            await until(partial(heard, f"{number:03}"))
        await running.end()

    assert (len(slow.messages), slow.most_at_once) == (1, 1)


async def test_a_round_that_is_long_is_not_begun_twice_nor_complained_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The clock ticks on while the judge is at work."""
    began, gate = [], threading.Event()

    def judge_slowly(snapshot: Snapshot, now: datetime) -> Judgement:
        began.append(snapshot.id)
        gate.wait(20)
        return judge(snapshot, now)

    spider = ScriptedSpider([Harvest(documents=(page("a", "Text."),))])
    with rig(tmp_path, {"ledger": spider}, judge=judge_slowly) as made, caplog.at_level(logging.WARNING):
        running = start(made.pipeline)
        await until(lambda: bool(began))
        await asyncio.sleep(0.3)
        gate.set()
        await running.end()

    assert len(began) == 1
    assert "maximum number of running instances" not in caplog.text


async def test_a_visit_that_outlives_its_lease_is_not_begun_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One visit of a source at a time, whatever the lease says; the next begins when it has ended."""
    monkeypatch.setattr(polling, "LEASE", timedelta(seconds=0.1))
    hangs = ScriptedSpider([Harvest()], gate=asyncio.Event())
    with rig(tmp_path, {"ledger": hangs}, every={"ledger": timedelta(0)}) as made:
        running = start(made.pipeline)
        await until(lambda: bool(hangs.memories))
        await asyncio.sleep(0.5)
        assert len(hangs.memories) == 1
        assert hangs.gate
        hangs.gate.set()
        await until(lambda: len(hangs.memories) > 1)
        await running.end()


async def test_what_is_put_back_beside_the_service_is_told_at_its_next_look(tmp_path: Path) -> None:
    """The operator's retry is a second connection's row."""
    with rig(tmp_path, {"ledger": ScriptedSpider([Harvest()])}) as made:
        made.desk.verdicts = [DeliveryRefused("invite the bot", channel="desk")]
        health_alerts(made, 1)
        running = start(made.pipeline)
        await until(lambda: states(made) == {DeliveryState.REFUSED: 1})
        outbox = open_outbox(f"sqlite:///{made.folder / 'archive.db'}")
        assert outbox.retry(real_time(), channel="desk") == 1
        outbox.close()
        await until(lambda: states(made) == {DeliveryState.SENT: 1})
        await running.end()


async def test_a_bug_in_a_round_is_logged_and_the_next_comes(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The service goes on."""
    with rig(tmp_path, {"ledger": ScriptedSpider([Harvest()])}) as made:
        pipeline = replace(made.pipeline, store=Tripping(made.pipeline.store))
        health_alerts(made, 1)
        running = start(pipeline)
        await until(lambda: bool(made.desk.messages))
        await running.end()

    assert "loop tell: internal error" in caplog.text


class Tripping:
    """A store whose first look for something to tell is a bug."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self._tripped = False

    def __getattr__(self, name: str) -> Any:
        if name == "due_channels" and not self._tripped:
            self._tripped = True
            msg = "a bug"
            raise ZeroDivisionError(msg)
        return getattr(self._store, name)
