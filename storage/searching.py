"""Look-ups over the archive: words and filters, newest first."""

from __future__ import annotations

import time as clock
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from facts.canary import CANARY
from storage import fulltext
from storage.documents import WHOLE, first_seen
from storage.fulltext import Rows
from storage.protocols import Hit, Search
from storage.query import Query, parse
from storage.rows import snapshot_of
from storage.snippet import snippet
from storage.stories import events_of
from storage.tables import event_places, events, snapshots

#: Further than this nobody counts.
COUNTED = 1000
#: A look-up may not take longer (docs/reliability.md, S19).
SECONDS = 2.0

_STATE = "state:"
# The instructions of SQLite's machine between two looks at the clock: about a millisecond.
_INSTRUCTIONS = 10_000
_BATCH = 500


def search(connection: Connection, search: Search) -> tuple[list[Hit], int]:
    """Return a page of documents and how many there are; of each, the latest version that matches.

    Days are days in UTC, of publication or else of capture. Words that hold nothing to look for find nothing.
    """
    query = parse(search.words)
    if query is None and search.words.strip():
        return [], 0
    with _limited(connection):
        seqs = _matching(connection, search, query)
        page = seqs[search.offset : search.offset + search.limit]
        return _hits(connection, page, query), min(len(seqs), COUNTED)


def _matching(connection: Connection, search: Search, query: Query | None) -> list[int]:
    """Return the seq of the latest matching version of each document, newest first, as far as is counted."""
    enough = max(COUNTED, search.offset + search.limit)
    seqs: dict[tuple[str, str], int] = {}
    rows = connection.execute(_found(search, query))
    for seq, source, url in rows:
        seqs.setdefault((source, url), seq)
        if len(seqs) == enough:
            break
    rows.close()
    return list(seqs.values())


def _found(search: Search, query: Query | None) -> Rows:
    found: Rows = select(snapshots.c.seq, snapshots.c.source, snapshots.c.url).select_from(snapshots)
    found = found.order_by(snapshots.c.seq.desc()) if query is None else fulltext.restrict(found, query)
    if search.labels or search.place_id is not None:
        found = found.where(snapshots.c.id.in_(_judged(search.labels, search.place_id)))
    of_source = snapshots.c.source != CANARY if search.source is None else snapshots.c.source == search.source
    found = found.where(of_source)
    day = func.coalesce(snapshots.c.published_at, snapshots.c.taken_at)
    if search.since is not None:
        found = found.where(day >= datetime.combine(search.since, time.min, UTC))
    if search.until is not None:
        found = found.where(day <= datetime.combine(search.until, time.max, UTC))
    return found


def _judged(labels: tuple[str, ...], place_id: str | None) -> Select[Any]:
    judged = select(events.c.snapshot_id)
    if labels:
        judged = judged.where(events.c.label.in_(labels))
    if place_id is not None:
        judged = judged.join_from(events, event_places).where(_place(place_id))
    return judged


def _place(place_id: str) -> ColumnElement[bool]:
    if place_id.startswith(_STATE):
        return event_places.c.state == place_id.removeprefix(_STATE)
    return event_places.c.place_id == place_id


def _hits(connection: Connection, seqs: list[int], query: Query | None) -> list[Hit]:
    # In batches: a statement takes only so many values.
    batches = (seqs[start : start + _BATCH] for start in range(0, len(seqs), _BATCH))
    return [hit for batch in batches for hit in _batch(connection, batch, query)]


def _batch(connection: Connection, seqs: list[int], query: Query | None) -> list[Hit]:
    rows = connection.execute(WHOLE.where(snapshots.c.seq.in_(seqs)).order_by(snapshots.c.seq.desc()))
    found = [snapshot_of(row) for row in rows]
    judged = events_of(connection, [snapshot.id for snapshot in found])
    seen = first_seen(connection, found)
    return [
        Hit(
            snapshot=each,
            events=judged.get(each.id, ()),
            snippet=snippet(each.text, query),
            first_seen=seen[each.id],
        )
        for each in found
    ]


@contextmanager
def _limited(connection: Connection) -> Iterator[None]:
    """Have SQLite stop a look-up that takes too long: it then raises an interrupt, which becomes StorageError."""
    driver = connection.connection.driver_connection
    assert driver is not None
    stop = clock.monotonic() + SECONDS
    driver.set_progress_handler(lambda: clock.monotonic() > stop, _INSTRUCTIONS)
    try:
        yield
    finally:
        driver.set_progress_handler(None, 0)
