"""SqlCatalogue: the Catalogue over a database and a folder of WARC files; it never writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from facts.alert import Alert, Delivery
from facts.canary import Heard
from facts.document import Capture, Snapshot
from facts.story import Report
from facts.visit import Link, Visit
from storage import documents, outbox, searching, stories
from storage import sources as work
from storage.engine import Database
from storage.protocols import Hit, Search, Trace
from storage.warc_folder import WarcFolder
from storage.work import SourceRow


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlCatalogue:
    """The contract is `storage.protocols.Catalogue`; safe to use from several threads."""

    database: Database
    folder: WarcFolder

    def search(self, search: Search) -> tuple[list[Hit], int]:
        """Return one page of documents, newest first, and how many there are in all (counted to 1,000)."""
        with self.database.read() as connection:
            return searching.search(connection, search)

    def snapshot(self, snapshot_id: str) -> Snapshot:
        """Return a snapshot by its id or an unambiguous beginning of it, or raise NotFound."""
        with self.database.read() as connection:
            return documents.find(connection, snapshot_id)

    def trace(self, snapshot_id: str) -> Trace:
        """Return what became of a snapshot."""
        with self.database.read() as connection:
            snapshot = documents.find(connection, snapshot_id)
            events = stories.events_of(connection, [snapshot.id]).get(snapshot.id, ())
            original = stories.original_of(connection, snapshot.id)
            return Trace(
                snapshot=snapshot,
                first_seen=documents.first_seen(connection, [snapshot])[snapshot.id],
                events=events,
                original=documents.find(connection, original) if original else None,
                story_ids=stories.story_ids_of(connection, snapshot.id),
                deliveries=outbox.deliveries_of(connection, [event.id for event in events]),
            )

    def versions(self, url: str) -> list[Snapshot]:
        """Return every version of an address, of every source that carries it, oldest first."""
        with self.database.read() as connection:
            return documents.versions(connection, url)

    def capture(self, snapshot: Snapshot) -> Capture:
        """Read the capture back from its WARC file, or raise StorageError naming file and offset."""
        with self.database.read() as connection:
            return documents.capture(connection, self.folder, snapshot)

    def sources(self) -> list[SourceRow]:
        """Return every source's row, by name."""
        with self.database.read() as connection:
            return work.all_sources(connection)

    def visits(self, source: str, limit: int) -> list[Visit]:
        """Return the last visits of a source, newest first."""
        with self.database.read() as connection:
            return work.recent_visits(connection, source, limit)

    def deliveries(self, limit: int) -> list[Delivery]:
        """Return the last deliveries, newest first."""
        with self.database.read() as connection:
            return outbox.recent(connection, limit)

    def heard_canary(self) -> Heard | None:
        """Return the latest canary that its channel took."""
        with self.database.read() as connection:
            return outbox.heard_canary(connection)

    def alerts_about(self, source: str) -> list[Alert]:
        """Return the last alerts about the health of a source, newest first."""
        with self.database.read() as connection:
            return outbox.about(connection, source)

    def digest_reports(self, name: str, day: date) -> list[Report]:
        """Return what the digest of a day tells of, newest first; see the protocol."""
        with self.database.read() as connection:
            after, until = outbox.digest_span(connection, name, day)
            return stories.reports(connection, after, until)

    def digest_before(self, name: str, day: date) -> date | None:
        """Return the latest local date before `day` that this digest was opened for."""
        with self.database.read() as connection:
            return outbox.digest_before(connection, name, day)

    def given_up_links(self, limit: int) -> list[tuple[Link, str]]:
        """Return links that could not be read, with the error, newest first."""
        with self.database.read() as connection:
            return work.given_up_links(connection, limit)

    def close(self) -> None:
        """Close the database."""
        self.database.close()
