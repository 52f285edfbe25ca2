"""`search`, `show` and `history`: archive look-ups."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Callable
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.lookup import CSV_HEADER, csv_row, history_json, hit_json, trace_json
from pursestrings.commands.options import DEFAULT_CONFIG, AsJson, ConfigFile, print_json, read_date, read_place
from pursestrings.wiring import load_config, reading
from storage.protocols import Hit, Search, Trace

Words = Annotated[str, typer.Argument(help='Words, "phrases", -not, OR. Empty: everything.')]
Label = Annotated[str | None, typer.Option(help="Only documents with this label.")]
PlaceName = Annotated[
    str | None, typer.Option("--place", help='Only documents of this place, as "Stockton, CA" or "CA".')
]
Since = Annotated[str | None, typer.Option(help="Archived on or after this date.")]
Until = Annotated[str | None, typer.Option(help="Archived on or before this date.")]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="How many at the most.")]
#: The catalogue counts no further.
COUNTED = 1000
AsCsv = Annotated[bool, typer.Option("--csv", help="Print CSV and nothing else.")]


def search(  # noqa: PLR0913, PLR0917 one parameter an option
    words: Words = "",
    label: Label = None,
    place: PlaceName = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = 20,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Search the archive, newest first."""
    where = read_place(place, "--place")
    query = Search(
        words=words,
        labels=(label,) if label else (),
        place_id=where.id if where else None,
        since=read_date(since, "--since"),
        until=read_date(until, "--until"),
        limit=limit,
    )
    with reading(load_config(config, os.environ)) as catalogue:
        hits, total = catalogue.search(query)
    if as_json:
        print_json({"total": total, "hits": [hit_json(hit) for hit in hits]})
    elif as_csv:
        csv.writer(sys.stdout).writerows([CSV_HEADER, *map(csv_row, hits)])
    else:
        _print_hits(hits, total)


def show(
    id: Annotated[str, typer.Argument(help="A document's id, or its first letters.")],  # noqa: A002 the word users know
    as_json: AsJson = False,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Show one archived document: what it says, why it was flagged, who was told."""
    with reading(load_config(config, os.environ)) as catalogue:
        trace = catalogue.trace(catalogue.snapshot(id).id)
    if as_json:
        print_json(trace_json(trace))
    else:
        _print_trace(trace)


def history(
    url: Annotated[str, typer.Argument(help="The document's address.")],
    as_json: AsJson = False,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """List every archived version of an address."""
    with reading(load_config(config, os.environ)) as catalogue:
        versions = catalogue.versions(url)
    if as_json:
        print_json(history_json(url, versions))
        return
    console = Console()
    for one in versions:
        console.print(Text(f"{one.id}  version {one.version}  {one.taken_at:%Y-%m-%d %H:%M} UTC  {one.title}"))
    if not versions:
        console.print(Text(f"the archive has no version of {url}"))
        raise typer.Exit(1)


def _print_hits(hits: list[Hit], total: int) -> None:
    console = Console()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("id", "first seen", "what", "title", "source"):
        table.add_column(heading, no_wrap=heading != "title")
    for hit in hits:
        labels = ", ".join(event.label for event in hit.events) or "-"
        one = hit.snapshot
        cells = (one.id[:10], f"{one.taken_at:%Y-%m-%d %H:%M}", labels, one.title, one.source)
        table.add_row(*(Text(cell) for cell in cells))
    console.print(table)
    console.print(Text(f"{len(hits)} of {total if total < COUNTED else f'{COUNTED:,} or more'}"))


def _print_trace(trace: Trace) -> None:
    put: Callable[[str], None] = lambda line: console.print(Text(line))  # noqa: E731 outside text is never markup
    console, one = Console(), trace.snapshot
    put(one.title)
    put(f"{one.url}\nsource {one.source}, version {one.version}, archived {one.taken_at:%Y-%m-%d %H:%M} UTC")
    put(f"sha256 {one.body_digest}, {one.warc.file} at {one.warc.offset}")
    for event in trace.events:
        put(f"\n{event.label} {event.score:.2f}: {', '.join(map(str, event.places)) or 'no place'}")
        if event.deadline:
            put(f"  due {event.deadline.date} ({event.deadline.phrase})")
        for quote in event.evidence:
            put(f"  “{quote.text}”")
    for delivery in trace.deliveries:
        what = delivery.receipt or delivery.error or ""
        put(f"told {delivery.channel}: {delivery.state}, {delivery.at:%Y-%m-%d %H:%M} UTC, {what}")
    put(f"\n{one.text}")
