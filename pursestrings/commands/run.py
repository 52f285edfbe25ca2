"""`pursestrings run`: the service."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from concurrent.futures import ThreadPoolExecutor

from pursestrings.commands.options import DEFAULT_CONFIG, ConfigFile
from pursestrings.logs import set_up
from pursestrings.opening import load_config
from pursestrings.service import run_service, stop_on_signal
from pursestrings.stanzas import Config
from scheduler.service import MOST_FETCHES

#: Every visit and every page may sit in a parser, and every channel in a look-up: some are left for the archive.
_THREADS = 2 * MOST_FETCHES + 16
#: What was left running is cancelled, and may take this long to end, in seconds.
_LAST_GRACE = 1.0


def run(config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Run the service: watch the sources, alert the channels, serve the archive. Ends on SIGTERM or Ctrl-C.

    Without another configuration, `pursestrings init` writes one to start from.
    """
    settings = load_config(config, os.environ)
    set_up(settings)
    _until_stopped(settings)
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    # The archive is closed and all is said. An exit by the book would wait for every thread that sits in a look-up or
    # a parser, which nothing can interrupt: a supervisor would run out of patience and kill the process.
    os._exit(0)


def _until_stopped(config: Config) -> None:
    """Run the service's loop; as `asyncio.run`, but it waits for no thread at the end."""
    loop = asyncio.new_event_loop()
    loop.set_default_executor(ThreadPoolExecutor(_THREADS, thread_name_prefix="work"))
    try:
        loop.run_until_complete(_serve(config))
    finally:
        if left := asyncio.all_tasks(loop):
            for task in left:
                task.cancel()
            loop.run_until_complete(asyncio.wait(left, timeout=_LAST_GRACE))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


async def _serve(config: Config) -> None:
    await run_service(config, stop_on_signal())
