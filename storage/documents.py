"""Documents: captures, snapshots and their versions. Every function runs in the transaction it is given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select, tuple_

from facts.document import Capture, Snapshot
from facts.errors import NotFound
from facts.identity import ID_LENGTH
from storage.columns import storable
from storage.naming import moved_to
from storage.rows import capture_of, snapshot_of, warc_place_of
from storage.tables import captures, recognitions, removals, snapshots, unjudged
from storage.warc_folder import WarcFolder

#: The shortest beginning of an id that is looked up.
SHORTEST_ID = 6

#: Snapshots with their captures, removals and recognitions: what `rows.snapshot_of` reads.
WHOLE: Select[Any] = select(
    snapshots,
    captures.c.kind,
    captures.c.body_digest,
    captures.c.media_type,
    captures.c.file,
    captures.c.offset,
    captures.c.length,
    removals.c.last_seen,
    removals.c.missing_since,
    removals.c.found,
    recognitions.c.recognised_by,
).select_from(
    snapshots.join(captures)
    .outerjoin(removals, removals.c.snapshot_id == snapshots.c.id)
    .outerjoin(recognitions, recognitions.c.snapshot_id == snapshots.c.id)
)

_END = (
    select(captures.c.offset + captures.c.length)
    .where(captures.c.file == bindparam("name"))
    .order_by(captures.c.offset.desc())
    .limit(1)
)


def committed_end(connection: Connection, file: str) -> int:
    """Return the last committed byte of one WARC file."""
    return connection.execute(_END, {"name": file}).scalar() or 0


def committed_ends(connection: Connection) -> dict[str, int]:
    """Return the last committed byte of every WARC file."""
    last = select(captures.c.file, func.max(captures.c.offset).label("offset")).group_by(captures.c.file).subquery()
    of_last = (captures.c.file == last.c.file) & (captures.c.offset == last.c.offset)
    rows = connection.execute(select(captures.c.file, captures.c.offset + captures.c.length).join(last, of_last))
    return {row[0]: row[1] for row in rows}


def awaiting_judgement(connection: Connection, limit: int) -> list[Snapshot]:
    """Return snapshots that no model has judged, news before backlog, oldest first."""
    waiting = WHOLE.join(unjudged, unjudged.c.snapshot_id == snapshots.c.id)
    rows = waiting.order_by(unjudged.c.backlog, unjudged.c.seq).limit(limit)
    return [snapshot_of(row) for row in connection.execute(rows)]


def beginning(prefix: str) -> str:
    """Return the beginning of an id as ids are written, or raise NotFound where it is none."""
    wanted = prefix.lower()
    if not re.fullmatch(rf"[0-9a-f]{{{SHORTEST_ID},{ID_LENGTH}}}", wanted):
        msg = f"{prefix!r} is no id: give at least {SHORTEST_ID} of its characters, 0-9 and a-f"
        raise NotFound(msg)
    return wanted


def find(connection: Connection, prefix: str) -> Snapshot:
    """Return the snapshot whose id begins so."""
    wanted = beginning(prefix)
    # "g" is the first character after every hex digit.
    range_ = (snapshots.c.id >= wanted, snapshots.c.id < wanted + "g")
    rows = connection.execute(WHOLE.where(*range_).limit(2)).all()
    if len(rows) != 1:
        msg = f"{prefix!r} begins more than one id; give more of it" if rows else f"no snapshot has the id {prefix!r}"
        raise NotFound(msg)
    return snapshot_of(rows[0])


def versions(connection: Connection, url: str) -> list[Snapshot]:
    """Return every version of an address, of every source that carries it, oldest first.

    For an address, or the twin of one, that a document moved to, those of the document.
    """
    return _versions(connection, [url]) or _versions(connection, moved_to(connection, storable(url)))


def _versions(connection: Connection, urls: list[str]) -> list[Snapshot]:
    rows = WHOLE.where(snapshots.c.url.in_(urls)).order_by(snapshots.c.seq)
    return [snapshot_of(row) for row in connection.execute(rows)]


def first_seen(connection: Connection, found: Sequence[Snapshot]) -> dict[str, datetime]:
    """Return when the first version of each snapshot's document was taken, by the snapshot's id."""
    later = [one for one in found if one.version > 1]
    first = select(snapshots.c.source, snapshots.c.url, snapshots.c.taken_at).where(
        snapshots.c.version == 1, tuple_(snapshots.c.source, snapshots.c.url).in_([(o.source, o.url) for o in later])
    )
    taken = {(row.source, row.url): row.taken_at for row in connection.execute(first)} if later else {}
    return {one.id: taken.get((one.source, one.url), one.taken_at) for one in found}


def capture(connection: Connection, folder: WarcFolder, snapshot: Snapshot) -> Capture:
    """Read the capture of a snapshot back and check it."""
    wanted = select(captures).join_from(captures, snapshots).where(snapshots.c.id == snapshot.id)
    row = connection.execute(wanted).one_or_none()
    if row is None:
        msg = f"no snapshot has the id {snapshot.id!r}"
        raise NotFound(msg)
    return capture_of(row, folder.body(warc_place_of(row), row.url, row.body_digest))
