"""`pursestrings search`: documents of the archive, newest first."""

from __future__ import annotations

import csv
import os
import re
import sys
from typing import Annotated

import typer
from rich.padding import Padding
from rich.text import Text

from alerts.wording import label_words
from archive.lookup import CSV_HEADER, csv_row, hit_json
from pursestrings.commands.options import DEFAULT_CONFIG, AsJson, ConfigFile, one_of, read_date, read_place
from pursestrings.commands.printing import counted, moment, print_json, screen, shown
from pursestrings.opening import load_config, reading
from storage.protocols import Hit, Search

Words = Annotated[str, typer.Argument(metavar="WORDS", help='Words, "phrases", -not, OR. Empty: everything.')]
Labels = Annotated[list[str] | None, typer.Option("--label", help="Only documents with this label; may be repeated.")]
PlaceName = Annotated[str | None, typer.Option("--place", help='Only documents of "Stockton, CA", or of all of "CA".')]
Since = Annotated[str | None, typer.Option(metavar="DATE", help="Published, or else archived, on or after this day.")]
Until = Annotated[str | None, typer.Option(metavar="DATE", help="Published, or else archived, on or before this day.")]
SourceName = Annotated[
    str | None, typer.Option("--source", help='Only documents of this source; "canary" for the bot\'s own tests.')
]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="How many at the most.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print CSV and nothing else.")]
#: The catalogue counts no further.
COUNTED = 1000
#: What `show` is given here; the archive takes any unambiguous beginning of an id.
SHORT_ID = 10


def search(  # noqa: PLR0913, PLR0917 one parameter an option
    words: Words = "",
    label: Labels = None,
    place: PlaceName = None,
    since: Since = None,
    until: Until = None,
    source: SourceName = None,
    limit: Limit = 20,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Search the archive, newest first. Days and times are UTC."""
    settings = load_config(config, os.environ)
    where, first, last = read_place(place, "--place"), read_date(since, "--since"), read_date(until, "--until")
    if first and last and first > last:
        msg = f"{last} comes before --since {first}"
        raise typer.BadParameter(msg, param_hint="--until")
    if as_json and as_csv:
        msg = "choose one of --json and --csv"
        raise typer.BadParameter(msg, param_hint="--csv")
    query = Search(
        words=words,
        labels=one_of(label or (), (one.name for one in settings.labels), "label", "--label"),
        place_id=where.id if where else None,
        since=first,
        until=last,
        source=source,
        limit=limit,
    )
    with reading(settings) as catalogue:
        hits, total = catalogue.search(query)
    if as_json:
        print_json({"total": total, "hits": [hit_json(hit) for hit in hits]})
    elif as_csv:
        csv.writer(sys.stdout).writerows([CSV_HEADER, *map(csv_row, hits)])
    else:
        _print(hits, total)


def _print(hits: list[Hit], total: int) -> None:
    console = screen()
    if not hits:
        console.print("Nothing found.")
        return
    for hit in hits:
        one = hit.snapshot
        head = (shown(one.id[:SHORT_ID], "cyan"), Text(moment(one.taken_at)), shown(one.source))
        labels = [Text(label_words(name), "bold yellow") for name in dict.fromkeys(event.label for event in hit.events)]
        console.print(Text("  ").join([*head, *labels]))
        console.print(Padding(shown(one.title, "bold"), (0, 0, 0, 2), expand=False))
        console.print(Padding(_passage(hit), (0, 0, 0, 2), expand=False))
        console.print()
    of = f"{COUNTED:,} or more documents" if total >= COUNTED else counted(total, "document")
    console.print(f"{len(hits):,} of {of}, newest first, times in UTC. All of one: pursestrings show ID", style="dim")


def _passage(hit: Hit) -> Text:
    passage = Text(style="dim")
    for words, found in hit.snippet:
        # `shown` would take the blanks at a piece's ends away.
        before, after = re.match(r"\s*", words), re.search(r"\s*$", words)
        passage.append(" " if before and before[0] else "")
        passage.append(shown(words).plain, "bold" if found else "")
        passage.append(" " if after and after[0] else "")
    return passage
