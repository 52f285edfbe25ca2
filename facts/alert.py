"""Alert: somebody must hear of this. Delivery: what became of telling them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from facts.identity import make_id
from facts.places import Place


class Reason(StrEnum):
    """Why the alert was raised."""

    NEW_STORY = "new-story"
    FOLLOW_UP = "follow-up"
    EDITED = "edited"
    REMOVED = "removed"
    CORRECTION = "correction"
    REMINDER = "reminder"
    #: One notice for more than anybody reads one by one.
    MANY = "many-at-once"
    SOURCE_FAILING = "source-failing"
    SOURCE_RECOVERED = "source-recovered"
    DELIVERY_REFUSED = "delivery-refused"
    #: The built-in test document came through; or one did not, and again one did.
    CANARY = "canary"
    CANARY_LATE = "canary-late"
    CANARY_RECOVERED = "canary-recovered"


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    IN_DOUBT = "in_doubt"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One thing to tell one channel."""

    id: str
    #: The event, or None for the health of a source.
    event_id: str | None
    story_id: str | None
    #: The responding place of a follow-up that reports one place's answer.
    place: Place | None
    #: For the health of a source, or of a channel: its name and what is wrong in one line. For many at once: of what.
    source: str | None
    detail: str | None
    reason: Reason
    route: str
    channel: str
    due_at: datetime
    #: The id of a lesser alert that this one makes needless: recorded with it, and never told.
    covers: str | None = None


def alert_id(story: str, label: str, place: Place | None, route: str, *, step: str = "") -> str:
    """Return the id of an alert: one for each story, label, responding place and route.

    `step` names what makes a place news again: one that reviewed a demand last month and sues today.
    """
    return make_id("alert", story, label, place.id if place else "", route, *([step] if step else []))


def source_alert_id(source: str, reason: Reason, turned_at: datetime, channel: str) -> str:
    """Return the id of a health alert: one for each turn of a source."""
    return make_id("source-alert", source, reason, turned_at.isoformat(), channel)


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestKey:
    """A digest of one local day; unique, so an hour that comes twice sends it once."""

    name: str
    local_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message on its way to one channel: some alerts, or one digest."""

    id: str
    alert_ids: tuple[str, ...]
    digest: DigestKey | None
    channel: str
    state: DeliveryState
    #: How many times it was tried.
    attempt: int
    at: datetime
    #: What the channel gave back: a Slack ts, a Message-ID.
    receipt: str | None = None
    error: str | None = None
    retry_at: datetime | None = None
    #: An earlier try may have arrived: its answer was lost.
    possible_repeat: bool = False


def delivery_id(channel: str, *what: str) -> str:
    """Return the id of a delivery: its channel, and its alert ids or the name and day of its digest."""
    return make_id("delivery", channel, *what)
