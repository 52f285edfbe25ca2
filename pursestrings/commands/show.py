"""`pursestrings show`: all of one archived document."""

from __future__ import annotations

import os
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from alerts.plain import line
from alerts.wording import certainty, deadline_words, label_words
from archive.lookup import trace_json
from classifier.additions import additions
from facts.alert import Delivery
from facts.document import Removal, Snapshot, dated_ahead
from facts.event import Event
from pursestrings.commands.options import DEFAULT_CONFIG, AsJson, ConfigFile
from pursestrings.commands.printing import columns, facts, moment, print_json, screen, shown
from pursestrings.logs import escape
from pursestrings.opening import load_config, reading
from storage.protocols import Trace

Id = Annotated[str, typer.Argument(metavar="ID", help="A document's id, or at least six of its first characters.")]


def show(id: Id, as_json: AsJson = False, config: ConfigFile = DEFAULT_CONFIG) -> None:  # noqa: A002 the users' word
    """Show one archived document: where it is kept, why it was flagged, who was told, and its text."""
    with reading(load_config(config, os.environ)) as catalogue:
        trace = catalogue.trace(catalogue.snapshot(id).id)
    if as_json:
        print_json(trace_json(trace))
        return
    console = screen()
    for part in _parts(trace):
        console.print(part)


def _parts(trace: Trace) -> Iterator[RenderableType]:
    yield from _head(trace.snapshot, trace.first_seen)
    for event in trace.events:
        yield from _event(event)
    if not trace.events and not trace.snapshot.removed:
        yield Text("\nNot flagged.", "dim")
    if trace.deliveries:
        yield from _deliveries(trace.deliveries)
    yield Text()
    yield from _text(trace)


def _text(trace: Trace) -> Iterator[RenderableType]:
    """Yield the text; the lines in which its original has something added begin with a plus sign."""
    original, text = trace.original, trace.snapshot.text
    added = additions(original.text, text) if original else ()
    if original:
        news = "what it adds is marked +" if added else "it adds nothing"
        yield Text(f"The text is that of {original.id}, {line(original.title)} ({original.source}); {news}.", "dim")
        yield Text()
    starts, at = [start for start, _ in added], 0
    # Not `shown`, which cuts a long line off: of evidence every word counts.
    for paragraph in text.split("\n"):
        end = at + len(paragraph)
        has_new = bisect_left(starts, at) < bisect_right(starts, end)
        yield Text(f"+ {escape(paragraph)}", "green") if has_new else Text(escape(paragraph))
        at = end + 1


def _head(one: Snapshot, first_seen: datetime) -> Iterator[RenderableType]:
    yield shown(one.title, "bold")
    yield facts(
        [
            ("id", one.id),
            ("address", one.url),
            ("source", one.source),
            ("version", f"{one.version}, of a first visit: nobody was alerted" if one.backlog else str(one.version)),
            ("claimed", _claimed(one.published_at, first_seen)),
            ("first seen", f"{moment(first_seen)} UTC"),
            ("archived", f"{moment(one.taken_at)} UTC"),
            ("removed", _removed(one.removed)),
            ("capture", f"{one.warc.file} at {one.warc.offset}"),
            ("sha256", one.body_digest),
            ("text", _scan(one)),
        ]
    )


def _scan(one: Snapshot) -> str:
    if one.recognised_by:
        return f"a scan, its words recognised by {one.recognised_by}"
    return ("a scan, of which little could be read" if one.text else "a scan without text") if one.scanned else ""


def _claimed(published_at: datetime | None, first_seen: datetime) -> str:
    """Return the date that the source gives, which is no date of ours."""
    if published_at is None:
        return "no date"
    ahead = ", dated ahead of the day it was seen" if dated_ahead(published_at, first_seen) else ""
    return f"{moment(published_at)} UTC{ahead}"


def _removed(removed: Removal | None) -> str:
    if removed is None:
        return ""
    bounds = f"last found {moment(removed.last_seen)} UTC, missing since {moment(removed.missing_since)} UTC"
    return f"{bounds}: {removed.found}"


def _event(event: Event) -> Iterator[RenderableType]:
    yield Text(f"\n{label_words(event.label)}  ", "bold yellow").append(
        f"{event.score:.2f}, {certainty(event.score)} certainty", "not bold"
    )
    yield facts(
        [
            ("places", "; ".join(f"{place} ({place.role})" for place in event.places)),
            ("answers", "; ".join(f"{stance.place} {stance.stance}" for stance in event.stances)),
            ("agency", "; ".join(event.agencies)),
            ("program", "; ".join(event.programs)),
            ("deadline", deadline_words(event.deadline) if event.deadline else ""),
            ("conditions", "; ".join(condition.replace("_", " ") for condition in event.conditions)),
            *(("evidence", f"“{quote.text}”") for quote in event.evidence),
        ]
    )


def _deliveries(deliveries: tuple[Delivery, ...]) -> Iterator[RenderableType]:
    yield Text("\nTold", "bold")
    table = columns("when (UTC)", "channel", "state", "receipt or error")
    for one in deliveries:
        table.add_row(moment(one.at), shown(one.channel), str(one.state), shown(one.receipt or one.error or ""))
    yield table
