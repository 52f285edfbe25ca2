"""The two faces of storage: the Store, through which the stages write, and the Catalogue, which only reads.

Every method is synchronous and one transaction; a caller in an event loop runs it in a thread.
Writing the same thing twice inserts nothing twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from facts.alert import Alert, Delivery, DigestKey
from facts.canary import Heard
from facts.document import Capture, Document, Removal, Snapshot
from facts.event import Event, Judgement
from facts.story import Joined, Report, Story
from facts.visit import Link, Remembered, Visit
from facts.watch import Watch
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


class Store(Protocol):
    """Where the stages put their values; each call commits."""

    # sources
    def register(self, sources: Iterable[str], now: datetime) -> None:
        """Make a row for each new source, due now; a source that is no longer named is left alone and not due."""
        ...

    def claim_due(self, now: datetime, *, lease: timedelta, horizon: timedelta, limit: int) -> list[SourceRow]:
        """Take the registered sources whose time has come, oldest first; a lease that ran out is free again.

        A time further away than the horizon was set by a clock that went ahead, and counts as come.
        """
        ...

    def source(self, name: str) -> SourceRow:
        """Return one source's row.

        Raises:
            NotFound: it was never registered.
        """
        ...

    def memories(self, sources: Sequence[str]) -> list[dict[str, Remembered]]:
        """Return what each address of these sources answered last, by address, in the order of the sources."""
        ...

    def finish_visits(self, ends: Sequence[VisitEnd]) -> None:
        """Commit the ends of visits, all or none, and free their sources' leases.

        That is each one's record, its source's new row, links, validators, and health alerts with their deliveries.
        """
        ...

    def free_leases(self) -> None:
        """Free every lease on sources, links and deliveries; only for the process that alone holds the archive.

        A delivery found `sending` is pending again, with `possible_repeat` set.
        """
        ...

    # links
    def claim_links(self, now: datetime, *, lease: timedelta, horizon: timedelta, limit: int) -> list[PendingLink]:
        """Take links of registered sources that wait and whose time has come: news before backlog, then oldest first.

        Of one source only a few are held at one time, so that a slow host leaves room for the others. A lease that ran
        out is counted as lost, not as a failed try. The horizon is that of `claim_due`.
        """
        ...

    def finish_link(self, link: Link, found: Sequence[Link], *, backlog: bool, watch: Watch | None = None) -> None:
        """Commit that a link was read, with the links found in it; its document, read now, is looked at again."""
        ...

    def postpone_link(
        self,
        link: Link,
        *,
        error: str,
        retry_at: datetime | None,
        alerts: Sequence[Alert] = (),
        tried: bool = True,
    ) -> None:
        """Commit that a link could not be read; without a time it is given up, with its error.

        One that was not `tried`, since its host wants a pause, has lost no attempt by it.
        Alerts get their deliveries in the same transaction.
        """
        ...

    # documents
    def keep(self, documents: Sequence[Document], *, backlog: bool, now: datetime) -> list[Snapshot | None]:
        """Archive documents, all or none: captures to WARC, rows, full text. In their order, what each of them made.

        None for a document whose text is the latest version's. A document that moved, or comes under another name, is
        a version of the one it is (`facts.recognition`), under the address of the first. A small edit of a backlog
        version is backlog too.
        """
        ...

    def told_of(self, source: str, url: str) -> list[Alert]:
        """Return the alerts that events of an archived document raised, oldest first."""
        ...

    # documents that are looked at again
    def listings(self, sources: Sequence[str]) -> list[tuple[str, ...]]:
        """Return the addresses that each of these sources listed last, in its order."""
        ...

    def keep_listings(self, found: Sequence[Listing]) -> None:
        """Commit what sources list now, all or none; documents that vanished from one are looked at now."""
        ...

    def watch(self, source: str, url: str) -> Watch | None:
        """Return the watch of an archived document."""
        ...

    def latest(self, source: str, url: str) -> Snapshot | None:
        """Return the latest version of a source's document that was seen at this address or a twin of it."""
        ...

    def claim_looks(self, now: datetime, *, lease: timedelta, limit: int) -> list[PendingLook]:
        """Take documents of registered sources whose next look is due, oldest first, of each source one at a time."""
        ...

    def settle_look(self, watch: Watch) -> None:
        """Commit what a look taught, and free its lease."""
        ...

    def bury(self, watch: Watch, tombstone: Document, removal: Removal, alerts: Sequence[Alert], now: datetime) -> None:
        """Commit that a document was removed: a version without text, the watch, and alerts with their deliveries."""
        ...

    # backfills
    def backfill(self, source: str, since: date, until: date | None) -> BackfillRow | None:
        """Return a backfill that was begun; without a last day, the latest from its first day that is not done."""
        ...

    def turn_page(self, row: BackfillRow, links: Sequence[Link]) -> None:
        """Commit that a backfill read a page, with its links, which are backlog; its documents are kept before."""
        ...

    # judging
    def unjudged(self, limit: int) -> list[Snapshot]:
        """Return snapshots that no model has judged, news before backlog, oldest first."""
        ...

    def record_judgements(self, judged: Sequence[Judgement], alerts: Sequence[Alert] = ()) -> None:
        """Commit judgements with their events, and notices of what edits changed."""
        ...

    # stories and alerts
    def crowds(self, more_than: int) -> list[Crowd]:
        """Return the sources of which more news than this waits, to be judged or to be told of, by name."""
        ...

    def waiting_events(self, limit: int, *, of: str | None = None, without: Collection[str] = ()) -> list[WaitingEvent]:
        """Return events that no story holds, oldest first; of one snapshot the letter first.

        Those of one source, or of all but some.
        """
        ...

    def raised(self, alert_ids: Collection[str]) -> set[str]:
        """Return which of these alerts were raised before."""
        ...

    def open_stories(self, since: datetime) -> list[Story]:
        """Return the stories whose last event is at or after this time, oldest first."""
        ...

    def commit_story(self, event: Event, joined: Joined, alerts: Sequence[Alert]) -> None:
        """Commit the story with its new member, and each alert that was not raised before with its pending delivery."""
        ...

    def commit_apart(self, event: Event, alerts: Sequence[Alert]) -> None:
        """Commit that an event joins no story, and each alert that was not raised before with its pending delivery."""
        ...

    def tell(self, alerts: Sequence[Alert]) -> None:
        """Commit each alert that was not raised before with its pending delivery."""
        ...

    # deliveries
    def due_channels(self, now: datetime) -> list[str]:
        """Return the channels that have something to tell now and are not held, by name."""
        ...

    def claim_deliveries(self, channel: str, now: datetime, *, lease: timedelta, limit: int) -> list[OutboxItem]:
        """Take a channel's due deliveries, oldest first; nothing of a channel that is held.

        They are marked `sending` and the attempt is counted before anything is sent.
        A delivery found `sending` with its lease run out is taken again with `possible_repeat` set.
        """
        ...

    def settle(self, delivery: Delivery, *, hold_until: datetime | None = None, alerts: Sequence[Alert] = ()) -> None:
        """Commit how a try ended: state, receipt, error, retry_at; the try itself is kept for good.

        Until `hold_until` nothing of its channel is due; `alerts` are raised with it.
        """
        ...

    def open_digest(self, key: DigestKey, channel: str, now: datetime) -> Delivery | None:
        """Commit a pending delivery for this digest; None when the day already has one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A look-up: words in our own query language, and filters."""

    words: str = ""
    #: Documents with any of these labels; empty: all documents.
    labels: tuple[str, ...] = ()
    place_id: str | None = None
    since: date | None = None
    until: date | None = None
    #: Of one source alone; the canary's own document is left out unless it is asked for so.
    source: str | None = None
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One document that a look-up found: its latest matching version."""

    snapshot: Snapshot
    events: tuple[Event, ...]
    #: The words in their surroundings, as plain text pieces; True marks a found word.
    snippet: tuple[tuple[str, bool], ...]
    #: When its first version was taken.
    first_seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """All that became of one snapshot."""

    snapshot: Snapshot
    #: When the first version of its document was taken.
    first_seen: datetime
    events: tuple[Event, ...]
    #: The first version of its text: what it is an edited or local copy of, or an earlier version of its page.
    original: Snapshot | None
    story_ids: tuple[str, ...]
    deliveries: tuple[Delivery, ...]


class Catalogue(Protocol):
    """What the archive reads; a method here never writes."""

    def search(self, search: Search) -> tuple[list[Hit], int]:
        """Return one page of documents, newest first, and how many there are in all (counted to 1,000)."""
        ...

    def snapshot(self, snapshot_id: str) -> Snapshot:
        """Return a snapshot by its id, or by an unambiguous beginning of it of at least 6 characters.

        Raises:
            NotFound: none, or more than one.
        """
        ...

    def trace(self, snapshot_id: str) -> Trace:
        """Return what became of a snapshot."""
        ...

    def versions(self, url: str) -> list[Snapshot]:
        """Return every version of an address, oldest first."""
        ...

    def capture(self, snapshot: Snapshot) -> Capture:
        """Read the capture back from its WARC file.

        Raises:
            StorageError: the bytes are not there, or not those that were kept.
        """
        ...

    def sources(self) -> list[SourceRow]:
        """Return every source's row, by name."""
        ...

    def visits(self, source: str, limit: int) -> list[Visit]:
        """Return the last visits of a source, newest first."""
        ...

    def deliveries(self, limit: int) -> list[Delivery]:
        """Return the last deliveries, newest first."""
        ...

    def heard_canary(self) -> Heard | None:
        """Return the latest canary that its channel took."""
        ...

    def alerts_about(self, source: str) -> list[Alert]:
        """Return the last alerts about the health of a source, newest first; those of one moment as they come."""
        ...

    def digest_reports(self, name: str, day: date) -> list[Report]:
        """Return what the digest of a day tells of, newest first: all but backlog.

        It begins where the one before it ended, in the order of commits and not of clocks, so nothing falls between
        two digests. It ends where it was opened; one that is not open yet goes up to now.
        """
        ...

    def digest_before(self, name: str, day: date) -> date | None:
        """Return the latest local date before `day` that this digest was opened for."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...

    def given_up_links(self, limit: int) -> list[tuple[Link, str]]:
        """Return links that could not be read, with the error, newest first."""
        ...
