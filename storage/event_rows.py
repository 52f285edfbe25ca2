"""Value to row and back, for events, stories, alerts and deliveries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Row

from facts.alert import Alert, Delivery, DeliveryState, DigestKey, Reason
from facts.event import Condition, Deadline, Event, Quote, Stance, StanceKind
from facts.story import Member, Story
from storage.rows import Fields, place_fields, place_of, places_of

# events


def _deadline_fields(deadline: Deadline) -> Fields:
    return {"date": deadline.date.isoformat(), "phrase": deadline.phrase, "assumed_year": deadline.assumed_year}


def _deadline(fields: Fields) -> Deadline:
    return Deadline(
        date=date.fromisoformat(fields["date"]), phrase=fields["phrase"], assumed_year=fields["assumed_year"]
    )


def _stance(fields: Fields) -> Stance:
    return Stance(place=place_of(fields["place"]), stance=StanceKind(fields["stance"]))


def event_fields(event: Event) -> Fields:
    """Return the columns of an event."""
    return {
        "id": event.id,
        "snapshot_id": event.snapshot_id,
        "label": event.label,
        "score": event.score,
        "evidence": [{"text": quote.text, "start": quote.start, "end": quote.end} for quote in event.evidence],
        "agencies": event.agencies,
        "programs": event.programs,
        "instrument": event.instrument,
        "places": [place_fields(place) for place in event.places],
        "deadline": event.deadline and _deadline_fields(event.deadline),
        "conditions": event.conditions,
        "stances": [{"place": place_fields(each.place), "stance": each.stance} for each in event.stances],
        "source": event.source,
        "url": event.url,
        "title": event.title,
        "published_at": event.published_at,
        "version": event.version,
        "backlog": event.backlog,
        "judged_by": event.judged_by,
        "judged_at": event.judged_at,
        "recognised_by": event.recognised_by,
    }


def event_of(row: Row[Any]) -> Event:
    """Return an event."""
    return Event(
        id=row.id,
        snapshot_id=row.snapshot_id,
        label=row.label,
        score=row.score,
        evidence=tuple(Quote(**quote) for quote in row.evidence),
        agencies=tuple(row.agencies),
        programs=tuple(row.programs),
        instrument=row.instrument,
        places=places_of(row.places),
        deadline=row.deadline and _deadline(row.deadline),
        conditions=tuple(Condition(each) for each in row.conditions),
        stances=tuple(_stance(each) for each in row.stances),
        source=row.source,
        url=row.url,
        title=row.title,
        published_at=row.published_at,
        version=row.version,
        backlog=row.backlog,
        judged_by=row.judged_by,
        judged_at=row.judged_at,
        recognised_by=row.recognised_by,
    )


# stories


def story_fields(story: Story) -> Fields:
    """Return the columns of a story, its members left out."""
    return {
        "id": story.id,
        "opened_by": story.opened_by,
        "opened_at": story.opened_at,
        "last_event_at": story.last_event_at,
        "agencies": story.agencies,
        "programs": story.programs,
        "instrument": story.instrument,
        "place_ids": story.place_ids,
    }


def member_fields(story_id: str, member: Member, copy_of: str | None = None) -> Fields:
    """Return the columns of a story's member."""
    return {
        "story_id": story_id,
        "event_id": member.event_id,
        "snapshot_id": member.snapshot_id,
        "label": member.label,
        "sketch": member.sketch,
        "copy_of": copy_of,
    }


def member_of(row: Row[Any], url: str) -> Member:
    """Return a story's member, whose address stands with its event."""
    return Member(event_id=row.event_id, snapshot_id=row.snapshot_id, label=row.label, url=url, sketch=row.sketch)


def story_of(row: Row[Any], members: Iterable[Member]) -> Story:
    """Return a story with its members."""
    return Story(
        id=row.id,
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        last_event_at=row.last_event_at,
        agencies=tuple(row.agencies),
        programs=tuple(row.programs),
        instrument=row.instrument,
        place_ids=tuple(row.place_ids),
        members=tuple(members),
    )


# alerts and deliveries


def alert_fields(alert: Alert) -> Fields:
    """Return the columns of an alert."""
    return {
        "id": alert.id,
        "event_id": alert.event_id,
        "story_id": alert.story_id,
        "place": alert.place and place_fields(alert.place),
        "source": alert.source,
        "detail": alert.detail,
        "reason": alert.reason,
        "route": alert.route,
        "channel": alert.channel,
        "due_at": alert.due_at,
    }


def alert_of(row: Row[Any]) -> Alert:
    """Return an alert."""
    return Alert(
        id=row.id,
        event_id=row.event_id,
        story_id=row.story_id,
        place=row.place and place_of(row.place),
        source=row.source,
        detail=row.detail,
        reason=Reason(row.reason),
        route=row.route,
        channel=row.channel,
        due_at=row.due_at,
    )


def delivery_fields(delivery: Delivery) -> Fields:
    """Return the columns of a delivery, its alerts and lease left out."""
    return {
        "id": delivery.id,
        "digest_name": delivery.digest and delivery.digest.name,
        "digest_date": delivery.digest and delivery.digest.local_date,
        "channel": delivery.channel,
        "state": delivery.state,
        "attempt": delivery.attempt,
        "at": delivery.at,
        "receipt": delivery.receipt,
        "error": delivery.error,
        "retry_at": delivery.retry_at,
        "possible_repeat": delivery.possible_repeat,
    }


def attempt_fields(delivery: Delivery) -> Fields:
    """Return the columns of one try at a delivery."""
    return {
        "delivery_id": delivery.id,
        "attempt": delivery.attempt,
        "state": delivery.state,
        "at": delivery.at,
        "receipt": delivery.receipt,
        "error": delivery.error,
    }


def delivery_of(row: Row[Any], alert_ids: Iterable[str]) -> Delivery:
    """Return a delivery with the ids of its alerts."""
    named = row.digest_name is not None
    return Delivery(
        id=row.id,
        alert_ids=tuple(alert_ids),
        digest=DigestKey(name=row.digest_name, local_date=row.digest_date) if named else None,
        channel=row.channel,
        state=DeliveryState(row.state),
        attempt=row.attempt,
        at=row.at,
        receipt=row.receipt,
        error=row.error,
        retry_at=row.retry_at,
        possible_repeat=row.possible_repeat,
    )
