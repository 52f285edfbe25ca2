"""Route: who hears of what. The decision which alerts an event raises, and on which channels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from facts.alert import Alert, Reason, alert_id, source_alert_id
from facts.event import LETTER, RESPONSE, Event, StanceKind
from facts.places import Place, PlaceKind, Role
from facts.story import Joined

#: The route named by alerts that no route of the configuration asked for.
HEALTH_ROUTE = "health"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Which labels of which places go to which channel."""

    name: str
    labels: tuple[str, ...]
    #: Empty: everywhere. A state stands for every place in it.
    places: tuple[Place, ...]
    channel: str


def route(event: Event, joined: Joined, routes: Sequence[Route], now: datetime) -> list[Alert]:
    """Return the alerts this event raises; the store recognises those it has raised before by their ids.

    A response raises one for each responding place, every other label one in all. The first alert of an opening event
    on a route is its new story, every other a follow-up. What a first visit or a backfill brought raises none.
    """
    if event.backlog:
        return []
    return [
        alert for listening in routes if event.label in listening.labels for alert in _on(listening, event, joined, now)
    ]


def source_alert(  # noqa: PLR0913, PLR0917  a turn of health is exactly these facts
    source: str, reason: Reason, turned_at: datetime, detail: str, channel: str, now: datetime
) -> Alert:
    """Return the alert that a source began to fail, or recovered; one for each turn."""
    return Alert(
        id=source_alert_id(source, reason, turned_at, channel),
        event_id=None,
        story_id=None,
        place=None,
        source=source,
        detail=detail,
        reason=reason,
        route=HEALTH_ROUTE,
        channel=channel,
        due_at=now,
    )


def responding_places(event: Event) -> tuple[Place, ...]:
    """Return the places that answer, each once: those with a stance, else those in the role of respondent."""
    places = tuple(stance.place for stance in event.stances) or event.in_role(Role.RESPONDENT)
    return tuple({place.id: place for place in places}.values())


def _on(listening: Route, event: Event, joined: Joined, now: datetime) -> list[Alert]:
    return [
        Alert(
            id=alert_id(joined.story.id, event.label, place, listening.name, step=step),
            event_id=event.id,
            story_id=joined.story.id,
            place=place,
            source=None,
            detail=None,
            reason=Reason.NEW_STORY if joined.opened and number == 0 else Reason.FOLLOW_UP,
            route=listening.name,
            channel=listening.channel,
            due_at=now,
            # Who is known to sue is not told to dispute by the next paper.
            covers=alert_id(joined.story.id, event.label, place, listening.name) if step else None,
        )
        for number, (place, step) in enumerate((place, _step(event, place)) for place in _told(listening, event))
    ]


def _told(listening: Route, event: Event) -> tuple[Place | None, ...]:
    """Return the place of each alert that this route hears of the event."""
    answering = responding_places(event) if event.label == RESPONSE else ()
    if answering:
        return tuple(place for place in answering if _hears(listening, (place,)))
    return (None,) if _hears(listening, _concerned(event)) else ()


def _concerned(event: Event) -> tuple[Place, ...]:
    # A letter whose recipients are not named is to everybody; a response whose author could not be read concerns the
    # places it names. An alert too many costs a glance, one too few a story.
    return event.in_role(Role.RECIPIENT) if event.label == LETTER else event.places


def _hears(listening: Route, places: Sequence[Place]) -> bool:
    # What names no place, such as a condition on every grant, concerns everybody.
    if not listening.places or not places:
        return True
    return any(_covers(wanted, place) for wanted in listening.places for place in places)


def _step(event: Event, place: Place | None) -> str:
    """Return "sues" for a place that goes to court: told even when its earlier answer was."""
    sues = {stance.place.id for stance in event.stances if stance.stance is StanceKind.SUES}
    return StanceKind.SUES.value if place and place.id in sues else ""


def _covers(wanted: Place, place: Place) -> bool:
    return wanted.state == place.state if wanted.kind is PlaceKind.STATE else wanted.id == place.id
