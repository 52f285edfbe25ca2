"""How long after its publication an item is an event: the service over a farm, with and without ill hosts.

    sh scripts/bench poll.latency [--feeds 1000] [--seconds 90]

Each source has `every = "5s"`. Items that the classifier flags are published at odd moments, on feeds that are well;
the clock stops when the event is committed. The second half is with 5 % of the hosts hanging, slow, or answering 429.
Ends with 1 when the 95th percentile is over 5.5 s, more than a tenth worse beside ill hosts, or an item is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any, cast

from benchmarks.poll.config import write_config
from benchmarks.poll.running import FarmHandle, cpu_seconds, open_farm
from facts.alert import Alert
from facts.event import Judgement
from facts.visit import Outcome, Visit
from pursestrings.opening import load_config, writing
from pursestrings.service import utc_now
from pursestrings.wiring import open_pipeline
from scheduler.passes import run_pass
from scheduler.service import Service
from storage.opening import Stores
from storage.work import VisitEnd

EVERY = 5.0
#: Over the interval, in seconds.
MARGIN = 0.5
#: With ill hosts, as a share of that without.
WORSE = 1.1
#: Of the hosts, ill in the second half: a third of them each hangs, is slow, and says 429.
ILL = 0.05
_SLOW_SECONDS = 8.0
_ILLS = ("hang", "slow", "429")
#: Seconds before each half.
_SETTLING = 2 * EVERY
#: Items published a second.
_RATE = 3


@dataclass(slots=True)
class Noting:
    """A store that notes when each event was committed, by the address of its document."""

    store: Any
    committed: dict[str, list[float]] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (whatever the store has)
        """Return what the store has."""
        return getattr(self.store, name)

    def record_judgements(self, judged: Sequence[Judgement], alerts: Sequence[Alert] = ()) -> None:
        """Commit them and note the time."""
        self.store.record_judgements(judged, alerts)
        for event in (event for judgement in judged for event in judgement.events):
            self.committed.setdefault(event.url, []).append(time.time())


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """What one half of the run came to."""

    what: str
    published: int
    missed: int
    repeated: int
    p50: float
    p95: float
    worst: float
    #: CPU seconds for each second of the run.
    cpu: float

    def __str__(self) -> str:
        """Say it in a line."""
        return (
            f"{self.what:28} {self.published} items, {self.missed} missed, {self.repeated} twice; publish to event: "
            f"p50 {self.p50:.2f} s, p95 {self.p95:.2f} s, worst {self.worst:.2f} s; {self.cpu:.2f} CPU s a second"
        )


async def measure(farm: FarmHandle, config_path: Path, *, seconds: float, settling: float) -> list[Half]:
    """Run the service over the farm, well and with ill hosts, so many seconds each and `settling` before each."""
    config = load_config(config_path, os.environ)
    with writing(config, utc_now()) as stores:
        async with open_pipeline(config, stores, clock=utc_now, jitter=random.random) as pipeline:
            await run_pass(pipeline, stores.catalogue.sources(), utc_now())
            _spread(stores)
            noting = Noting(pipeline.store)
            service = Service(replace(pipeline, store=cast("Any", noting)), utc_now)
            stop = asyncio.Event()
            running = asyncio.create_task(service.run(stop))
            await asyncio.sleep(settling)
            well = await _half(farm, noting, "all hosts well", seconds)
            await asyncio.to_thread(_fall_ill, farm)
            await asyncio.sleep(settling)
            ill = await _half(farm, noting, f"{ILL:.0%} of the hosts ill", seconds)
            stop.set()
            await running
    return [well, ill]


def _spread(stores: Stores) -> None:
    """Have the sources due at moments of their own, as after hours of polling: begun together they run in step."""
    ends = [
        VisitEnd(
            visit=Visit(source=row.name, at=row.last_visit_at or utc_now(), outcome=Outcome.FRESH),
            row=replace(row, next_poll_at=utc_now() + timedelta(seconds=random.uniform(0, EVERY))),
        )
        for row in stores.catalogue.sources()
    ]
    stores.store.finish_visits(ends)


def _fall_ill(farm: FarmHandle) -> None:
    by_host: dict[str, list[int]] = {}
    for number, url in enumerate(farm.ask("urls")):
        by_host.setdefault(url.split("/")[2], []).append(number)
    ill = random.Random(1).sample(sorted(by_host), max(1, round(len(by_host) * ILL)))
    for turn, host in enumerate(ill):
        for number in by_host[host]:
            farm.ask("fault", feed=number, kind=_ILLS[turn % len(_ILLS)], seconds=_SLOW_SECONDS)


async def _half(farm: FarmHandle, noting: Noting, what: str, seconds: float) -> Half:
    published: dict[str, float] = {}
    begun, cpu = time.monotonic(), cpu_seconds(os.getpid())
    while time.monotonic() - begun < seconds:
        await asyncio.sleep(random.expovariate(_RATE))
        for item in await asyncio.to_thread(farm.ask, "tick", feeds=1, relevant=1, seed=random.random()):
            published[item["url"]] = item["at"]
    worked = (cpu_seconds(os.getpid()) - cpu) / (time.monotonic() - begun)
    # Whatever is late is measured as late, up to a point.
    for _ in range(60):
        if all(url in noting.committed for url in published):
            break
        await asyncio.sleep(1)
    took = [noting.committed[url][0] - at for url, at in published.items() if url in noting.committed]
    cuts = quantiles(took, n=20)
    return Half(
        what=what,
        published=len(published),
        missed=len(published) - len(took),
        repeated=sum(len(noting.committed.get(url, ())) > 1 for url in published),
        p50=cuts[9],
        p95=cuts[18],
        worst=max(took),
        cpu=worked,
    )


def misses(well: Half, ill: Half) -> list[str]:
    """Return the bars that were missed, in words."""
    held = {
        f"p95 at most {EVERY + MARGIN} s": well.p95 <= EVERY + MARGIN,
        f"p95 beside ill hosts at most {WORSE} x that without": ill.p95 <= WORSE * well.p95,
        "every item once": not (well.missed or ill.missed or well.repeated or ill.repeated),
    }
    return [bar for bar, met in held.items() if not met]


def main() -> int:
    """Return 1 when a bar is missed."""
    options = argparse.ArgumentParser(prog="scripts/bench poll.latency", description="Measure publish to event.")
    options.add_argument("--feeds", type=int, default=1000)
    options.add_argument("--hosts", type=int, default=200)
    options.add_argument("--seconds", type=float, default=90, help="of each half")
    chosen = options.parse_args()
    logging.basicConfig(level=logging.CRITICAL)
    with (
        open_farm(feeds=chosen.feeds, hosts=min(chosen.hosts, chosen.feeds)) as farm,
        tempfile.TemporaryDirectory(prefix="latency-") as folder,
    ):
        halves = asyncio.run(
            measure(farm, write_config(farm, Path(folder)), seconds=chosen.seconds, settling=_SETTLING)
        )
    print(*halves, sep="\n")
    missed = misses(*halves)
    print(*(f"MISSED: {bar}" for bar in missed), sep="\n")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
