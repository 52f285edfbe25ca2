"""The canary through the whole service: real fetcher, sandbox, archive, classifier and a Slack on loopback."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from facts.canary import CANARY
from facts.document import Snapshot, WarcPlace
from facts.event import LETTER
from pursestrings.config import Config
from pursestrings.judging import default_judge
from pursestrings.opening import load_config, reading, writing
from pursestrings.service import run_service
from pursestrings.wiring import open_pipeline
from scheduler.service import Service
from spiders.canary_site import LETTER_URL, canary_feed
from spiders.entries import read_feed
from storage.protocols import Search
from tests.pursestrings.commands.desk import free_port, write_config
from tests.rig.hook import Verdict
from tests.rig.slack import TOKEN, FakeSlack

START = datetime(2026, 11, 24, 21, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NEWS, OPS = "#federal-money", "#desk"
_CONFIG = """\
[bot]
name = "Test desk"
contact = "desk@news.example"
timezone = "America/Denver"
ops = "ops"
[fetch]
allow_networks = ["127.0.0.1/32"]
allow_ports = [{slack_port}]
[channels.desk]
kind = "slack"
token = {{ env = "RIG_TOKEN" }}
channel = "#federal-money"
base_url = "{slack}"
[channels.ops]
kind = "slack"
token = {{ env = "RIG_TOKEN" }}
channel = "#desk"
base_url = "{slack}"
[routes.desk]
channel = "desk"
[digests.morning]
at = "07:00"
channel = "desk"
quiet_days = false
[web]
bind = "127.0.0.1:{web}"
replay_bind = "127.0.0.1:{replay}"
[canary]
{canary}
"""


class Clock:
    """The time, set by hand."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


class Desk:
    """A configuration, its Slack and its clock."""

    def __init__(self, config: Config, slack: FakeSlack) -> None:
        self.config = config
        self.slack = slack
        self.clock = Clock()

    def posts(self, channel: str) -> list[str]:
        """Return what stands in a channel."""
        return [post["text"] for post in self.slack.posted if post["channel"] == channel]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the service beside the block."""
        stop = asyncio.Event()
        service = asyncio.create_task(run_service(self.config, stop, clock=self.clock, tick=0.02))
        try:
            yield
        finally:
            stop.set()
            await service

    async def health(self) -> tuple[int, dict[str, Any]]:
        """Ask the health page; a service that does not listen yet is 0."""
        async with httpx.AsyncClient() as client:
            try:
                answer = await client.get(f"{self.config.web.public_url}/health")
            except httpx.ConnectError:
                return 0, {"canary": {"state": ""}}
        return answer.status_code, answer.json()

    async def until_state(self, state: str, status: int) -> dict[str, Any]:
        """Wait until the health page tells of this path, with this status."""
        async with asyncio.timeout(20):
            while True:
                found, document = await self.health()
                # A clock that is set ahead is ahead of the loops until they come round.
                if (found, document["canary"]["state"]) == (status, state) and document["alive"]:
                    return document

    async def pass_time(self, time: timedelta) -> None:
        """Let time pass in such steps that the service does not think that its machine slept."""
        end = self.clock.now + time
        while self.clock.now < end:
            self.clock.now = min(end, self.clock.now + 9 * MINUTE)
            # Every loop has come round when the oldest has this time.
            while (await self.health())[1]["last_tick"] != self.clock.now.isoformat():
                pass

    async def until_posts(self, channel: str, count: int) -> None:
        """Wait until so many messages stand in a channel."""
        await until(lambda: len(self.posts(channel)) == count)


async def until(found: Callable[[], bool]) -> None:
    """Wait for something the service does; fail when it does not come."""
    async with asyncio.timeout(20):
        while not found():  # noqa: ASYNC110 what is waited for happens on the far side of a socket
            await asyncio.sleep(0.02)


@asynccontextmanager
async def desk(folder: Path, canary: str = "") -> AsyncIterator[Desk]:
    """Open a Slack, and write a configuration that watches nothing else."""
    async with FakeSlack() as slack:
        path = folder / "config.toml"
        ports = {"slack_port": slack.port, "web": free_port(), "replay": free_port()}
        path.write_text(_CONFIG.format(slack=slack.base_url, canary=canary, **ports), encoding="utf-8")
        yield Desk(load_config(path, {"RIG_TOKEN": TOKEN}), slack)


async def test_R32_each_hour_one_line_on_the_ops_channel_proves_the_whole_path(tmp_path: Path) -> None:
    """From the first hour on, in no other channel; a restart within an hour publishes nothing twice."""
    async with desk(tmp_path) as made:
        async with made.running():
            for hour in range(3):
                made.clock.now = START + hour * HOUR + timedelta(seconds=7)
                await made.until_posts(OPS, hour + 1)
                document = await made.until_state("sound", 200)
        made.clock.now += 15 * MINUTE
        with reading(made.config) as catalogue:
            before = len(catalogue.visits(CANARY, 100))
            async with made.running():
                await until(lambda: len(catalogue.visits(CANARY, 100)) > before)
                await made.until_state("sound", 200)
            hits, _ = catalogue.search(Search(source=CANARY))
            rest, _ = catalogue.search(Search())
            trace = catalogue.trace(hits[0].snapshot.id)
            versions = catalogue.versions(LETTER_URL)

    assert made.posts(OPS) == [
        f"Canary: the whole path works; published {hour}:00, heard {hour}:00:07" for hour in (14, 15, 16)
    ]
    assert made.posts(NEWS) == []
    assert document["canary"]["heard_published_at"] == "2026-11-24T23:00:00+00:00"
    assert ([version.version for version in versions], rest) == ([1, 2, 3], [])
    assert [event.label for event in trace.events] == [LETTER]
    assert (trace.story_ids, [one.state.value for one in trace.deliveries]) == ((), ["sent"])


async def test_R32_a_refusing_slack_is_told_by_the_health_page_and_on_the_other_channel(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Within two intervals, once; and so is the recovery."""
    async with desk(tmp_path) as made, made.running():
        await made.until_posts(OPS, 1)
        made.slack.script(Verdict(code="not_in_channel"))
        made.clock.now = START + HOUR
        await until(lambda: len(made.slack.ledger) == 2)
        assert (await made.until_state("sound", 200))["ok"]
        await made.pass_time(17 * MINUTE)
        ill = await made.until_state("late", 503)
        await made.until_posts(NEWS, 1)
        async with httpx.AsyncClient() as client:
            page = (await client.get(f"{made.config.web.public_url}/sources")).text
        made.clock.now = START + 2 * HOUR
        await made.until_posts(NEWS, 2)
        await made.until_state("sound", 200)

    assert (ill["ok"], ill["alive"], ill["canary"]["late_since"]) == (False, True, "2026-11-24T22:00:00+00:00")
    assert "did not come through: news may reach nobody." in page
    assert [text.partition(" the test message of")[0] for text in made.posts(NEWS)] == [
        "Canary late: canary:",
        "Canary recovered: canary: test messages come through again",
    ]
    said = [(one.levelno, one.getMessage()) for one in caplog.records if one.name == "scheduler.canary"]
    assert [level for level, _ in said] == [logging.ERROR, logging.WARNING]
    assert "`pursestrings doctor`" in said[0][1]


