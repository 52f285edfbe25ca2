"""Sources and their links: work state, visits, validators. Every function runs in the transaction it is given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    bindparam,
    case,
    func,
    not_,
    or_,
    select,
    update,
)

from facts.errors import NotFound
from facts.visit import Link, Remembered, Visit
from storage.inserts import insert_new, upsert
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
from storage.source_tables import links, sources, visits
from storage.source_tables import memories as memory_rows
from storage.work import PendingLink, SourceRow, VisitEnd

WAITING = "waiting"
READ = "read"
GIVEN_UP = "given_up"

#: Links of one source that are read at one time, so that a slow host leaves room for the others.
MOST_HELD = 4

# A link nobody waits for is due since always.
_ALWAYS = datetime.min.replace(tzinfo=UTC)

# Built once: they run for every poll, and building a statement costs more than running it.
_MEMORIES = select(memory_rows).where(memory_rows.c.source.in_(bindparam("names", expanding=True)))
_TAKEN = (
    update(sources).where(sources.c.name.in_(bindparam("names", expanding=True))).values(lease_until=bindparam("until"))
)
_ANY = SourceRow(name="", next_poll_at=_ALWAYS)
_FINISHED = (
    update(sources)
    .where(sources.c.name == bindparam("of"))
    .values(lease_until=None, **{name: bindparam(name) for name in source_fields(_ANY)})
)


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
    if rows:
        connection.execute(_TAKEN, {"names": [row.name for row in rows], "until": now + lease})
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


def memories(connection: Connection, names: Sequence[str]) -> list[dict[str, Remembered]]:
    """Return what each address of these sources answered last, in the order of the sources."""
    found: dict[str, dict[str, Remembered]] = {name: {} for name in names}
    for row in connection.execute(_MEMORIES, {"names": list(found)}):
        found[row.source][row.url] = memory_of(row)
    return [found[name] for name in names]


def finish_visits(connection: Connection, ends: Sequence[VisitEnd]) -> None:
    """Commit the ends of visits and free their leases; links of a visit before which none was completed are backlog.

    Of one source there may be one end at a time.
    """
    if not ends:
        return
    first = {end.row.name for end in ends if end.links and not source(connection, end.row.name).visited}
    insert_new(connection, visits, [visit_fields(end.visit) for end in ends])
    connection.execute(_FINISHED, [{"of": end.row.name, **source_fields(end.row)} for end in ends])
    upsert(connection, memory_rows, [memory_fields(end.row.name, one) for end in ends for one in end.remembered])
    for end in ends:
        if end.links:
            add_links(connection, end.links, backlog=end.row.name in first, due=end.visit.at)


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
    add_links(connection, found, backlog=backlog, due=due)


def postpone_link(
    connection: Connection, link: Link, *, error: str, retry_at: datetime | None, tried: bool = True
) -> None:
    """Commit that a link could not be read; without a time it is given up. Only one that was tried lost an attempt."""
    link = clean_link(link)
    due = _known(connection, link, backlog=False)
    failed = update(links).where(links.c.id == link.id, links.c.state == WAITING)
    connection.execute(
        failed.values(
            state=WAITING if retry_at else GIVEN_UP,
            retry_at=retry_at or due,
            attempt=links.c.attempt + int(tried),
            lost=0,
            lease_until=None,
            error=error,
        )
    )


def given_up_links(connection: Connection, limit: int) -> list[tuple[Link, str]]:
    """Return links that could not be read, with the error, newest first."""
    rows = select(links).where(links.c.state == GIVEN_UP).order_by(links.c.seq.desc()).limit(limit)
    return [(link_of(row), row.error) for row in connection.execute(rows)]


def add_links(connection: Connection, found: Iterable[Link], *, backlog: bool, due: datetime) -> None:
    """Add the links that are new, due then; those of what waits as backlog are backlog too."""
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
    add_links(connection, [link], backlog=backlog, due=_ALWAYS)
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
