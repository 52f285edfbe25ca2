"""Full text in SQLite's dialect: FTS5 over title and text of every snapshot, its rowid the snapshot's seq.

The index holds no copy of the text (external content: `snapshots`). PostgreSQL gets a module of the same functions.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, bindparam, column, insert, select, table, text

from storage.query import Query
from storage.tables import snapshots

#: A select over snapshots, whatever its columns.
Rows = Select[*tuple[Any, ...]]

_index = table("documents_fts", column("rowid"), column("title"), column("text"))
_ADD = insert(_index).from_select(
    ["rowid", "title", "text"],
    select(snapshots.c.seq, snapshots.c.title, snapshots.c.text).where(snapshots.c.seq >= bindparam("first")),
)


def add(connection: Connection, first: int) -> None:
    """Index the snapshots that are new: this one and those after it."""
    connection.execute(_ADD, {"first": first})


def restrict(found: Rows, query: Query) -> Rows:
    """Return a select over snapshots narrowed to those that match, newest first, as the index itself walks them."""
    match = text("documents_fts MATCH :match").bindparams(match=match_string(query))
    return found.join(_index, _index.c.rowid == snapshots.c.seq).where(match).order_by(_index.c.rowid.desc())


def match_string(query: Query) -> str:
    """Return the query in FTS5's language; every word stands in quotes, so that nothing of it is an operator."""
    wanted = " AND ".join(f"({_any(group)})" for group in query.wanted)
    return f"({wanted}) NOT ({_any(query.unwanted)})" if query.unwanted else wanted


def _any(terms: tuple[str, ...]) -> str:
    return " OR ".join('"' + term.replace('"', '""') + '"' for term in terms)
