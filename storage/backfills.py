"""Backfills: how far the reading of a source's past came. Every function runs in the transaction it is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from sqlalchemy import Connection, select

from facts.visit import Link
from storage.inserts import upsert
from storage.source_tables import backfills
from storage.sources import add_links
from storage.work import BackfillRow


def backfill(connection: Connection, source: str, since: date, until: date | None) -> BackfillRow | None:
    """Return a backfill that was begun; without a last day, the latest of its first day that is not done."""
    wanted = select(backfills).where(backfills.c.source == source, backfills.c.since == since)
    wanted = wanted.where(~backfills.c.done) if until is None else wanted.where(backfills.c.until == until)
    row = connection.execute(wanted.order_by(backfills.c.until.desc()).limit(1)).one_or_none()
    return None if row is None else BackfillRow(**row._mapping)  # noqa: SLF001 (SQLAlchemy's public name for it)


def turn_page(connection: Connection, row: BackfillRow, found: Sequence[Link]) -> None:
    """Commit that a page was read, with the links found on it, which are backlog."""
    add_links(connection, found, backlog=True, due=row.at)
    upsert(connection, backfills, [asdict(row)])
