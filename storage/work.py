"""Work: what the stages take out of the archive to work on, and what they put back; mutable state, read as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from facts.alert import Alert, Delivery
from facts.document import Snapshot
from facts.event import Event, Sketch
from facts.visit import Link, Remembered, Visit
from facts.watch import Watch


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
class VisitEnd:
    """All that the end of a visit commits."""

    visit: Visit
    #: The source's new row.
    row: SourceRow
    links: tuple[Link, ...] = ()
    remembered: tuple[Remembered, ...] = ()
    #: Health alerts, which get their deliveries.
    alerts: tuple[Alert, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a source lists at one look."""

    source: str
    #: The addresses of its entries, in their order.
    urls: tuple[str, ...]
    #: What it listed at the look before and lists no more, and when that look was.
    vanished: tuple[str, ...] = ()
    last_seen: datetime
    at: datetime


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
class BackfillRow:
    """How far the reading of a source's past came; both days are included."""

    source: str
    since: date
    until: date
    #: Where it goes on, in words of the source's kind; None at its beginning, and when it is done.
    cursor: str | None = None
    done: bool = False
    #: Read so far.
    pages: int = 0
    documents: int = 0
    #: When the last page was turned.
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingLook:
    """A document that is due to be looked at again."""

    watch: Watch
    #: What is asked: the link that it was read from, or one to its own address.
    link: Link
    #: Its latest version, which may be a tombstone.
    latest: Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingEvent:
    """An event that no story holds yet, with the sketch of its document."""

    event: Event
    sketch: Sketch


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """What waits of a source that brought much news."""

    source: str
    #: Events that no story holds, those of backlog too.
    waiting: int
    #: News that no model has judged.
    unjudged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxItem:
    """A delivery that was claimed, with all that its words need."""

    delivery: Delivery
    alerts: tuple[Alert, ...]
    #: By event id.
    events: Mapping[str, Event]
