"""SqlStore: the Store over a database and a folder of WARC files; each method is one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from facts.alert import Alert, Delivery, DigestKey
from facts.document import Document, Removal, Snapshot
from facts.errors import StorageError
from facts.event import Event, Judgement
from facts.story import Joined, Story
from facts.visit import Link, Remembered
from facts.watch import Watch
from storage import backfills, keeping, outbox, stories, watches
from storage import sources as work
from storage.documents import awaiting_judgement, committed_end
from storage.engine import Database
from storage.naming import prepare
from storage.warc_folder import Appender, WarcFolder
from storage.work import (
    BackfillRow,
    Crowd,
    Listing,
    OutboxItem,
    PendingLink,
    PendingLook,
    SourceRow,
    VisitEnd,
    WaitingEvent,
)


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

    def memories(self, sources: Sequence[str]) -> list[dict[str, Remembered]]:
        """Return what each address of these sources answered last, in the order of the sources."""
        with self.database.read() as connection:
            return work.memories(connection, sources)

    def finish_visits(self, ends: Sequence[VisitEnd]) -> None:
        """Commit the ends of visits and free their sources' leases; health alerts get their deliveries."""
        with self.database.write() as connection:
            work.finish_visits(connection, ends)
            outbox.raise_alerts(connection, [alert for end in ends for alert in end.alerts])

    def free_leases(self) -> None:
        """Free every lease; only for the process that alone holds the archive."""
        with self.database.write() as connection:
            work.free_leases(connection)
            watches.free_leases(connection)
            outbox.free_leases(connection)

    def claim_links(self, now: datetime, *, lease: timedelta, horizon: timedelta, limit: int) -> list[PendingLink]:
        """Take links of registered sources whose time has come, news first, a few of each source at one time."""
        with self.database.write() as connection:
            return work.claim_links(connection, now, lease=lease, horizon=horizon, limit=limit)

    def finish_link(self, link: Link, found: Sequence[Link], *, backlog: bool, watch: Watch | None = None) -> None:
        """Commit that a link was read, with the links found in it; its document, read now, is looked at again."""
        with self.database.write() as connection:
            work.finish_link(connection, link, found, backlog=backlog)
            if watch is not None:
                watches.start(connection, watch)

    def postpone_link(
        self,
        link: Link,
        *,
        error: str,
        retry_at: datetime | None,
        alerts: Sequence[Alert] = (),
        tried: bool = True,
    ) -> None:
        """Commit that a link could not be read, with alerts; without a time it is given up, with its error."""
        with self.database.write() as connection:
            work.postpone_link(connection, link, error=error, retry_at=retry_at, tried=tried)
            outbox.raise_alerts(connection, alerts)

    def keep(self, documents: Sequence[Document], *, backlog: bool, now: datetime) -> list[Snapshot | None]:
        """Archive documents, all or none: captures to WARC, rows, full text. None for each that did not change."""
        batch = prepare(documents)
        with self.folder.appending(self._take_back) as appender, self.database.write() as connection:
            return keeping.keep(connection, appender, batch, backlog=backlog, now=now)

    def _take_back(self, appender: Appender) -> None:
        # A database that is locked or broken is told by the error on its way; its files are then repaired at the start.
        with suppress(StorageError), self.database.write() as connection:
            appender.take_back(partial(committed_end, connection))

    def told_of(self, source: str, url: str) -> list[Alert]:
        """Return the alerts that events of an archived document raised, oldest first."""
        with self.database.read() as connection:
            return watches.told_of(connection, source, url)

    def listings(self, sources: Sequence[str]) -> list[tuple[str, ...]]:
        """Return the addresses that each of these sources listed last, in its order."""
        with self.database.read() as connection:
            return watches.listings_of(connection, sources)

    def keep_listings(self, found: Sequence[Listing]) -> None:
        """Commit what sources list now; documents that vanished from one are to be looked at now."""
        with self.database.write() as connection:
            watches.keep_listings(connection, found)

    def watch(self, source: str, url: str) -> Watch | None:
        """Return the watch of an archived document."""
        with self.database.read() as connection:
            return watches.watched(connection, source, url)

    def latest(self, source: str, url: str) -> Snapshot | None:
        """Return the latest version of a source's document that was seen at this address or a twin of it."""
        with self.database.read() as connection:
            return watches.latest(connection, source, url)

    def claim_looks(self, now: datetime, *, lease: timedelta, limit: int) -> list[PendingLook]:
        """Take documents whose next look is due, of each source one at a time."""
        with self.database.write() as connection:
            return watches.claim(connection, now, lease=lease, limit=limit)

    def settle_look(self, watch: Watch) -> None:
        """Commit what a look taught, and free its lease."""
        with self.database.write() as connection:
            watches.settle(connection, watch)

    def bury(self, watch: Watch, tombstone: Document, removal: Removal, alerts: Sequence[Alert], now: datetime) -> None:
        """Commit that a document was removed: a version without text, the watch, and alerts."""
        with self.folder.appending(self._take_back) as appender, self.database.write() as connection:
            watches.bury(connection, appender, tombstone, removal, now)
            watches.settle(connection, watch)
            outbox.raise_alerts(connection, alerts)

    def backfill(self, source: str, since: date, until: date | None) -> BackfillRow | None:
        """Return a backfill that was begun; without a last day, the latest from its first day that is not done."""
        with self.database.read() as connection:
            return backfills.backfill(connection, source, since, until)

    def turn_page(self, row: BackfillRow, links: Sequence[Link]) -> None:
        """Commit that a backfill read a page, with its links, which are backlog."""
        with self.database.write() as connection:
            backfills.turn_page(connection, row, links)

    def unjudged(self, limit: int) -> list[Snapshot]:
        """Return snapshots that no model has judged, news before backlog, oldest first."""
        with self.database.read() as connection:
            return awaiting_judgement(connection, limit)

    def record_judgements(self, judged: Sequence[Judgement], alerts: Sequence[Alert] = ()) -> None:
        """Commit judgements with their events, and notices of what edits changed."""
        with self.database.write() as connection:
            stories.record_judgements(connection, judged)
            outbox.raise_alerts(connection, alerts)

    def crowds(self, more_than: int) -> list[Crowd]:
        """Return the sources of which more news than this waits, to be judged or to be told of, by name."""
        with self.database.read() as connection:
            return stories.crowds(connection, more_than)

    def waiting_events(self, limit: int, *, of: str | None = None, without: Collection[str] = ()) -> list[WaitingEvent]:
        """Return events that no story holds, oldest first: of one source, or of all but some."""
        with self.database.read() as connection:
            return stories.waiting_events(connection, limit, of=of, without=without)

    def raised(self, alert_ids: Collection[str]) -> set[str]:
        """Return which of these alerts were raised before."""
        with self.database.read() as connection:
            return outbox.raised(connection, alert_ids)

    def open_stories(self, since: datetime) -> list[Story]:
        """Return the stories whose last event is at or after this time, oldest first."""
        with self.database.read() as connection:
            return stories.open_stories(connection, since)

    def commit_story(self, event: Event, joined: Joined, alerts: Sequence[Alert]) -> None:
        """Commit the story with its new member, and each new alert with its pending delivery."""
        with self.database.write() as connection:
            stories.commit_story(connection, event, joined)
            outbox.raise_alerts(connection, alerts)

    def commit_apart(self, event: Event, alerts: Sequence[Alert]) -> None:
        """Commit that an event joins no story, and each new alert with its pending delivery."""
        with self.database.write() as connection:
            stories.leave_apart(connection, event)
            outbox.raise_alerts(connection, alerts)

    def tell(self, alerts: Sequence[Alert]) -> None:
        """Commit each new alert with its pending delivery."""
        with self.database.write() as connection:
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
