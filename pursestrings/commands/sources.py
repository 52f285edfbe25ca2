"""`pursestrings sources`: what is watched, and how it fares."""

from __future__ import annotations

import os

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.lookup import source_json
from pursestrings.commands.options import DEFAULT_CONFIG, AsJson, ConfigFile, print_json
from pursestrings.wiring import load_config, reading

sources = typer.Typer(help="Sources and their health.", no_args_is_help=True)


@sources.command("list")
def list_sources(as_json: AsJson = False, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """List every source with its state, its last good visit, its next poll and its last error."""
    settings = load_config(config, os.environ)
    named = {source.name for source in settings.sources}
    with reading(settings) as catalogue:
        rows = [row for row in catalogue.sources() if row.name in named]
    if as_json:
        print_json([source_json(row) for row in rows])
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("source", "state", "last ok", "next poll", "error"):
        table.add_column(heading)
    for row in rows:
        ok = f"{row.last_ok_at:%Y-%m-%d %H:%M}" if row.last_ok_at else "never"
        cells = (row.name, str(row.state), ok, f"{row.next_poll_at:%Y-%m-%d %H:%M}", row.last_error or "")
        table.add_row(*(Text(cell) for cell in cells))
    Console().print(table)
