"""R17: what the process holds stays the same over days of changes and failures."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scheduler.days import SOURCES, live

#: Samples until everything was used once: readers, connections, caches.
WARM = 2


async def test_R17_no_file_or_socket_is_left_open(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Over 459 polls of fifty sources, in which each of five kinds of trouble comes up, to within five."""
    caplog.set_level(logging.CRITICAL)
    samples = await live(tmp_path, 9)

    files = [sample.files for sample in samples]
    assert samples[-1].polls == 9 * (SOURCES + 1)
    assert max(files[1:]) - min(files[1:]) <= 5, files


@pytest.mark.nightly
def test_R17_memory_and_files_are_flat_over_thousands_of_polls() -> None:
    """Over 6,120 polls in 15 faked days: at most 10 % more memory than after warm-up, and five files."""
    command = [sys.executable, "-m", "tests.scheduler.days", "120"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=1200)
    assert done.returncode == 0, done.stderr
    samples = json.loads(done.stdout)[WARM:]
    memory, files = [rss for _, rss, _ in samples], [count for _, _, count in samples]

    assert samples[-1][0] > 5_000
    assert max(memory) <= 1.1 * memory[0], memory
    assert max(files) - min(files) <= 5, files
