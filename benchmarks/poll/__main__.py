"""Polls one farm with Pursestrings, urlwatch and reader, and holds the figures to the bars.

    sh scripts/bench poll [--feeds 1000] [--reps 3] [--no-peers]

CPU counts, not wall: it means the same on a busy machine. Each contender starts from nothing: a cold pass, three warm
ones in which nothing changed, and one after 50 feeds of 1,000 published an item. Pursestrings and reader run in one
process for all; urlwatch is a command, and its start is part of each pass. Ends with 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.poll.bars import COLD, OURS, READER, TICK, URLWATCH, WARM, Bar, Figures, Runs, bars, cpu_of
from benchmarks.poll.config import write_config
from benchmarks.poll.peers import PeerPass, ReaderPasses, UrlwatchPasses, open_reader, open_urlwatch
from benchmarks.poll.running import FarmHandle, open_farm, open_worker

_PEERS: dict[str, Callable[[Path, Sequence[str]], AbstractContextManager[UrlwatchPasses | ReaderPasses]]] = {
    URLWATCH: open_urlwatch,
    READER: open_reader,
}
_ORDER = (COLD, WARM, WARM, WARM, TICK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """One farm, and the figures of every pass over it."""

    farm: FarmHandle
    #: Items published before a tick, each on a feed of its own.
    tick: int
    runs: dict[tuple[str, str], list[Figures]] = field(default_factory=lambda: defaultdict(list))

    def ours(self, folder: Path) -> None:
        """Run every pass of Pursestrings."""
        config = write_config(self.farm, folder)
        with open_worker([sys.executable, "-m", "benchmarks.poll.ours", str(config)]) as worker:
            for which in _ORDER:
                self._before(which)
                said = worker.tell("pass")
                if said["errors"]:
                    msg = f"{said['errors']} feeds could not be read; the log above names them"
                    raise SystemExit(msg)
                cpu = _all_but_backlog(said, which)
                self._note(OURS, which, PeerPass(cpu=cpu, found=said["snapshots"]), rss=said["peak"])

    def peer(self, name: str, folder: Path) -> None:
        """Run every pass of a peer."""
        with _PEERS[name](folder, self.farm.ask("urls")) as contender:
            for which in _ORDER:
                self._before(which)
                self._note(name, which, contender.run())

    def _before(self, which: str) -> None:
        if which == TICK:
            self.farm.ask("tick", feeds=self.tick, items=1, seed=random.random())
        self.farm.ask("reset")

    def _note(self, who: str, which: str, done: PeerPass, *, rss: float = 0.0) -> None:
        served = self.farm.ask("stats")
        figures = Figures(
            cpu=done.cpu,
            requests=served["requests"],
            bytes=served["bytes"],
            not_modified=served["by_status"].get("304", 0),
            unconditional=0 if which == COLD else served["unconditional"],
            found=done.found,
            rss=rss,
        )
        self.runs[who, which].append(figures)
        print(f"  {who:13} {which:5} {_words(figures)}", file=sys.stderr, flush=True)


def _all_but_backlog(said: Mapping[str, Any], which: str) -> float:
    # The judging of a backlog can wait, for what readers wait for is news; that of the other passes counts.
    return float(said["cpu_seconds"] + (0 if which == COLD else said["judging_cpu_seconds"]))


def _words(figures: Figures) -> str:
    memory = f", {figures.rss:.0f} MB resident" if figures.rss else ""
    return (
        f"{figures.cpu:7.2f} s CPU, {figures.requests:5} requests, {figures.not_modified:4} x 304, "
        f"{figures.bytes / 1e6:6.2f} MB in, {figures.found:5} new{memory}"
    )


def table(runs: Runs, held: Sequence[Bar]) -> str:
    """Return the run in words."""
    passes = (COLD, WARM, TICK)
    contenders = dict.fromkeys(who for who, _ in runs)
    return "\n".join(
        [
            f"{'median CPU seconds':20}" + "".join(f"{which:>9}" for which in passes),
            *(f"{who:20}" + "".join(f"{cpu_of(runs, who, which):9.2f}" for which in passes) for who in contenders),
            "",
            f"{'bar':55}{'measured':>10}{'at most':>10}",
            *(f"{bar.what:55}{bar.measured:10.2f}{bar.most:10.2f}{'' if bar.met else '   MISSED'}" for bar in held),
        ]
    )


def main() -> int:
    """Return 1 when a bar is missed."""
    options = argparse.ArgumentParser(prog="scripts/bench poll", description="Hold polling to its bars.")
    options.add_argument("--feeds", type=int, default=1000)
    options.add_argument("--hosts", type=int, default=200)
    options.add_argument("--reps", type=int, default=3)
    options.add_argument("--no-peers", action="store_true", help="measure Pursestrings alone")
    chosen = options.parse_args()
    with open_farm(feeds=chosen.feeds, hosts=min(chosen.hosts, chosen.feeds)) as farm:
        bench = Bench(farm=farm, tick=max(1, chosen.feeds // 20))
        for _ in range(chosen.reps):
            for name in (OURS, *(() if chosen.no_peers else _PEERS)):
                with tempfile.TemporaryDirectory(prefix="poll-") as folder:
                    if name == OURS:
                        bench.ours(Path(folder))
                    else:
                        bench.peer(name, Path(folder))
        offering = chosen.feeds - farm.ask("offers").get("none", 0)
    held = bars(bench.runs, published=bench.tick, offering=offering)
    print(table(bench.runs, held))
    return int(any(not bar.met for bar in held))


if __name__ == "__main__":
    sys.exit(main())
