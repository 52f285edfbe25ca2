"""The watch: what it counts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scheduler.stopwatch import Stopwatch

_WORK = "import time\nwhile time.process_time() < 0.3: pass\n"


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="without /proc only children that ended count")
def test_work_of_a_child_counts_while_it_runs_and_after() -> None:
    """Also that of a child's child; time only waited does not."""
    begun = Stopwatch.now()
    nested = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {_WORK!r}])\nprint(flush=True)\ninput()"
    with subprocess.Popen(
        [sys.executable, "-c", nested], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        running = Stopwatch.now()
        child.communicate("\n")
    ended = Stopwatch.now()

    assert running.cpu - begun.cpu >= 0.25
    assert ended.cpu - begun.cpu >= 0.25
    assert ended.wall > running.wall > begun.wall
