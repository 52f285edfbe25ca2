"""Documents: captures, snapshots and their versions. Every function runs in the transaction it is given."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, insert, select

from facts.document import Capture, CaptureKind, Document, Snapshot, WarcPlace, is_backlog, next_version, snapshot_id
from facts.errors import NotFound
from facts.identity import ID_LENGTH, make_id
from storage import fulltext
from storage.rows import capture_fields, capture_of, clean_document, snapshot_fields, snapshot_of, warc_place_of
from storage.tables import captures, snapshots, unjudged
from storage.warc_folder import Appender, WarcFolder

#: The shortest beginning of an id that is looked up.
SHORTEST_ID = 6

#: Snapshots with their captures: what `rows.snapshot_of` reads.
WHOLE: Select[Any] = select(
    snapshots,
    captures.c.kind,
    captures.c.body_digest,
    captures.c.media_type,
    captures.c.file,
    captures.c.offset,
    captures.c.length,
).join_from(snapshots, captures)

# Built once: `keep` runs for every document, and building a statement costs more than running it.
_LATEST = (
    WHOLE.where(snapshots.c.source == bindparam("of"), snapshots.c.url == bindparam("at"))
    .order_by(snapshots.c.version.desc())
    .limit(1)
)
_KEPT = select(captures).where(captures.c.id == bindparam("kept"))
_END = (
    select(captures.c.offset + captures.c.length)
    .where(captures.c.file == bindparam("name"))
    .order_by(captures.c.offset.desc())
    .limit(1)
)
_ADD_CAPTURE = insert(captures)
_ADD_SNAPSHOT = insert(snapshots).returning(snapshots.c.seq)
_ADD_UNJUDGED = insert(unjudged)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A document ready to be kept: what costs time was done before the transaction."""

    document: Document
    digest: str


def prepare(document: Document) -> Prepared:
    """Make the document storable, and its digest."""
    document = clean_document(document)
    return Prepared(document=document, digest=document.digest)


def keep(
    connection: Connection, appender: Appender, prepared: Prepared, *, backlog: bool, now: datetime
) -> Snapshot | None:
    """Archive a document; None when its text is the latest version's. A small edit of a backlog version is backlog.

    The capture goes to the disk before its row; many documents share one capture, and its first writing stands.
    """
    document = prepared.document
    latest = _latest(connection, document.source, document.url)
    version = next_version(prepared.digest, latest)
    if version is None:
        return None
    backlog = is_backlog(document, latest, backlog=backlog)
    kept = _kept(connection, appender, document.capture, now)
    snapshot = _snapshot(prepared, version, kept, backlog=backlog)
    seq = connection.execute(_ADD_SNAPSHOT, snapshot_fields(snapshot, kept.id)).scalar_one()
    fulltext.add(connection, seq, snapshot.title, snapshot.text)
    connection.execute(_ADD_UNJUDGED, {"snapshot_id": snapshot.id, "backlog": backlog, "seq": seq})
    return snapshot


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
    rows = WHOLE.join(unjudged).order_by(unjudged.c.backlog, unjudged.c.seq).limit(limit)
    return [snapshot_of(row) for row in connection.execute(rows)]


def find(connection: Connection, prefix: str) -> Snapshot:
    """Return the snapshot whose id begins so."""
    wanted = prefix.lower()
    if not re.fullmatch(rf"[0-9a-f]{{{SHORTEST_ID},{ID_LENGTH}}}", wanted):
        msg = f"{prefix!r} is no id: give at least {SHORTEST_ID} of its characters, 0-9 and a-f"
        raise NotFound(msg)
    # "g" is the first character after every hex digit.
    range_ = (snapshots.c.id >= wanted, snapshots.c.id < wanted + "g")
    rows = connection.execute(WHOLE.where(*range_).limit(2)).all()
    if len(rows) != 1:
        msg = f"{prefix!r} begins more than one id; give more of it" if rows else f"no snapshot has the id {prefix!r}"
        raise NotFound(msg)
    return snapshot_of(rows[0])


def versions(connection: Connection, url: str) -> list[Snapshot]:
    """Return every version of an address, of every source that carries it, oldest first."""
    rows = WHOLE.where(snapshots.c.url == url).order_by(snapshots.c.seq)
    return [snapshot_of(row) for row in connection.execute(rows)]


def capture(connection: Connection, folder: WarcFolder, snapshot: Snapshot) -> Capture:
    """Read the capture of a snapshot back and check it."""
    wanted = select(captures).join_from(captures, snapshots).where(snapshots.c.id == snapshot.id)
    row = connection.execute(wanted).one_or_none()
    if row is None:
        msg = f"no snapshot has the id {snapshot.id!r}"
        raise NotFound(msg)
    return capture_of(row, folder.body(warc_place_of(row), row.url, row.body_digest))


def _latest(connection: Connection, source: str, url: str) -> Snapshot | None:
    row = connection.execute(_LATEST, {"of": source, "at": url}).one_or_none()
    return None if row is None else snapshot_of(row)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """A capture as it stands in the archive."""

    id: str
    media_type: str
    place: WarcPlace


def _kept(connection: Connection, appender: Appender, capture: Capture, now: datetime) -> _Kept:
    id_ = _capture_id(capture)
    row = connection.execute(_KEPT, {"kept": id_}).one_or_none()
    if row is not None:
        return _Kept(id=id_, media_type=row.media_type, place=warc_place_of(row))
    place = appender.append(capture, capture.body_digest, now, partial(committed_end, connection))
    connection.execute(_ADD_CAPTURE, capture_fields(id_, capture, capture.body_digest, place))
    return _Kept(id=id_, media_type=capture.media_type, place=place)


def _capture_id(capture: Capture) -> str:
    # A summary is never taken for an answer of the same address and bytes.
    own = () if capture.kind is CaptureKind.RESPONSE else (capture.kind,)
    return make_id("capture", capture.url, capture.body_digest, *own)


def _snapshot(prepared: Prepared, version: int, kept: _Kept, *, backlog: bool) -> Snapshot:
    document = prepared.document
    return Snapshot(
        id=snapshot_id(document.source, document.url, version, prepared.digest),
        source=document.source,
        url=document.url,
        title=document.title,
        text=document.text,
        published_at=document.published_at,
        places=document.places,
        taken_at=document.capture.fetched_at,
        version=version,
        digest=prepared.digest,
        body_digest=document.capture.body_digest,
        media_type=kept.media_type,
        warc=kept.place,
        capture_kind=document.capture.kind,
        parent=document.parent,
        scanned=document.scanned,
        backlog=backlog,
    )
