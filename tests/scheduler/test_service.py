from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from facts.errors import StorageError
from facts.visit import Harvest
from scheduler.service import Service
from tests.scheduler.rig import Rig, ScriptedSpider, link, page, rig


def real_time() -> datetime:
    """Return the time: the service's loops are the clock's."""
    return datetime.now(UTC)


async def until(found: Callable[[], bool], limit: float = 20.0) -> None:
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


def start(made: Rig) -> Running:
    """Start the service of a pipeline."""
    service, stop = Service(made.pipeline, real_time, tick=0.05, grace=0.5), asyncio.Event()
    return Running(service=service, task=asyncio.create_task(service.run(stop)), stop=stop)


async def test_the_loops_carry_a_document_from_its_source_to_the_channel(tmp_path: Path) -> None:
    """A first visit, a second with news: polled, followed, judged, routed, told."""
    letter = page("letter", "A letter to Stockton.")
    spider = ScriptedSpider([Harvest(), Harvest(links=(link("letter"),))])

    async def follow(*_: Any) -> Harvest:
        return Harvest(documents=(letter,))

    with rig(tmp_path, {"ledger": spider}, every={"ledger": timedelta(seconds=1)}, follow=follow) as made:
        running = start(made)
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
        running = start(made)
        await until(lambda: len(works.memories) >= 2)
        asked = time.monotonic()
        await running.end()

    assert time.monotonic() - asked < 10
    assert len(hangs.memories) == 1


async def test_the_heartbeat_is_that_of_the_slowest_loop(tmp_path: Path) -> None:
    """It moves while the loops come round."""
    with rig(tmp_path, {"ledger": ScriptedSpider([Harvest()])}) as made:
        running = start(made)
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
        running = start(made)
        await until(lambda: failing.times == 0 and bool(spider.memories))
        await running.end()

    assert "the disk is full" in caplog.text


class FullDisk:
    """A store whose first calls fail as a full disk fails."""

    def __init__(self, store: Any, times: int) -> None:
        self._store = store
        self.times = times

    def __getattr__(self, name: str) -> Any:
        if self.times and name in {"claim_due", "claim_links", "memory"}:
            self.times -= 1
            msg = "the disk is full; make room"
            raise StorageError(msg)
        return getattr(self._store, name)
