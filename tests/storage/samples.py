"""Invented values that the storage tests write."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from facts.alert import Alert, Reason, alert_id
from facts.document import Capture, Document, Snapshot
from facts.event import (
    LETTER,
    RESPONSE,
    Condition,
    Deadline,
    Event,
    Judgement,
    Quote,
    Sketch,
    Stance,
    StanceKind,
    event_id,
)
from facts.places import Place, PlaceKind, Role
from facts.story import Joined, Member, Story, story_id
from facts.visit import Link, LinkKind

NOW = datetime(2017, 8, 3, 12, tzinfo=UTC)
LEASE = timedelta(minutes=5)
HORIZON = timedelta(days=2)
MINUTE = timedelta(minutes=1)

STOCKTON = Place(name="Stockton", state="CA", kind=PlaceKind.CITY, id="geonames:5399020", role=Role.RECIPIENT)
ALBUQUERQUE = Place(name="Albuquerque", state="NM", kind=PlaceKind.CITY, id="geonames:5454711", role=Role.RESPONDENT)
NEW_MEXICO = Place(name="New Mexico", state="NM", kind=PlaceKind.STATE, id="state:NM")


def capture(body: bytes = b"<p>a page</p>", *, url: str = "https://doj.example/feed", at: datetime = NOW) -> Capture:
    """Return an HTTP answer."""
    return Capture(
        url=url,
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip"), ("ETag", 'W/"7"')),
        body=body,
        media_type="text/html",
        fetched_at=at,
    )


def document(
    text: str = "The city must open its jail within 48 hours.",
    *,
    url: str = "https://doj.example/letters/1",
    at: datetime = NOW,
    **fields: Any,
) -> Document:
    """Return a document whose capture is its own page; `fields` are further fields of it."""
    own = capture(text.encode("utf-8", "surrogatepass"), url=url, at=at)
    plain: dict[str, Any] = {"source": "doj", "title": "A letter to Stockton", "capture": own}
    return Document(url=url, text=text, **(plain | fields))


def event(snapshot: Snapshot, label: str = LETTER, *, places: tuple[Place, ...] = (STOCKTON,)) -> Event:
    """Return an event that fills every field."""
    return Event(
        id=event_id(snapshot.id, label),
        snapshot_id=snapshot.id,
        label=label,
        score=0.97,
        evidence=(Quote(text=snapshot.text[:8], start=0, end=8),),
        agencies=("Department of Justice",),
        programs=("Public Safety Partnership",),
        instrument="letter" if label == LETTER else "",
        places=places,
        deadline=Deadline(date=date(2017, 8, 18), phrase="by Aug. 18", assumed_year=True),
        conditions=(Condition.JAIL_ACCESS, Condition.RELEASE_NOTICE),
        stances=(Stance(place=ALBUQUERQUE, stance=StanceKind.DISPUTES),) if label == RESPONSE else (),
        source=snapshot.source,
        url=snapshot.url,
        title=snapshot.title,
        published_at=snapshot.published_at,
        version=snapshot.version,
        backlog=snapshot.backlog,
        judged_by="base-1",
        judged_at=NOW,
    )


def judgement(
    snapshot: Snapshot, *events: Event, model: str = "base-1", sketch: Sketch = (1, 2, 2**64 - 1)
) -> Judgement:
    """Return what a model said of a snapshot."""
    return Judgement(snapshot_id=snapshot.id, model=model, judged_at=NOW, events=events, sketch=sketch)


def member(of: Event, sketch: Sketch = (1, 2)) -> Member:
    """Return an event's membership."""
    return Member(event_id=of.id, snapshot_id=of.snapshot_id, label=of.label, url=of.url, sketch=sketch)


def opened(by: Event) -> Joined:
    """Return the story that an event opens."""
    story = Story(
        id=story_id(by.id),
        opened_by=by.id,
        opened_at=NOW,
        last_event_at=NOW,
        agencies=by.agencies,
        programs=by.programs,
        instrument=by.instrument,
        place_ids=tuple(place.id for place in by.places),
        members=(member(by),),
    )
    return Joined(story=story, opened=True, copy_of=None)


def alert(of: Event, story: Story, *, channel: str = "desk", route: str = "desk", due_at: datetime = NOW) -> Alert:
    """Return the alert that an event raises."""
    return Alert(
        id=alert_id(story.id, of.label, None, route),
        event_id=of.id,
        story_id=story.id,
        place=ALBUQUERQUE,
        source=None,
        detail=None,
        reason=Reason.NEW_STORY,
        route=route,
        channel=channel,
        due_at=due_at,
    )


def health_alert(number: int = 1, *, channel: str = "ops", due_at: datetime = NOW) -> Alert:
    """Return the alert that a failing source raises."""
    return Alert(
        id=f"{number:020}",
        event_id=None,
        story_id=None,
        place=None,
        source="doj",
        detail="answers 503",
        reason=Reason.SOURCE_FAILING,
        route="",
        channel=channel,
        due_at=due_at,
    )


def link(number: int = 1, *, source: str = "doj", summary: str = "In short.") -> Link:
    """Return a link that a visit found."""
    return Link(
        source=source,
        url=f"https://doj.example/letters/{number}",
        kind=LinkKind.LETTER,
        parent="https://doj.example/releases",
        title=f"Letter {number}",
        summary=summary,
        published_at=NOW,
        places=(STOCKTON,),
    )
