"""What commands print: JSON for scripts; for people, lines in which outside text can do nothing but be read."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from alerts.plain import line

#: A pipe has no width: whatever reads it breaks lines itself.
_NO_WIDTH = 100_000


def print_json(value: object) -> None:
    """Print one JSON document on a line of its own."""
    try:
        sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    except UnicodeEncodeError:
        # An old terminal, or a lone surrogate: JSON has an escape for each.
        sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def screen(*, stderr: bool = False) -> Console:
    """Return stdout, or stderr, as wide as its terminal; in a pipe no line is broken."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, width=None if stream.isatty() else _NO_WIDTH, highlight=False, emoji=False)


def shown(text: str, style: str = "") -> Text:
    """Return outside text as one line: no markup, no control characters, nothing invisible."""
    return Text(line(text), style)


def facts(rows: Iterable[tuple[str, str]]) -> Padding:
    """Return terms with their values, indented; those without a value are left out."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for term, value in rows:
        if value:
            table.add_row(term, shown(value))
    return Padding(table, (0, 0, 0, 2), expand=False)


def columns(*headings: str) -> Table:
    """Return an empty table with these headings, of which the last takes what room is left."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in headings[:-1]:
        table.add_column(escape(heading), no_wrap=True)
    table.add_column(escape(headings[-1]), overflow="fold")
    return table


def moment(at: datetime | None) -> str:
    """Return a time in UTC, to the minute; "" for None."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}" if at else ""


def counted(number: int, what: str) -> str:
    """Return "1 source", "2 sources"."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
