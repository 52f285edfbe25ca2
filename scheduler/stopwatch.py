"""Stopwatch: how much time has passed, and how much of it this process and its children worked."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopwatch:
    """One reading; the difference of two is what counts."""

    #: CPU seconds, user and system.
    cpu: float
    #: Seconds of a clock that is never set.
    wall: float

    @classmethod
    def now(cls) -> Self:
        """Read it."""
        times = os.times()
        ended = times.children_user + times.children_system
        return cls(cpu=time.process_time() + ended + sum(map(_of, _children("self"))), wall=time.monotonic())


def _children(process: str) -> Iterator[str]:
    """Yield the ids of those that run for a process; of none where there is no /proc (macOS)."""
    for task in Path("/proc", process, "task").glob("*/children"):
        with suppress(OSError):
            yield from task.read_text("ascii").split()


def _of(process: str) -> float:
    """Return the CPU seconds of a process and of all that run or ran for it."""
    try:
        stat = Path("/proc", process, "stat").read_text("ascii", errors="replace")
    except OSError:  # it has just ended, and counts among the ended from now on
        return 0.0
    # Fields 14 to 17, own and ended children's; the second, the name, may hold anything between its parentheses.
    ticks = sum(map(int, stat.rpartition(")")[2].split()[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK") + sum(map(_of, _children(process)))
