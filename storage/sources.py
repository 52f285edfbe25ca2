"""Sources and their links: work state, visits, validators. Every function runs in the transaction it is given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, case, func, not_, or_, select, update

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

#: Links of one source that are read at one time, so that a slow host leaves room for the others.
MOST_HELD = 4

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


def claim_due(
    connection: Connection, now: datetime, *, lease: timedelta, horizon: timedelta, limit: int
) -> list[SourceRow]:
    """Take due sources, oldest first; a time beyond the horizon is a clock's mistake, and due."""
    due = (
        select(sources)
        .where(sources.c.registered, _come(sources.c.next_poll_at, now, horizon), _free(sources, now, lease))
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


def claim_links(
    connection: Connection, now: datetime, *, lease: timedelta, horizon: timedelta, limit: int
) -> list[PendingLink]:
    """Take links that wait: news before backlog, then oldest first, a few of each source at one time."""
    rows = connection.execute(_due_links(now, lease, horizon).limit(limit)).all()
    lost = case((links.c.lease_until.is_(None), 0), else_=1)
    taken = update(links).where(links.c.seq.in_([row.seq for row in rows]))
    connection.execute(taken.values(lease_until=now + lease, lost=links.c.lost + lost))
    return [
        PendingLink(
            link=link_of(row),
            backlog=row.backlog,
            attempt=row.attempt,
            lost=row.lost + (row.lease_until is not None),
        )
        for row in rows
    ]


def _due_links(now: datetime, lease: timedelta, horizon: timedelta) -> Select[Any]:
    # Of each source the first few alone are looked at: of a first visit thousands may wait.
    one = links.alias()
    first = (
        select(one.c.seq)
        .where(one.c.source == sources.c.name, one.c.state == WAITING)
        .where(_come(one.c.retry_at, now, horizon), _free(one, now, lease))
        .order_by(one.c.backlog, one.c.retry_at, one.c.seq)
        .limit(MOST_HELD)
        .correlate(sources)
    )
    order = (links.c.backlog, links.c.retry_at, links.c.seq)
    turn = func.row_number().over(partition_by=links.c.source, order_by=order).label("turn")
    turns = select(links.c.seq, turn).join_from(sources, links, links.c.seq.in_(first)).where(sources.c.registered)
    due = turns.subquery()
    held = select(one.c.source, func.count().label("count")).where(_held(one, now, lease)).group_by(one.c.source).cte()
    return (
        select(links)
        .join(due, due.c.seq == links.c.seq)
        .outerjoin(held, held.c.source == links.c.source)
        .where(due.c.turn + func.coalesce(held.c.count, 0) <= MOST_HELD)
        .order_by(*order)
    )


def free_leases(connection: Connection) -> None:
    """Free every source and link; a try that a link's holder had begun is lost, which does not make it a failed one."""
    connection.execute(update(sources).values(lease_until=None))
    held = update(links).where(links.c.lease_until.is_not(None))
    connection.execute(held.values(lease_until=None, lost=links.c.lost + 1))


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
            lost=0,
            lease_until=None,
            error=error,
        )
    )


def given_up_links(connection: Connection, limit: int) -> list[tuple[Link, str]]:
    """Return links that could not be read, with the error, newest first."""
    rows = select(links).where(links.c.state == GIVEN_UP).order_by(links.c.seq.desc()).limit(limit)
    return [(link_of(row), row.error) for row in connection.execute(rows)]


def _add_links(connection: Connection, found: Iterable[Link], *, backlog: bool, due: datetime) -> None:
    state = {"state": WAITING, "attempt": 0, "lost": 0, "lease_until": None, "retry_at": due, "error": None}
    clean = [clean_link(link) for link in found]
    unread = set() if backlog else _unread_backlog(connection, clean)
    rows = [{**link_fields(link), **state, "backlog": backlog or (link.source, link.url) in unread} for link in clean]
    insert_new(connection, links, rows)


def _unread_backlog(connection: Connection, found: Sequence[Link]) -> set[tuple[str, str]]:
    """Return source and address of those whose backlog link was never read: an edited entry makes them no news.

    One that was read has a backlog snapshot, to which the page is then compared.
    """
    # Not by address: a feed may have more entries than a statement takes values.
    unread = select(links.c.source, links.c.url).where(
        links.c.source.in_({link.source for link in found}), links.c.state.in_([WAITING, GIVEN_UP]), links.c.backlog
    )
    return {(row.source, row.url) for row in connection.execute(unread)}


def _known(connection: Connection, link: Link, *, backlog: bool) -> datetime:
    """Return when the link was due; one that no visit found, as in a backfill, gets a row first."""
    _add_links(connection, [link], backlog=backlog, due=_ALWAYS)
    due: datetime = connection.execute(select(links.c.retry_at).where(links.c.id == link.id)).scalar_one()
    return due


def _come(due: ColumnElement[Any], now: datetime, horizon: timedelta) -> ColumnElement[bool]:
    return or_(due <= now, due > now + horizon)


def _free(table: FromClause, now: datetime, lease: timedelta) -> ColumnElement[bool]:
    return or_(table.c.lease_until.is_(None), not_(_held(table, now, lease)))


def _held(table: FromClause, now: datetime, lease: timedelta) -> ColumnElement[bool]:
    # Twice the lease: the clock may have been set back a little since, but not so far.
    return and_(table.c.lease_until > now, table.c.lease_until <= now + 2 * lease)


def _unknown(name: str) -> NotFound:
    return NotFound(f"the source {name!r} was never registered; check its name under [sources]")
