"""`pursestrings run`: the service."""

from __future__ import annotations

import asyncio
import os

from pursestrings.commands.options import DEFAULT_CONFIG, ConfigFile
from pursestrings.logs import set_up
from pursestrings.service import run_service
from pursestrings.wiring import load_config


def run(config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Run the service: watch the sources, alert the channels, serve the archive. Ends on SIGTERM or Ctrl-C."""
    settings = load_config(config, os.environ)
    set_up(settings)
    asyncio.run(run_service(settings))
