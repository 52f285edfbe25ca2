"""`pursestrings sources`: what is watched, and how it fares."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import typer

from archive.lookup import source_json
from pursestrings.commands.options import DEFAULT_CONFIG, AsJson, ConfigFile
from pursestrings.commands.printing import columns, counted, moment, print_json, screen, shown
from pursestrings.commands.source_lists import export, import_opml
from pursestrings.commands.source_probe import probe
from pursestrings.opening import load_config, reading
from storage.work import SourceRow, SourceState

sources = typer.Typer(no_args_is_help=True, add_completion=False)
_STYLES = {SourceState.NEW: "dim", SourceState.OK: "green", SourceState.FAILING: "bold red"}


@sources.callback()
def group() -> None:
    """Look at the sources and how they fare."""


@sources.command("list")
def list_sources(as_json: AsJson = False, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """List every source with its state, its last good visit, its next poll and its last error."""
    settings = load_config(config, os.environ)
    with reading(settings) as catalogue:
        known = {row.name: row for row in catalogue.sources()}
    now = datetime.now(UTC)
    # A source that no process has registered yet is due as soon as one does.
    rows = [known.get(one.name) or SourceRow(name=one.name, next_poll_at=now) for one in settings.sources]
    if as_json:
        print_json([source_json(row) for row in rows])
    else:
        _print(rows)


sources.command("probe")(probe)
sources.command("import")(import_opml)
sources.command("export")(export)


def _print(rows: list[SourceRow]) -> None:
    console = screen()
    table = columns("source", "state", "last read (UTC)", "next poll (UTC)", "last error")
    for row in rows:
        state = f"failed {row.failures}x" if row.failures and row.state is not SourceState.FAILING else str(row.state)
        table.add_row(
            shown(row.name),
            shown(state, _STYLES[row.state]),
            moment(row.last_ok_at) or "never",
            moment(row.next_poll_at),
            shown(row.last_error or "-"),
        )
    console.print(table)
    failing = sum(row.state is SourceState.FAILING for row in rows)
    console.print(f"{counted(len(rows), 'source')}, {failing} failing", style="dim")
