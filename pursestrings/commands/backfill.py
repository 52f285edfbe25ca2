"""`pursestrings backfill`: the past of a source into the archive."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, redirect_stdout
from datetime import date
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from facts.errors import PursestringsError
from pursestrings.commands.options import DEFAULT_CONFIG, AsJson, ConfigFile, one_of, read_date
from pursestrings.commands.printing import counted, print_json, screen, shown
from pursestrings.logs import set_up
from pursestrings.opening import load_config, writing
from pursestrings.service import utc_now
from pursestrings.stanzas import Config
from pursestrings.wiring import open_pipeline
from scheduler.backfilling import Progress as Read
from scheduler.backfilling import backfill as read_back
from scheduler.backfilling import latest_day
from spiders.fetching import Historian
from storage.work import BackfillRow

Source = Annotated[str, typer.Argument(metavar="SOURCE", help="The source's name in the configuration.")]
Since = Annotated[str, typer.Option("--since", metavar="DATE", help="The first day, as 2017-08-01.")]
Until = Annotated[
    str | None,
    typer.Option("--until", metavar="DATE", help="The last day; two days ago when not said, as later ones are polled."),
]


def backfill(
    source: Source, since: Since, until: Until = None, as_json: AsJson = False, config: ConfigFile = DEFAULT_CONFIG
) -> None:
    """Read the past of a source into the archive; it alerts nobody, and goes on where it was stopped.

    Ends with 1 when it stopped before its end; the same command goes on from there.
    """
    settings = load_config(config, os.environ)
    set_up(settings)
    one_of([source], (one.name for one in settings.sources), "source", "SOURCE")
    first, last = read_date(since, "--since"), read_date(until, "--until")
    assert first is not None
    latest = latest_day(utc_now())
    if first > (last or latest):
        msg = f"{first} is after {last or latest}, the last day; later days are left to the polls"
        raise typer.BadParameter(msg, param_hint="--since")
    if last is not None and last > latest:
        msg = f"{last} is left to the polls, or what is news would come as backlog; the last day is {latest}"
        raise typer.BadParameter(msg, param_hint="--until")
    done = asyncio.run(_backfill(settings, source, first, last, as_json=as_json))
    _report(done, as_json=as_json)
    if done.stopped is not None:
        msg = f"stopped at {done.stopped}; the same command goes on from there"
        raise PursestringsError(msg)


async def _backfill(config: Config, source: str, since: date, until: date | None, *, as_json: bool) -> Read:
    with writing(config, utc_now()) as stores:
        async with open_pipeline(config, stores, clock=utc_now, jitter=random.random) as pipeline:
            if not isinstance(pipeline.spiders[source], Historian):
                kind = next(one.kind for one in config.sources if one.name == source)
                msg = f"a source of the kind {kind} has no past to read; it shows what is there now"
                raise PursestringsError(msg)
            row = stores.store.backfill(source, since, until) or BackfillRow(
                source=source, since=since, until=until or latest_day(utc_now()), at=utc_now()
            )
            with _shown(row, as_json=as_json) as tell:
                return await read_back(pipeline, row, utc_now, tell=tell)


@contextmanager
def _shown(row: BackfillRow, *, as_json: bool) -> Iterator[Callable[[Read], None]]:
    """Show a bar on a terminal, with its rate and the time that is left; nothing where it is piped."""
    console = Console(stderr=True)
    with redirect_stdout(sys.stderr) if as_json else nullcontext():
        if as_json or not console.is_terminal:
            yield lambda _: None
            return
        parts = (BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        with Progress(*parts, console=console, transient=True, redirect_stdout=sys.stdout.isatty()) as progress:
            task = progress.add_task(f"{row.source}: reading", total=None)
            begun = progress.get_time()

            def tell(read: Read) -> None:
                words, total = _words(read, progress.get_time() - begun, row.pages)
                progress.update(task, description=words, completed=read.row.pages, total=total)

            yield tell


def _words(read: Read, seconds: float, before: int) -> tuple[str, int | None]:
    """Return what the bar says, and the pages in all where they can be estimated."""
    pages = read.row.pages - before
    back = f"back to {read.reached:%Y-%m-%d}, " if read.reached else ""
    rate = f"{pages / seconds * 60:.0f} pages a minute" if seconds > 1 else ""
    if read.pages_left is None or not pages:
        return f"{back}{counted(read.row.documents, 'document')}, {rate}".rstrip(", "), None
    left = seconds / pages * read.pages_left
    ends = f", {left / 60:.0f} min left" if left >= 60 else f", {left:.0f} s left"  # noqa: PLR2004 (a minute)
    return f"{back}{counted(read.row.documents, 'document')}, {rate}{ends}", read.row.pages + read.pages_left


def _report(done: Read, *, as_json: bool) -> None:
    row = done.row
    if as_json:
        print_json(
            {
                "source": row.source,
                "since": row.since.isoformat(),
                "until": row.until.isoformat(),
                "pages": row.pages,
                "documents": row.documents,
                "new": done.new,
                "done": row.done,
                "error": done.stopped,
            }
        )
        return
    screen().print(
        shown(
            f"{row.source}, {row.since} to {row.until}: {counted(row.pages, 'page')}, "
            f"{counted(row.documents, 'document')}, {done.new:,} new or changed{'' if row.done else '; not at its end'}"
        )
    )
