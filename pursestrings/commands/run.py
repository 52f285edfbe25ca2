"""`pursestrings run`: the service."""

from __future__ import annotations

import asyncio
import os

from pursestrings.commands.options import DEFAULT_CONFIG, ConfigFile
from pursestrings.logs import set_up
from pursestrings.service import run_service, stop_on_signal
from pursestrings.stanzas import Config
from pursestrings.wiring import load_config


def run(config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Run the service: watch the sources, alert the channels, serve the archive. Ends on SIGTERM or Ctrl-C.

    Without another configuration, `pursestrings init` writes one to start from.
    """
    settings = load_config(config, os.environ)
    set_up(settings)
    asyncio.run(_run(settings))


async def _run(config: Config) -> None:
    await run_service(config, stop_on_signal())
