"""SqlStore: the Store over a database and a folder of WARC files; each method is one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from facts.alert import Alert, Delivery, DigestKey
from facts.document import Document, Snapshot
from facts.errors import StorageError
from facts.event import Event, Judgement
from facts.story import Joined, Story
from facts.visit import Link, Remembered, Visit
from storage import documents, outbox, stories
from storage import sources as work
from storage.engine import Database
from storage.protocols import OutboxItem, PendingLink, SourceRow, WaitingEvent
from storage.warc_folder import Appender, WarcFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlStore:
    """The contract is `storage.protocols.Store`; safe to use from several threads."""

    database: Database
    folder: WarcFolder

    def register(self, sources: Iterable[str], now: datetime) -> None:
        """Make a row for each new source, due now; a source that is no longer named is left alone and not due."""
        with self.database.write() as connection:
            work.register(connection, sources, now)

    def claim_due(self, now: datetime, *, lease: timedelta, horizon: timedelta, limit: int) -> list[SourceRow]:
        """Take the registered sources whose time has come, or lies beyond the horizon, oldest first."""
        with self.database.write() as connection:
            return work.claim_due(connection, now, lease=lease, horizon=horizon, limit=limit)

    def source(self, name: str) -> SourceRow:
        """Return one source's row, or raise NotFound."""
        with self.database.read() as connection:
            return work.source(connection, name)

    def memory(self, source: str) -> dict[str, Remembered]:
        """Return what each address of this source answered last."""
        with self.database.read() as connection:
            return work.memory(connection, source)

    def finish_visit(
        self,
        visit: Visit,
        row: SourceRow,
        links: Sequence[Link],
        remembered: Sequence[Remembered],
        alerts: Sequence[Alert],
    ) -> None:
        """Commit the end of a visit and free the source's lease; health alerts get their deliveries."""
        with self.database.write() as connection:
            work.finish_visit(connection, visit, row, links, remembered)
            outbox.raise_alerts(connection, alerts)

    def free_leases(self) -> None:
        """Free every lease; only for the process that alone holds the archive."""
        with self.database.write() as connection:
            work.free_leases(connection)
            outbox.free_leases(connection)

    def claim_links(self, now: datetime, *, lease: timedelta, horizon: timedelta, limit: int) -> list[PendingLink]:
        """Take links of registered sources whose time has come, news first, a few of each source at one time."""
        with self.database.write() as connection:
            return work.claim_links(connection, now, lease=lease, horizon=horizon, limit=limit)

    def finish_link(self, link: Link, found: Sequence[Link], *, backlog: bool) -> None:
        """Commit that a link was read, with the links found in it."""
        with self.database.write() as connection:
            work.finish_link(connection, link, found, backlog=backlog)

    def postpone_link(self, link: Link, *, error: str, retry_at: datetime | None, alerts: Sequence[Alert] = ()) -> None:
        """Commit that a link could not be read, with alerts; without a time it is given up, with its error."""
        with self.database.write() as connection:
            work.postpone_link(connection, link, error=error, retry_at=retry_at)
            outbox.raise_alerts(connection, alerts)

    def keep(self, document: Document, *, backlog: bool, now: datetime) -> Snapshot | None:
        """Archive a document: capture to WARC, row, full text. None when its text is the latest version's."""
        prepared = documents.prepare(document)
        with self.folder.appending(self._take_back) as appender, self.database.write() as connection:
            return documents.keep(connection, appender, prepared, backlog=backlog, now=now)

    def _take_back(self, appender: Appender) -> None:
        # A database that is locked or broken is told by the error on its way; its files are then repaired at the start.
        with suppress(StorageError), self.database.write() as connection:
            appender.take_back(partial(documents.committed_end, connection))

    def unjudged(self, limit: int) -> list[Snapshot]:
        """Return snapshots that no model has judged, news before backlog, oldest first."""
        with self.database.read() as connection:
            return documents.awaiting_judgement(connection, limit)

    def record_judgement(self, judgement: Judgement) -> None:
        """Commit a judgement with its events."""
        with self.database.write() as connection:
            stories.record_judgement(connection, judgement)

    def waiting_events(self, limit: int) -> list[WaitingEvent]:
        """Return events that no story holds, oldest first; of one snapshot the letter first."""
        with self.database.read() as connection:
            return stories.waiting_events(connection, limit)

    def open_stories(self, since: datetime) -> list[Story]:
        """Return the stories whose last event is at or after this time, oldest first."""
        with self.database.read() as connection:
            return stories.open_stories(connection, since)

    def commit_story(self, event: Event, joined: Joined, alerts: Sequence[Alert]) -> None:
        """Commit the story with its new member, and each new alert with its pending delivery."""
        with self.database.write() as connection:
            stories.commit_story(connection, event, joined)
            outbox.raise_alerts(connection, alerts)

    def due_channels(self, now: datetime) -> list[str]:
        """Return the channels that have something to tell now, by name."""
        with self.database.read() as connection:
            return outbox.due_channels(connection, now)

    def claim_deliveries(self, channel: str, now: datetime, *, lease: timedelta, limit: int) -> list[OutboxItem]:
        """Take a channel's due deliveries, oldest first, counting the attempt before anything is sent."""
        with self.database.write() as connection:
            return outbox.claim(connection, channel, now, lease, limit)

    def settle(self, delivery: Delivery, *, hold_until: datetime | None = None, alerts: Sequence[Alert] = ()) -> None:
        """Commit how a try ended, what it holds up and who hears of it; the try itself is kept for good."""
        with self.database.write() as connection:
            outbox.settle(connection, delivery)
            outbox.raise_alerts(connection, alerts)
            if hold_until is not None:
                outbox.hold(connection, delivery.channel, hold_until)

    def open_digest(self, key: DigestKey, channel: str, now: datetime) -> Delivery | None:
        """Commit a pending delivery for this digest; None when the day already has one."""
        with self.database.write() as connection:
            return outbox.open_digest(connection, key, channel, now)