async def test_R32_a_dead_judging_is_told_though_every_clock_ticks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within two intervals, on the health page and on the other channel."""

    async def nothing(self: Service, now: datetime) -> None:
        del self, now

    async with desk(tmp_path) as made:
        async with made.running():
            await made.until_posts(OPS, 1)
            await made.until_state("sound", 200)
        monkeypatch.setattr(Service, "_judge", nothing)
        async with made.running():
            await made.until_state("sound", 200)
            await made.pass_time(HOUR + 10 * MINUTE)
            await made.until_state("sound", 200)
            await made.pass_time(7 * MINUTE)
            ill = await made.until_state("late", 503)
            await made.until_posts(NEWS, 1)

    assert ill["alive"]
    assert len(made.posts(OPS)) == 1


async def test_R32_a_machine_that_slept_over_some_canaries_alarms_nobody(tmp_path: Path) -> None:
    """It gets its quarter of an hour again."""
    async with desk(tmp_path) as made, made.running():
        for number, hours in enumerate((0, 20, 71), 1):
            made.clock.now = START + hours * HOUR + 55 * MINUTE
            await made.until_posts(OPS, number)
            await made.until_state("sound", 200)

    assert made.posts(NEWS) == []


@pytest.mark.parametrize("off", ['every = "0s"', "enabled = false"])
async def test_it_can_be_switched_off(tmp_path: Path, off: str) -> None:
    """Then nothing is watched, published or told, and the health page asks for none."""
    async with desk(tmp_path, off) as made:
        async with made.running():
            async with asyncio.timeout(20):
                while (asked := await made.health())[0] == 0:
                    pass
        with reading(made.config) as catalogue:
            assert (catalogue.sources(), asked[1]["canary"], asked[1]["ok"]) == ([], None, True)
    assert made.slack.ledger == []


async def test_without_a_service_there_is_no_canary(tmp_path: Path) -> None:
    """Neither in `poll` nor in `backfill` nor in `demo`, which open the pipeline as this does."""
    config = load_config(write_config(tmp_path), {})
    with writing(config, START) as stores:
        async with open_pipeline(config, stores, clock=lambda: START, jitter=lambda: 0.0) as pipeline:
            assert (pipeline.canary, CANARY in pipeline.spiders) == (None, False)
        assert {"paper", "radio"} == {row.name for row in stores.catalogue.sources()}


def test_the_shipped_classifier_flags_it_surely_at_any_hour() -> None:
    """Through a year, with room for thresholds that are far above the shipped ones; as a letter alone."""
    judge = default_judge()
    moments = [START + hour * HOUR for hour in range(0, 365 * 24, 197)]
    for moment in moments:
        (entry,) = read_feed(canary_feed(moment, HOUR), (), "http://127.0.0.1:1/feed.xml", moment).entries
        snapshot = Snapshot(
            id="canary-version",
            source=CANARY,
            url=entry.url,
            title=entry.title,
            text=entry.text,
            published_at=entry.published_at,
            places=(),
            taken_at=moment,
            version=1,
            digest="",
            body_digest="",
            media_type="application/rss+xml",
            warc=WarcPlace(file="f", offset=0, length=1),
        )
        events = judge.judge(snapshot, judged_at=moment).events

        assert [(event.label, event.score > 0.95) for event in events] == [(LETTER, True)]
    assert len(moments) > 40
