"""`pursestrings poll`: look now, due or not."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console

from facts.errors import ConfigError
from pursestrings.commands.options import DEFAULT_CONFIG, AsJson, ConfigFile, print_json
from pursestrings.logs import set_up
from pursestrings.service import utc_now
from pursestrings.stanzas import Config
from pursestrings.wiring import load_config, open_pipeline, writing
from scheduler.passes import Pass, run_pass

Sources = Annotated[list[str] | None, typer.Argument(help="Names of sources; all when none is named.")]
Passes = Annotated[int, typer.Option(min=1, help="How many times to look.")]


def poll(
    sources: Sources = None, passes: Passes = 1, as_json: AsJson = False, config: ConfigFile = DEFAULT_CONFIG
) -> None:
    """Poll sources now, due or not, and run every stage behind them; one line a pass."""
    settings = load_config(config, os.environ)
    set_up(settings)
    names = sources or [source.name for source in settings.sources]
    unknown = sorted(set(names) - {source.name for source in settings.sources})
    if unknown:
        msg = f"no source is called {', '.join(unknown)}; the file has {', '.join(s.name for s in settings.sources)}"
        raise ConfigError(msg, where=str(settings.path))
    errors = asyncio.run(_poll(settings, names, passes, as_json=as_json))
    if errors:
        raise typer.Exit(1)


async def _poll(config: Config, names: Sequence[str], passes: int, *, as_json: bool) -> int:
    errors = 0
    with writing(config, utc_now()) as stores:
        async with open_pipeline(config, stores, clock=utc_now, jitter=random.random) as pipeline:
            for number in range(1, passes + 1):
                rows = [stores.store.source(name) for name in names]
                done = await run_pass(pipeline, rows, utc_now())
                errors = done.errors
                _report(number, done, as_json=as_json)
    return errors


def _report(number: int, done: Pass, *, as_json: bool) -> None:
    if as_json:
        print_json({"pass": number, **asdict(done)})
        return
    Console().print(
        f"pass {number}: {done.sources} sources, {done.requests} requests, {done.documents} documents, "
        f"{done.snapshots} new or changed, {done.events} flagged, {done.errors} errors, {done.wall_seconds:.1f} s",
        highlight=False,
    )
