"""`pursestrings deliveries`: the outbox."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Annotated

import typer

from archive.lookup import delivery_json
from facts.alert import Delivery, DeliveryState
from pursestrings.commands.options import DEFAULT_CONFIG, AsJson, ConfigFile
from pursestrings.commands.printing import columns, counted, moment, print_json, screen, shown
from pursestrings.opening import load_config, mending, reading

deliveries = typer.Typer(no_args_is_help=True, add_completion=False)

Limit = Annotated[int, typer.Option(min=1, max=1000, help="How many at the most.")]
Id = Annotated[str | None, typer.Argument(metavar="[ID]", help="A delivery's id, from `deliveries list`.")]
Channel = Annotated[str | None, typer.Option("--channel", metavar="NAME", help="All that this channel refused.")]
All = Annotated[bool, typer.Option("--all", help="All that any channel refused.")]
_STYLES = {DeliveryState.SENT: "green", DeliveryState.REFUSED: "bold red", DeliveryState.IN_DOUBT: "bold yellow"}


@deliveries.callback()
def group() -> None:
    """Look at what was told to whom, and send again what was refused."""


@deliveries.command("list")
def list_deliveries(limit: Limit = 50, as_json: AsJson = False, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """List the last deliveries, newest first."""
    with reading(load_config(config, os.environ)) as catalogue:
        rows = catalogue.deliveries(limit)
    if as_json:
        print_json([delivery_json(row) for row in rows])
    else:
        _print(rows)


@deliveries.command("retry")
def retry(
    id: Id = None,  # noqa: A002 the users' word
    channel: Channel = None,
    all_: All = False,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Make refused deliveries due again, once their cause is mended; a running service sends them at its next look."""
    if sum((id is not None, channel is not None, all_)) != 1:
        msg = "say which: an ID, --channel NAME or --all"
        raise typer.BadParameter(msg)
    with mending(load_config(config, os.environ)) as outbox:
        count = outbox.retry(datetime.now(UTC), delivery_id=id, channel=channel)
    screen().print(shown(_put_back(count)))


def _put_back(count: int) -> str:
    if count == 0:
        return "Nothing was refused."
    what = "1 refused delivery is" if count == 1 else f"{count:,} refused deliveries are"
    return f"{what} due again; the service sends what is due in a moment, or when `pursestrings run` starts it"


def _print(rows: list[Delivery]) -> None:
    console = screen()
    if not rows:
        console.print("Nobody was told anything yet.")
        return
    table = columns("id", "when (UTC)", "channel", "what", "state", "try", "receipt or error")
    for row in rows:
        table.add_row(
            shown(row.id, "cyan"),
            moment(row.at),
            shown(row.channel),
            shown(_what(row)),
            shown(row.state.replace("_", " "), _STYLES.get(row.state, "")),
            str(row.attempt),
            shown(row.receipt or row.error or ""),
        )
    console.print(table)


def _what(row: Delivery) -> str:
    if row.digest:
        return f"{row.digest.name} of {row.digest.local_date}"
    return counted(len(row.alert_ids), "alert")
