"""The two faces of storage: the Store, through which the stages write, and the Catalogue, which only reads.

Every method is synchronous and one transaction; a caller in an event loop runs it in a thread.
Writing the same thing twice inserts nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from facts.alert import Alert, Delivery, DigestKey
from facts.document import Capture, Document, Snapshot
from facts.event import Event, Judgement, Sketch
from facts.story import Joined, Report, Story
from facts.visit import Link, Remembered, Visit


class SourceState(StrEnum):
    """What is known of a source's health."""

    NEW = "new"
    OK = "ok"
    FAILING = "failing"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A source as the scheduler sees it: mutable work state, read as one value."""

    name: str
    next_poll_at: datetime
    state: SourceState = SourceState.NEW
    #: When the state last turned.
    turned_at: datetime | None = None
    #: Failed visits in a row.
    failures: int = 0
    last_ok_at: datetime | None = None
    last_visit_at: datetime | None = None
    last_error: str | None = None
    #: A visit brought something: what comes from now on is news.
    visited: bool = False
    #: What its visits taught: rhythm, size and layout, in the words of `scheduler.habits`.
    habits: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingLink:
    """A link still to be read."""

    link: Link
    #: Found by a first visit or a backfill.
    backlog: bool
    #: Failed tries so far.
    attempt: int
    #: How often in a row its holder let the lease run out, or stopped, before the try had ended.
    lost: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingEvent:
    """An event that no story holds yet, with the sketch of its document."""

    event: Event
    sketch: Sketch


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxItem:
    """A delivery that was claimed, with all that its words need."""

    delivery: Delivery
    alerts: tuple[Alert, ...]
    #: By event id.
    events: Mapping[str, Event]


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

    def memory(self, source: str) -> dict[str, Remembered]:
        """Return what each address of this source answered last."""
        ...

    def finish_visit(
        self,
        visit: Visit,
        row: SourceRow,
        links: Sequence[Link],
        remembered: Sequence[Remembered],
        alerts: Sequence[Alert],
    ) -> None:
        """Commit the end of a visit and free the source's lease.

        That is its record, the source's new row, links, validators, and health alerts with their deliveries.
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

    def finish_link(self, link: Link, found: Sequence[Link], *, backlog: bool) -> None:
        """Commit that a link was read, with the links found in it."""
        ...

    def postpone_link(self, link: Link, *, error: str, retry_at: datetime | None, alerts: Sequence[Alert] = ()) -> None:
        """Commit that a link could not be read; without a time it is given up, with its error.

        Alerts get their deliveries in the same transaction.
        """
        ...

    # documents
    def keep(self, document: Document, *, backlog: bool, now: datetime) -> Snapshot | None:
        """Archive a document: capture to WARC, row, full text. None when its text is the latest version's.

        A small edit of a backlog version is backlog too.
        """
        ...

    # judging
    def unjudged(self, limit: int) -> list[Snapshot]:
        """Return snapshots that no model has judged, news before backlog, oldest first."""
        ...

    def record_judgement(self, judgement: Judgement) -> None:
        """Commit a judgement with its events."""
        ...

    # stories and alerts
    def waiting_events(self, limit: int) -> list[WaitingEvent]:
        """Return events that no story holds, oldest first; of one snapshot the letter first."""
        ...

    def open_stories(self, since: datetime) -> list[Story]:
        """Return the stories whose last event is at or after this time, oldest first."""
        ...

    def commit_story(self, event: Event, joined: Joined, alerts: Sequence[Alert]) -> None:
        """Commit the story with its new member, and each alert that was not raised before with its pending delivery."""
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
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One document that a look-up found: its latest matching version."""

    snapshot: Snapshot
    events: tuple[Event, ...]
    #: The words in their surroundings, as plain text pieces; True marks a found word.
    snippet: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """All that became of one snapshot."""

    snapshot: Snapshot
    events: tuple[Event, ...]
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
