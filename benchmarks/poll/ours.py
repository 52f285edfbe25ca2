"""The worker that polls with Pursestrings: one process, one pass for each line it gets.

    python -m benchmarks.poll.ours CONFIG

It answers each line with one of JSON: what the pass counted, CPU seconds of the process and its children until all was
read and kept (`cpu_seconds`) and for the judging behind it (`judging_cpu_seconds`), and the process's resident memory.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from contextlib import redirect_stdout
from dataclasses import asdict
from pathlib import Path

from benchmarks.poll.running import peak_megabytes, rss_megabytes
from pursestrings.opening import load_config, writing
from pursestrings.service import utc_now
from pursestrings.wiring import open_pipeline
from scheduler.passes import run_pass


async def work(path: Path) -> None:
    """Serve the lines of stdin until it ends."""
    config = load_config(path, os.environ)
    with writing(config, utc_now()) as stores:
        async with open_pipeline(config, stores, clock=utc_now, jitter=random.random) as pipeline:
            while await asyncio.to_thread(sys.stdin.readline):
                # The console channel prints what it is told.
                with redirect_stdout(sys.stderr):
                    done = await run_pass(pipeline, stores.catalogue.sources(), utc_now())
                own = {"rss": rss_megabytes(os.getpid()), "peak": peak_megabytes(os.getpid())}
                print(json.dumps({**asdict(done), **own}), flush=True)


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1])))
