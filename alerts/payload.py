"""Payload: an alert or a digest as JSON, for the webhook and for `--json`; the keys are stable."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from alerts.message import Bulletin, Message
from alerts.plain import line
from facts.places import Place


def payload(message: Message) -> dict[str, Any]:
    """Return the alert as JSON values: dates and times in ISO 8601, null where there is none."""
    return {
        "alert_id": message.alert_id,
        "reason": message.reason.value,
        "label": message.label,
        "kind": line(message.kind),
        "title": line(message.headline),
        "place": _place(message.place),
        "places": [line(place) for place in message.places],
        "agencies": [line(agency) for agency in message.agencies],
        "programs": [line(program) for program in message.programs],
        "deadline": message.deadline_date.isoformat() if message.deadline_date else None,
        "deadline_words": line(message.deadline),
        "conditions": [line(condition) for condition in message.conditions],
        "evidence": line(message.quote),
        "url": line(message.url),
        "host": line(message.host),
        "source": line(message.source),
        "published_at": message.published_at.astimezone(UTC).isoformat() if message.published_at else None,
        "archived_url": message.archived_url,
        "possible_repeat": message.possible_repeat,
        "note": line(message.note) or None,
        "recognised_by": line(message.recognised_by) or None,
    }


def bulletin_payload(bulletin: Bulletin) -> dict[str, Any]:
    """Return the digest as JSON values; `digest_id` is the same for every try to tell this day."""
    return {
        "digest_id": bulletin.message_id,
        "digest": bulletin.name,
        "date": bulletin.local_date.isoformat(),
        "subject": line(bulletin.subject),
        "sections": [
            {"heading": line(heading), "entries": [_entry(message) for message in messages]}
            for heading, messages in bulletin.sections
        ],
        "failing": [line(failure) for failure in bulletin.failing],
        "archive_url": bulletin.archive_url,
    }


def _entry(message: Message) -> dict[str, Any]:
    return {**payload(message), "also": [line(source) for source in message.also]}


def _place(place: Place | None) -> dict[str, str] | None:
    if place is None:
        return None
    return {"name": line(place.name), "state": place.state, "kind": place.kind.value, "id": place.id}
