"""Keeping: a batch of documents goes into the archive, in the one transaction it is given."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, insert, select

from facts.document import Capture, Snapshot, WarcPlace, snapshot_id
from storage import fulltext
from storage.documents import committed_end
from storage.inserts import listed
from storage.naming import Filed, Prepared, file
from storage.rows import Fields, capture_fields, snapshot_fields, warc_place_of
from storage.tables import captures, recognitions, snapshots, unjudged
from storage.warc_folder import Appender

# Built once: building a statement costs more than running it.
_KEPT: Select[Any] = select(
    captures.c.id, captures.c.media_type, captures.c.file, captures.c.offset, captures.c.length
).where(captures.c.id.in_(listed(bindparam("ids"))))
_LAST = select(func.max(snapshots.c.seq))
_ADD_CAPTURE = insert(captures)
_ADD_SNAPSHOT = insert(snapshots)
_ADD_RECOGNITION = insert(recognitions)
_ADD_UNJUDGED = insert(unjudged).from_select(
    ["snapshot_id", "backlog", "seq"],
    select(snapshots.c.id, snapshots.c.backlog, snapshots.c.seq).where(snapshots.c.seq >= bindparam("first")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A capture as it stands in the archive."""

    id: str
    media_type: str
    place: WarcPlace


def keep(
    connection: Connection, appender: Appender, batch: Sequence[Prepared], *, backlog: bool, now: datetime
) -> list[Snapshot | None]:
    """Archive documents; None for each whose text is its latest version's. A small edit of backlog is backlog.

    Captures go to the disk before their rows; many documents share one capture, and its first writing stands.
    """
    filed = file(connection, batch, backlog=backlog)
    changed = {number: one for number, one in enumerate(filed) if one.version is not None}
    if not changed:
        return [None] * len(filed)
    wanted = {one.prepared.capture_id: one.prepared.document.capture for one in reversed(changed.values())}
    kept = keep_captures(connection, appender, wanted, now)
    made = {number: _snapshot(one, kept[one.prepared.capture_id]) for number, one in changed.items()}
    _add(connection, [snapshot_fields(made[number], one.prepared.capture_id) for number, one in changed.items()])
    _add_recognitions(connection, made.values())
    return [made.get(number) for number in range(len(filed))]


def next_seq(connection: Connection) -> int:
    """Return the number of the next snapshot: the write lock is held, so nobody else takes it meanwhile."""
    return (connection.execute(_LAST).scalar() or 0) + 1


def _add(connection: Connection, rows: Sequence[Fields]) -> None:
    first = next_seq(connection)
    connection.execute(_ADD_SNAPSHOT, [row | {"seq": seq} for seq, row in enumerate(rows, first)])
    fulltext.add(connection, first)
    connection.execute(_ADD_UNJUDGED, {"first": first})


def _add_recognitions(connection: Connection, made: Iterable[Snapshot]) -> None:
    rows = [{"snapshot_id": one.id, "recognised_by": one.recognised_by} for one in made if one.recognised_by]
    if rows:
        connection.execute(_ADD_RECOGNITION, rows)


def keep_captures(
    connection: Connection, appender: Appender, wanted: Mapping[str, Capture], now: datetime
) -> Mapping[str, Kept]:
    """Return the captures of these ids as they are archived, those that are new written first."""
    rows = connection.execute(_KEPT, {"ids": json.dumps(list(wanted))})
    kept = {row.id: Kept(id=row.id, media_type=row.media_type, place=warc_place_of(row)) for row in rows}
    new = {id_: capture for id_, capture in wanted.items() if id_ not in kept}
    places = appender.append(list(new.values()), now, partial(committed_end, connection))
    fields: list[Fields] = []
    for (id_, capture), place in zip(new.items(), places, strict=True):
        kept[id_] = Kept(id=id_, media_type=capture.media_type, place=place)
        fields.append(capture_fields(id_, capture, capture.body_digest, place))
    if fields:
        connection.execute(_ADD_CAPTURE, fields)
    return kept


def _snapshot(filed: Filed, kept: Kept) -> Snapshot:
    document, digest = filed.prepared.document, filed.prepared.digest
    assert filed.version is not None
    return Snapshot(
        id=snapshot_id(document.source, filed.url, filed.version, digest),
        source=document.source,
        url=filed.url,
        title=document.title,
        text=document.text,
        published_at=document.published_at,
        places=document.places,
        taken_at=document.capture.fetched_at,
        version=filed.version,
        digest=digest,
        body_digest=document.capture.body_digest,
        media_type=kept.media_type,
        warc=kept.place,
        capture_kind=document.capture.kind,
        parent=document.parent,
        scanned=document.scanned,
        recognised_by=document.recognised_by,
        backlog=filed.backlog,
    )
