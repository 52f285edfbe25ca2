"""Story: the letter and its answers, which stand together until cases are built."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from facts.event import Event, Sketch
from facts.identity import make_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One event of a story, with what is needed to recognise its copies."""

    event_id: str
    snapshot_id: str
    label: str
    #: Where its document stands: a page is no copy of another page of its own site, but a version of itself.
    url: str
    sketch: Sketch


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A letter, its copies and the answers to it."""

    id: str
    opened_by: str
    opened_at: datetime
    last_event_at: datetime
    agencies: tuple[str, ...]
    programs: tuple[str, ...]
    instrument: str
    place_ids: tuple[str, ...]
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """An event and the story it joined, as it stands with the event in it."""

    story: Story
    #: The event opened the story.
    opened: bool
    #: The member this event's document copies, or None.
    copy_of: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """An event with its story, as a digest tells of it."""

    event: Event
    #: None while the event waits for its story.
    story_id: str | None
    #: The event opened the story.
    opens: bool


def story_id(event_id: str) -> str:
    """Return the id of the story that this event opened."""
    return make_id("story", event_id)
