"""Inserts that may meet their own row again, and many values in one parameter, in SQLite's dialect.

PostgreSQL knows ON CONFLICT and JSON as well, each in its own words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import BindParameter, Connection, Select, Table, func, select, true
from sqlalchemy.dialects.sqlite import Insert, insert

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


def listed(values: BindParameter[str]) -> Select[str]:
    """Return the strings of a JSON list as rows: one parameter, however many there are."""
    return select(func.json_each(values).table_valued("value").c.value)


def upserting_pairs(
    table: Table, fixed: Mapping[str, BindParameter[str]], columns: tuple[str, str], pairs: BindParameter[str]
) -> Insert:
    """Return the upsert of the pairs of a JSON object into two columns, the first of them of the primary key.

    `fixed` holds what is the same in every row.
    """
    each = func.json_each(pairs).table_valued("key", "value")
    # Without a WHERE, SQLite takes ON CONFLICT for a part of the join.
    rows = select(*fixed.values(), each.c.key, each.c.value).where(true())
    statement = insert(table).from_select([*fixed, *columns], rows)
    return statement.on_conflict_do_update(
        index_elements=table.primary_key.columns.keys(), set_={columns[1]: statement.excluded[columns[1]]}
    )
