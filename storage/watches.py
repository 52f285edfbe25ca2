"""Watches: documents that are looked at again, and tombstones. Every function runs in the transaction it is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, func, insert, select, update

from facts.alert import Alert
from facts.document import CaptureKind, Document, Removal, Snapshot, snapshot_id
from facts.visit import Link, LinkKind, Remembered
from facts.watch import Watch
from storage import fulltext
from storage.columns import storable
from storage.documents import WHOLE
from storage.event_rows import alert_of
from storage.inserts import insert_if_new, upsert
from storage.keeping import keep_captures, next_seq
from storage.naming import moved_to, prepare
from storage.rows import Fields, link_of, snapshot_fields, snapshot_of
from storage.source_tables import links, listings, sources, watches
from storage.tables import alerts, events, removals, snapshots
from storage.warc_folder import Appender
from storage.work import Listing, PendingLook


def listings_of(connection: Connection, names: Sequence[str]) -> list[tuple[str, ...]]:
    """Return what each of these sources listed last, in its order."""
    rows = connection.execute(select(listings).where(listings.c.source.in_(names)))
    found = {row.source: tuple(row.urls) for row in rows}
    return [found.get(name, ()) for name in names]


def keep_listings(connection: Connection, found: Sequence[Listing]) -> None:
    """Remember what sources list now, which is there: what was looked for is found, and what vanished is looked for."""
    upsert(connection, listings, [{"source": one.source, "urls": list(one.urls)} for one in found])
    missed = and_(watches.c.link_id.is_(None), watches.c.misses > 0)
    lacking = select(watches.c.source).where(missed, watches.c.source.in_([one.source for one in found]))
    sources_lacking = set(connection.execute(lacking).scalars())
    for one in found:
        if one.source in sources_lacking:
            back = update(watches).where(missed, watches.c.source == one.source, watches.c.url.in_(one.urls))
            connection.execute(back.values(misses=0, missing_since=None, found=None, look_at=None))
        if one.vanished:
            ask(connection, one.source, one.vanished, last_seen=one.last_seen, now=one.at)


def start(connection: Connection, watch: Watch) -> None:
    """Begin to watch a document that was read from a link just now; its age, and its next look if it has one, stay."""
    snapshot = latest(connection, watch.source, watch.url)
    if snapshot is None:
        return
    fields = _fields(replace(watch, url=snapshot.url))
    if not insert_if_new(connection, watches, fields):
        of_it = (watches.c.source == watch.source) & (watches.c.url == snapshot.url)
        found = {"last_seen": watch.last_seen, "misses": 0, "missing_since": None, "found": None}
        connection.execute(update(watches).where(of_it).values(link_id=watch.link_id, **found))


def ask(connection: Connection, source: str, urls: Sequence[str], *, last_seen: datetime, now: datetime) -> None:
    """Have documents looked at now that vanished from their listing; what was never archived is nobody's loss."""
    followed = select(links.c.id).where(links.c.source == source, links.c.url.in_(urls))
    asked = update(watches).where(watches.c.source == source, watches.c.link_id.in_(followed))
    connection.execute(asked.values(look_at=now))
    watched = select(links.c.url).join_from(watches, links, watches.c.link_id == links.c.id)
    held = watched.where(watches.c.source == source, links.c.source == source, links.c.url.in_(urls))
    left = set(urls).difference(connection.execute(held).scalars())
    for url in sorted(left):
        snapshot = latest(connection, source, url)
        if snapshot is not None and snapshot.removed is None and snapshot.url == url:
            had = _watch(connection, source, url)
            since = snapshot.published_at or snapshot.taken_at
            missing = Watch(source=source, url=url, link_id=None, since=since, last_seen=last_seen, look_at=now)
            if had is None or had.look_at is None:
                upsert(connection, watches, [_fields(missing)])


def claim(connection: Connection, now: datetime, *, lease: timedelta, limit: int) -> list[PendingLook]:
    """Take documents whose time has come, oldest first; of each source one at a time: the others have their turn."""
    # Twice the lease, as for links. What is held was due: so it is found by that, among few.
    leased = and_(watches.c.lease_until > now, watches.c.lease_until <= now + 2 * lease)
    held = select(watches.c.source).where(watches.c.look_at <= now, leased)
    turn = func.row_number().over(partition_by=watches.c.source, order_by=(watches.c.look_at, watches.c.url))
    due = (
        select(watches, turn.label("turn"))
        .join(sources, sources.c.name == watches.c.source)
        .where(sources.c.registered, watches.c.look_at <= now, watches.c.source.not_in(held))
        .subquery()
    )
    first = select(due).where(due.c.turn == 1).order_by(due.c.look_at, due.c.source).limit(limit)
    rows = connection.execute(first).all()
    found = [_pending(connection, row) for row in rows]
    for row in rows:
        taken = update(watches).where(watches.c.source == row.source, watches.c.url == row.url)
        connection.execute(taken.values(lease_until=now + lease))
    return found


