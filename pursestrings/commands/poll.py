"""`pursestrings poll`: look now, due or not."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, redirect_stdout
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from facts.errors import ConfigError
from pursestrings.commands.options import DEFAULT_CONFIG, AsJson, ConfigFile, one_of
from pursestrings.commands.printing import counted, print_json, screen
from pursestrings.logs import set_up
from pursestrings.opening import load_config, writing
from pursestrings.service import utc_now
from pursestrings.stanzas import Config
from pursestrings.wiring import open_pipeline
from scheduler.passes import Pass, run_pass

Sources = Annotated[
    list[str] | None, typer.Argument(metavar="SOURCE", help="Names of sources; all when none is named.")
]
Passes = Annotated[int, typer.Option(min=1, help="How many times to look.")]


def poll(
    sources: Sources = None, passes: Passes = 1, as_json: AsJson = False, config: ConfigFile = DEFAULT_CONFIG
) -> None:
    """Look at the sources now, due or not, and do all that follows; one line a pass.

    What a first visit brings is archived and alerts nobody. Ends with 1 when a source could not be read.
    """
    settings = load_config(config, os.environ)
    set_up(settings)
    known = [source.name for source in settings.sources]
    names = one_of(sources or known, known, "source", "SOURCE")
    if not names:
        msg = "there is no source to look at; add one as [sources.NAME]"
        raise ConfigError(msg, where=str(settings.path))
    errors = asyncio.run(_poll(settings, names, passes, as_json=as_json))
    if errors:
        raise typer.Exit(1)


async def _poll(config: Config, names: Sequence[str], passes: int, *, as_json: bool) -> int:
    """Return how many visits failed; the log names each."""
    errors = 0
    with writing(config, utc_now()) as stores:
        async with open_pipeline(config, stores, clock=utc_now, jitter=random.random) as pipeline:
            for number in range(1, passes + 1):
                rows = [stores.store.source(name) for name in names]
                with _working(f"Reading {counted(len(rows), 'source')}", as_json=as_json):
                    done = await run_pass(pipeline, rows, utc_now())
                errors += done.errors
                _report(number, done, as_json=as_json)
    return errors


@contextmanager
def _working(what: str, *, as_json: bool) -> Iterator[None]:
    """Show on a terminal that something happens; with `as_json` what console channels tell goes to stderr."""
    console = Console(stderr=True)
    with redirect_stdout(sys.stderr) if as_json else nullcontext():
        if as_json or not console.is_terminal:
            yield
            return
        # Rich takes stdout over while its line moves: a file that stdout goes to must get what is its own.
        with Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            redirect_stdout=sys.stdout.isatty(),
        ) as progress:
            progress.add_task(what, total=None)
            yield


def _report(number: int, done: Pass, *, as_json: bool) -> None:
    if as_json:
        print_json({"pass": number, **asdict(done)})
        return
    screen().print(
        f"pass {number}: {counted(done.sources, 'source')}, {counted(done.requests, 'request')}, "
        f"{counted(done.documents, 'document')}, {done.snapshots:,} new or changed, {counted(done.events, 'flag')}, "
        f"{counted(done.errors, 'error')}, {done.wall_seconds:.1f} s"
    )
