"""Sources and their links: work state, visits, validators. Every function runs in the transaction it is given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Table, case, or_, select, update

from facts.errors import NotFound
from facts.visit import Link, Remembered, Visit
from storage.inserts import insert_new, upsert
from storage.protocols import PendingLink, SourceRow
from storage.rows import (
    clean_link,
    link_fields,
    link_of,
    memory_fields,
    memory_of,
    source_fields,
    source_of,
    visit_fields,
    visit_of,
)
from storage.tables import links, memories, sources, visits

WAITING = "waiting"
READ = "read"
GIVEN_UP = "given_up"

# A link nobody waits for is due since always.
_ALWAYS = datetime.min.replace(tzinfo=UTC)


def register(connection: Connection, names: Iterable[str], now: datetime) -> None:
    """Make a row for each new source, due now; the others are no longer due."""
    rows = [
        {"name": name, "registered": True, **source_fields(SourceRow(name=name, next_poll_at=now))}
        for name in dict.fromkeys(names)
    ]
    connection.execute(update(sources).values(registered=False))
    insert_new(connection, sources, rows)
    named = [row["name"] for row in rows]
    connection.execute(update(sources).where(sources.c.name.in_(named)).values(registered=True))


def claim_due(connection: Connection, now: datetime, lease: timedelta, limit: int) -> list[SourceRow]:
    """Take due sources, oldest first."""
    due = (
        select(sources)
        .where(sources.c.registered, sources.c.next_poll_at <= now, _free(sources, now))
        .order_by(sources.c.next_poll_at, sources.c.name)
        .limit(limit)
    )
    rows = [source_of(row) for row in connection.execute(due)]
    taken = update(sources).where(sources.c.name.in_([row.name for row in rows]))
    connection.execute(taken.values(lease_until=now + lease))
    return rows


def source(connection: Connection, name: str) -> SourceRow:
    """Return one source's row."""
    row = connection.execute(select(sources).where(sources.c.name == name)).one_or_none()
    if row is None:
        raise _unknown(name)
    return source_of(row)


def all_sources(connection: Connection) -> list[SourceRow]:
    """Return every source's row, by name."""
    return [source_of(row) for row in connection.execute(select(sources).order_by(sources.c.name))]


def memory(connection: Connection, name: str) -> dict[str, Remembered]:
    """Return what each address of a source answered last."""
    rows = connection.execute(select(memories).where(memories.c.source == name))
    return {row.url: memory_of(row) for row in rows}


def finish_visit(
    connection: Connection, visit: Visit, row: SourceRow, found: Sequence[Link], remembered: Sequence[Remembered]
) -> None:
    """Commit the end of a visit and free its lease; links of a visit before which none was completed are backlog."""
    first_visit = not source(connection, row.name).visited
    insert_new(connection, visits, [visit_fields(visit)])
    state = update(sources).where(sources.c.name == row.name)
    connection.execute(state.values(lease_until=None, **source_fields(row)))
    upsert(connection, memories, [memory_fields(row.name, each) for each in remembered])
    _add_links(connection, found, backlog=first_visit, due=visit.at)


def recent_visits(connection: Connection, name: str, limit: int) -> list[Visit]:
    """Return the last visits of a source, newest first."""
    rows = select(visits).where(visits.c.source == name).order_by(visits.c.at.desc()).limit(limit)
    return [visit_of(row) for row in connection.execute(rows)]


def claim_links(connection: Connection, now: datetime, lease: timedelta, limit: int) -> list[PendingLink]:
    """Take links that wait, oldest first; a lease that ran out was a failed try, or it would come again for ever."""
    due = (
        select(links)
        .where(links.c.state == WAITING, links.c.retry_at <= now, _free(links, now))
        .order_by(links.c.retry_at, links.c.seq)
        .limit(limit)
    )
    rows = connection.execute(due).all()
    lost = case((links.c.lease_until.is_(None), 0), else_=1)
    taken = update(links).where(links.c.seq.in_([row.seq for row in rows]))
    connection.execute(taken.values(lease_until=now + lease, attempt=links.c.attempt + lost))
    return [
        PendingLink(link=link_of(row), backlog=row.backlog, attempt=row.attempt + (row.lease_until is not None))
        for row in rows
    ]


def free_leases(connection: Connection) -> None:
    """Free every source and link; what a link's holder had begun was a failed try, as when its lease runs out."""
    connection.execute(update(sources).values(lease_until=None))
    held = update(links).where(links.c.lease_until.is_not(None))
    connection.execute(held.values(lease_until=None, attempt=links.c.attempt + 1))


def finish_link(connection: Connection, link: Link, found: Sequence[Link], *, backlog: bool) -> None:
    """Commit that a link was read; the links found in it are due when it was."""
    link = clean_link(link)
    due = _known(connection, link, backlog=backlog)
    read = update(links).where(links.c.id == link.id)
    connection.execute(read.values(state=READ, lease_until=None, error=None))
    _add_links(connection, found, backlog=backlog, due=due)


def postpone_link(connection: Connection, link: Link, *, error: str, retry_at: datetime | None) -> None:
    """Commit that a link could not be read; without a time it is given up."""
    link = clean_link(link)
    due = _known(connection, link, backlog=False)
    failed = update(links).where(links.c.id == link.id, links.c.state == WAITING)
    connection.execute(
        failed.values(
            state=WAITING if retry_at else GIVEN_UP,
            retry_at=retry_at or due,
            attempt=links.c.attempt + 1,
            lease_until=None,
            error=error,
        )
    )


def given_up_links(connection: Connection, limit: int) -> list[tuple[Link, str]]:
    """Return links that could not be read, with the error, newest first."""
    rows = select(links).where(links.c.state == GIVEN_UP).order_by(links.c.seq.desc()).limit(limit)
    return [(link_of(row), row.error) for row in connection.execute(rows)]


def _add_links(connection: Connection, found: Iterable[Link], *, backlog: bool, due: datetime) -> None:
    state = {"backlog": backlog, "state": WAITING, "attempt": 0, "lease_until": None, "retry_at": due, "error": None}
    insert_new(connection, links, [{**link_fields(clean_link(link)), **state} for link in found])


def _known(connection: Connection, link: Link, *, backlog: bool) -> datetime:
    """Return when the link was due; one that no visit found, as in a backfill, gets a row first."""
    _add_links(connection, [link], backlog=backlog, due=_ALWAYS)
    due: datetime = connection.execute(select(links.c.retry_at).where(links.c.id == link.id)).scalar_one()
    return due


def _free(table: Table, now: datetime) -> ColumnElement[bool]:
    return or_(table.c.lease_until.is_(None), table.c.lease_until <= now)


def _unknown(name: str) -> NotFound:
    return NotFound(f"the source {name!r} was never registered; check its name under [sources]")
