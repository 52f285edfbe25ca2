"""Processes of a benchmark: started, told to do one thing at a time, measured and ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

#: The folder that holds `benchmarks`.
ROOT = Path(__file__).parents[2]
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class FarmHandle:
    """A farm in a process of its own."""

    port: int
    pid: int

    def ask(self, verb: str, **query: object) -> Any:  # noqa: ANN401 (whatever JSON holds)
        """Tell the farm something; see `benchmarks.poll.farm`."""
        with urlopen(f"http://127.0.0.1:{self.port}/farm/{verb}?{urlencode(query)}", timeout=60) as answer:
            return json.load(answer)


@contextmanager
def open_farm(*, feeds: int, hosts: int = 200, seed: int = 1) -> Iterator[FarmHandle]:
    """Run a farm for the block."""
    command = [sys.executable, "-m", "benchmarks.poll.farm", f"--feeds={feeds}", f"--hosts={hosts}", f"--seed={seed}"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            word, _, port = process.stdout.readline().strip().partition(" ")
            if word != "ready":
                msg = "the farm did not start; are the addresses 127.1.0.1 and on loopback here? (Linux: yes)"
                raise SystemExit(msg)
            yield FarmHandle(port=int(port), pid=process.pid)
        finally:
            process.terminate()


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A process that does one thing for each line it gets, and answers each with a line of JSON."""

    process: subprocess.Popen[str]

    def tell(self, line: str) -> dict[str, Any]:
        """Have it do something; return what it answers."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            msg = f"{' '.join(map(str, self.process.args[:4]))} ended: see above"  # type: ignore[index]
            raise SystemExit(msg)
        read: dict[str, Any] = json.loads(answer)
        return read


@contextmanager
def open_worker(command: Sequence[str], **environment: str) -> Iterator[Worker]:
    """Run a worker for the block."""
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    ) as process:
        try:
            yield Worker(process=process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(timeout=60)


def cpu_seconds(pid: int) -> float:
    """Return the CPU time of a process and of all its children, those that ended included (Linux)."""
    return sum(_cpu(each) for each in [pid, *_descendants(pid)])


def rss_megabytes(pid: int) -> float:
    """Return the resident memory of a process alone (Linux)."""
    return _status(pid, "VmRSS") / 1024


def peak_megabytes(pid: int) -> float:
    """Return the most that was resident of a process alone (Linux)."""
    return _status(pid, "VmHWM") / 1024


def _status(pid: int, key: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{key}:"))


def _cpu(pid: int) -> float:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("ascii", errors="replace")
    except OSError:
        return 0.0
    # After the name in parentheses: utime, stime, cutime and cstime are fields 14 to 17.
    fields = stat.rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICKS


def _descendants(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text("ascii").split()):
            yield child
            yield from _descendants(child)
