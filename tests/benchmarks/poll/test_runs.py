"""The benchmarks run, on a small farm and without peers."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.poll import __main__ as passes
from benchmarks.poll import latency, memory
from benchmarks.poll.config import write_config
from benchmarks.poll.running import cpu_seconds, open_farm, open_worker
from tests.pursestrings.commands.desk import run


def test_ten_feeds_are_polled_and_meet_the_bars_that_need_no_peer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command ends well and prints its table."""
    monkeypatch.setattr(sys, "argv", ["poll", "--feeds", "10", "--reps", "1", "--hosts", "3", "--no-peers"])

    assert passes.main() == 0
    said = capsys.readouterr()
    assert "main process: peak resident MB" in said.out
    assert said.err.count("pursestrings") == 5
    assert "250 new" in said.err.splitlines()[0]


def test_the_config_of_a_farm_serves_the_acceptance_command(tmp_path: Path) -> None:
    """`poll --passes 3 --json` over the farm: everything once, then 304."""
    with open_farm(feeds=4, hosts=2) as farm:
        config = write_config(farm, tmp_path)
        result = run("poll", "--passes", "3", "--json", "--config", config)

    assert result.exit_code == 0, result.output
    assert result.stdout.count('"snapshots": 100') == 1
    assert result.stdout.count('"snapshots": 0') == 2


def test_a_worker_that_ends_is_told() -> None:
    """No pass is taken for one that was never made."""
    with open_worker([sys.executable, "-c", "input()"]) as worker, pytest.raises(SystemExit, match="ended"):
        worker.tell("pass")


def test_cpu_of_a_process_counts_its_children() -> None:
    """A worker that has a child do the work."""
    work = "import time\nwhile time.process_time() < 0.3: pass"
    child = f"subprocess.run([sys.executable, '-c', {work!r}])"
    script = f"import subprocess, sys\ninput()\n{child}\nprint('{{}}', flush=True)\ninput()"
    with open_worker([sys.executable, "-c", script]) as worker:
        worker.tell("work")

        assert cpu_seconds(worker.process.pid) >= 0.25
        worker.process.communicate("\n")


async def test_latency_is_measured_from_publication_to_event(tmp_path: Path) -> None:
    """A few seconds of it, and every item becomes one event, also beside ill hosts."""
    with open_farm(feeds=8, hosts=4) as farm:
        config = write_config(farm, tmp_path, every="1s", timeout="2s")
        well, ill = await asyncio.wait_for(latency.measure(farm, config, seconds=2, settling=0.5), 100)

    assert min(well.published, ill.published) > 1
    assert (well.missed, well.repeated, ill.missed, ill.repeated) == (0, 0, 0, 0)
    assert 0 < well.p50 <= well.p95


def test_latency_is_held_to_its_bars() -> None:
    """Each can be missed."""
    well = latency.Half(what="", published=9, missed=0, repeated=0, p50=2, p95=5.4, worst=6, cpu=0.1)

    assert latency.misses(well, replace(well, p95=5.9)) == []
    assert latency.misses(replace(well, p95=5.6), well) == ["p95 at most 5.5 s"]
    assert latency.misses(well, replace(well, p95=6.0)) == ["p95 beside ill hosts at most 1.1 x that without"]
    assert latency.misses(well, replace(well, missed=1)) == ["every item once"]
    assert latency.misses(replace(well, repeated=1), well) == ["every item once"]


def test_growth_compares_the_last_fifth_with_the_first() -> None:
    """Medians of both."""
    assert memory.growth([100, 100, 50, 50, 50, 50, 50, 50, 110, 110]) == pytest.approx(1.1)
