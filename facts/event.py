"""Event: a document was judged to be news of one kind, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from facts.identity import make_id
from facts.places import Place, Role

LETTER = "funding_condition_letter"
RESPONSE = "city_response"
RELATED = "related_development"


class Condition(StrEnum):
    """What the money is tied to."""

    JAIL_ACCESS = "jail_access"
    RELEASE_NOTICE = "release_notice"
    DETAINER_HOLD = "detainer_hold"
    INFORMATION_SHARING = "information_sharing"
    CERTIFICATION = "certification"
    DATA_HANDOVER = "data_handover"
    POLICY_REPEAL = "policy_repeal"
    OTHER = "other"


class StanceKind(StrEnum):
    """What a place answered."""

    COMPLIES = "complies"
    REFUSES = "refuses"
    SUES = "sues"
    DISPUTES = "disputes"
    ASKS = "asks"
    REVIEWS = "reviews"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A passage of the document's own text: `text == document_text[start:end]`."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """The day an answer is due, with the words that say so."""

    date: date
    phrase: str
    #: The words named no year; it was taken from the document's date.
    assumed_year: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stance:
    """What one place answered."""

    place: Place
    stance: StanceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One label that a document earned, with what was read out of it."""

    id: str
    snapshot_id: str
    label: str
    #: 0 to 1.
    score: float
    evidence: tuple[Quote, ...]
    agencies: tuple[str, ...]
    programs: tuple[str, ...]
    #: What carried the condition: letter, grant terms, notice, list, order, subpoena, suit; "" when not said.
    instrument: str
    places: tuple[Place, ...]
    deadline: Deadline | None
    conditions: tuple[Condition, ...]
    stances: tuple[Stance, ...]
    # Carried from the snapshot, so that wording and routing need nothing else.
    source: str
    url: str
    title: str
    published_at: datetime | None
    version: int
    backlog: bool
    # Work of one model at one time; neither is part of the id.
    judged_by: str
    judged_at: datetime
    #: Carried from the snapshot too: the program that recognised words in a scan.
    recognised_by: str | None = None

    def in_role(self, role: Role) -> tuple[Place, ...]:
        """Return the places that have this role."""
        return tuple(place for place in self.places if place.role is role)


def event_id(snapshot_id: str, label: str) -> str:
    """Return the id of an event; the model is left out, so a new model adds no second alert."""
    return make_id("event", snapshot_id, label)


#: The minhash of a text's word shingles; empty for a text too short to compare.
Sketch = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What one model said of one snapshot: the events it saw, none for an ordinary document."""

    snapshot_id: str
    model: str
    judged_at: datetime
    events: tuple[Event, ...]
    #: Empty also where there are no events.
    sketch: Sketch
