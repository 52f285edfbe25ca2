"""Whether memory stays flat: 20,000 polls of 1,000 feeds in one process, the classifier loaded.

    sh scripts/bench poll.memory [--feeds 1000] [--polls 20000]

Ends with 1 when the process ever holds more than 220 MB, or grew by more than 5 % between the first fifth of the polls
and the last.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.poll.bars import RSS_BAR
from benchmarks.poll.config import write_config
from benchmarks.poll.running import open_farm, open_worker

GROWTH = 1.05
#: Items published before each pass, so that all stages have work.
_TICK = 20


def growth(resident: Sequence[float]) -> float:
    """Return the last fifth of these as a share of the first, medians of both."""
    fifth = max(1, len(resident) // 5)
    return median(resident[-fifth:]) / median(resident[:fifth])


def main() -> int:
    """Return 1 when a bar is missed."""
    options = argparse.ArgumentParser(prog="scripts/bench poll.memory", description="Measure memory over many polls.")
    options.add_argument("--feeds", type=int, default=1000)
    options.add_argument("--hosts", type=int, default=200)
    options.add_argument("--polls", type=int, default=20_000)
    chosen = options.parse_args()
    resident: list[float] = []
    peak = 0.0
    with (
        open_farm(feeds=chosen.feeds, hosts=min(chosen.hosts, chosen.feeds)) as farm,
        tempfile.TemporaryDirectory(prefix="memory-") as folder,
        open_worker([sys.executable, "-m", "benchmarks.poll.ours", str(write_config(farm, Path(folder)))]) as worker,
    ):
        # The first pass brings the backlog, the second asks with validators for the first time.
        for number in range(-2, max(1, chosen.polls // chosen.feeds)):
            farm.ask("tick", feeds=min(_TICK, chosen.feeds), relevant=0.5, seed=number)
            said = worker.tell("pass")
            peak = max(peak, said["peak"])
            if number >= 0:
                resident.append(said["rss"])
                print(f"{(number + 1) * chosen.feeds:7} polls: {said['rss']:.1f} MB resident", flush=True)
    print(f"peak {peak:.0f} MB (at most {RSS_BAR:.0f}), growth x{growth(resident):.3f} (at most {GROWTH})")
    return int(peak > RSS_BAR or growth(resident) > GROWTH)


if __name__ == "__main__":
    sys.exit(main())
