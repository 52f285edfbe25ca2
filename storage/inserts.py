"""Inserts that may meet their own row again; both databases know ON CONFLICT, each in its own dialect."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.sqlite import insert

from storage.rows import Fields


def insert_new(connection: Connection, table: Table, rows: Sequence[Fields]) -> None:
    """Insert the rows whose key is new; the others are left as they are."""
    if rows:
        connection.execute(insert(table).on_conflict_do_nothing(), rows)


def insert_if_new(connection: Connection, table: Table, row: Fields) -> bool:
    """Insert one row unless its key is there already; return whether it was new."""
    return connection.execute(insert(table).on_conflict_do_nothing(), row).rowcount == 1


def upsert(connection: Connection, table: Table, rows: Sequence[Fields]) -> None:
    """Insert the rows, or give those whose primary key is there already the new values."""
    if not rows:
        return
    statement = insert(table)
    keys = table.primary_key.columns.keys()
    new = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=new), rows)
