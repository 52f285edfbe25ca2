"""Fuzzes one target: `python -m tests.fuzz NAME --seconds 60`. Exits with 1 when it finds something."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: Seconds by the clock of one input, and megabytes of the process.
_LONGEST = 10
_MOST_MEMORY = 1024
_SEED = 20260806
#: Seconds beyond its time that a run may take to start and to end.
_SLACK = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How a run ended."""

    #: What libFuzzer said, with executions and coverage, and behind it what Python did.
    said: str
    #: The inputs that broke the target, kept; none when it held.
    broken: tuple[Path, ...]
    code: int


def fuzz(name: str, seconds: int) -> Run:
    """Fuzz one target in a process of its own; what it writes lies in a temporary folder, which stays if it found."""
    folder = Path(tempfile.mkdtemp(prefix=f"fuzz-{name}-"))
    options = (
        f"-max_total_time={seconds}",
        f"-timeout={_LONGEST}",
        f"-rss_limit_mb={_MOST_MEMORY}",
        f"-seed={_SEED}",
        "-print_final_stats=1",
    )
    command = [sys.executable, "-m", "tests.fuzz.driver", name, str(folder), *options]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, timeout=seconds + _SLACK, check=False
    )
    broken = tuple(sorted(folder.glob("found/*")))
    if not broken and done.returncode == 0:
        shutil.rmtree(folder)
    return Run(said=(done.stderr + done.stdout).decode("utf-8", "replace"), broken=broken, code=done.returncode)


def main() -> int:
    """Fuzz the target that the command line names, and print what it found."""
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    asked.add_argument("name", help="a key of TARGETS in tests/fuzz/targets.py")
    asked.add_argument("--seconds", type=int, default=60)
    options = asked.parse_args()
    if find_spec("atheris") is None:
        sys.exit("atheris is not installed: it has wheels for CPython 3.11 to 3.14 on Linux (x86-64) alone")
    run = fuzz(options.name, options.seconds)
    found = (f"{path}\n{path.read_bytes()[:2000]!r}\n" for path in run.broken)
    sys.stdout.writelines(("\n".join(run.said.splitlines()[-40:]), f"\nexit code {run.code}\n", *found))
    return int(run.code != 0 or bool(run.broken))


if __name__ == "__main__":
    sys.exit(main())