def settle(connection: Connection, watch: Watch) -> None:
    """Commit what a look taught, and free its lease; a link that came while it was under way stays."""
    fields = _fields(watch)
    if not insert_if_new(connection, watches, fields):
        del fields["link_id"]
        of_it = (watches.c.source == watch.source) & (watches.c.url == watch.url)
        connection.execute(update(watches).where(of_it).values(**fields))


def watched(connection: Connection, source: str, url: str) -> Watch | None:
    """Return the watch of an archived document."""
    return _watch(connection, source, url)


def latest(connection: Connection, source: str, url: str) -> Snapshot | None:
    """Return the latest version of the document of a source that was seen at an address or a twin of it."""
    rows = WHOLE.where(snapshots.c.source == source).order_by(snapshots.c.seq.desc()).limit(1)
    for urls in ([url], moved_to(connection, url)):
        row = connection.execute(rows.where(snapshots.c.url.in_(urls))).one_or_none()
        if row is not None:
            return snapshot_of(row)
    return None


def bury(connection: Connection, appender: Appender, tombstone: Document, removal: Removal, now: datetime) -> Snapshot:
    """Archive that a document was not found any more, as its next version; it is judged by nobody."""
    before = latest(connection, tombstone.source, tombstone.url)
    assert before is not None
    (prepared,) = prepare([tombstone])
    kept = keep_captures(connection, appender, {prepared.capture_id: prepared.document.capture}, now)
    made = Snapshot(
        id=snapshot_id(before.source, before.url, before.version + 1, prepared.digest),
        source=before.source,
        url=before.url,
        title=before.title,
        text="",
        published_at=before.published_at,
        places=before.places,
        taken_at=now,
        version=before.version + 1,
        digest=prepared.digest,
        body_digest=tombstone.capture.body_digest,
        media_type=tombstone.capture.media_type,
        warc=kept[prepared.capture_id].place,
        capture_kind=CaptureKind.RESOURCE,
        backlog=before.backlog,
        removed=removal,
    )
    seq = next_seq(connection)
    connection.execute(insert(snapshots), snapshot_fields(made, prepared.capture_id) | {"seq": seq})
    connection.execute(insert(removals), {"snapshot_id": made.id, **asdict(removal)})
    fulltext.add(connection, seq)
    return made


def free_leases(connection: Connection) -> None:
    """Free every document that a look held."""
    connection.execute(update(watches).values(lease_until=None))


def told_of(connection: Connection, source: str, url: str) -> list[Alert]:
    """Return the alerts that events of a document raised, oldest first."""
    rows = (
        select(alerts)
        .join(events, events.c.id == alerts.c.event_id)
        .where(events.c.source == source, events.c.url == url)
        .order_by(alerts.c.due_at, alerts.c.id)
    )
    return [alert_of(row) for row in connection.execute(rows)]


def _watch(connection: Connection, source: str, url: str) -> Watch | None:
    row = connection.execute(select(watches).where(watches.c.source == source, watches.c.url == url)).one_or_none()
    return None if row is None else _watch_of(row)


def _pending(connection: Connection, row: Row[Any]) -> PendingLook:
    watch = _watch_of(row)
    link = connection.execute(select(links).where(links.c.id == watch.link_id)).one_or_none()
    before = latest(connection, watch.source, watch.url)
    assert before is not None
    return PendingLook(
        watch=watch,
        link=link_of(link) if link is not None else _link_to(before),
        latest=before,
    )


def _link_to(snapshot: Snapshot) -> Link:
    return Link(
        source=snapshot.source,
        url=snapshot.url,
        kind=LinkKind.PAGE,
        parent=None,
        title=snapshot.title,
        summary="",
        published_at=snapshot.published_at,
        places=snapshot.places,
    )


def _fields(watch: Watch) -> Fields:
    one = watch.remembered
    return {
        "source": watch.source,
        "url": watch.url,
        "link_id": watch.link_id,
        "since": watch.since,
        "last_seen": watch.last_seen,
        "look_at": watch.look_at,
        "lease_until": None,
        "misses": watch.misses,
        "missing_since": watch.missing_since,
        "found": None if watch.found is None else storable(watch.found),
        "remembered": one and [one.url, one.etag, one.last_modified, one.body_digest],
    }


def _watch_of(row: Row[Any]) -> Watch:
    return Watch(
        source=row.source,
        url=row.url,
        link_id=row.link_id,
        since=row.since,
        last_seen=row.last_seen,
        look_at=row.look_at,
        misses=row.misses,
        missing_since=row.missing_since,
        found=row.found,
        remembered=row.remembered and _remembered(*row.remembered),
    )


def _remembered(url: str, etag: str | None, last_modified: str | None, body_digest: str | None) -> Remembered:
    return Remembered(url=url, etag=etag, last_modified=last_modified, body_digest=body_digest)
