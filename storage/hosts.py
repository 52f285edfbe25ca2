"""Hosts: what each asked of us, so that a restart asks none of them too early."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select

from facts.host import HostState
from storage.engine import Database
from storage.inserts import upsert
from storage.source_tables import hosts

#: Rows read at the start: those with a pause, and those whose robots.txt was read last. Links that were followed once
#: leave many more.
MOST_LOADED = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlHosts:
    """A `HostBook` of the spiders; safe to use from several threads."""

    database: Database

    def load(self) -> Mapping[str, HostState]:
        """Return the states of the hosts that want a pause or were asked last, by host."""
        order = (hosts.c.blocked_until.is_(None), hosts.c.robots_until.desc(), hosts.c.host)
        last = select(hosts).order_by(*order).limit(MOST_LOADED)
        with self.database.read() as connection:
            return {row.host: HostState(**row._asdict()) for row in connection.execute(last)}

    def keep(self, states: Sequence[HostState]) -> None:
        """Commit these states, in place of older ones."""
        with self.database.write() as connection:
            upsert(connection, hosts, [asdict(state) for state in states])
