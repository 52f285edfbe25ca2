"""`pursestrings deliveries`: the outbox."""

from __future__ import annotations

import os
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from archive.lookup import delivery_json
from pursestrings.commands.options import DEFAULT_CONFIG, AsJson, ConfigFile, print_json
from pursestrings.service import utc_now
from pursestrings.wiring import load_config, reading, writing

deliveries = typer.Typer(help="What was told to whom, and what could not be.", no_args_is_help=True)

Limit = Annotated[int, typer.Option(min=1, max=1000, help="How many at the most.")]


@deliveries.command("list")
def list_deliveries(limit: Limit = 50, as_json: AsJson = False, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """List the last deliveries, newest first."""
    with reading(load_config(config, os.environ)) as catalogue:
        rows = catalogue.deliveries(limit)
    if as_json:
        print_json([delivery_json(row) for row in rows])
        return
    console = Console()
    for row in rows:
        what = row.receipt or row.error or ""
        console.print(Text(f"{row.id}  {row.at:%Y-%m-%d %H:%M}  {row.channel}  {row.state}  try {row.attempt}  {what}"))


@deliveries.command("retry")
def retry(
    id: Annotated[str, typer.Argument(help="A delivery's id, from `deliveries list`.")],  # noqa: A002 the users' word
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Make a refused delivery due again, once its cause is mended: the service sends it when it next starts."""
    with writing(load_config(config, os.environ), utc_now()) as stores:
        stores.store.retry_delivery(id, utc_now())
    Console().print(Text(f"{id} is due again"))
