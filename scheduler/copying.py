"""Copying: what an alert says of a document that takes its text from one that was told before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from alerts.notices import own_words
from classifier.additions import additions
from facts.alert import Alert
from facts.event import Event
from facts.story import Joined
from scheduler.pipeline import Pipeline


def with_own_words(pipeline: Pipeline, event: Event, joined: Joined, alerts: Sequence[Alert]) -> Sequence[Alert]:
    """Return the alerts, those of a copy with what it adds to its original: mostly the reply of local officials."""
    raising = [alert.id for alert in alerts if alert.event_id == event.id and alert.detail is None]
    original = _original(joined)
    # Most copies raise nothing that was not raised before, and are not compared.
    if original is None or not raising or not set(raising) - pipeline.store.raised(raising):
        return alerts
    first, later = pipeline.catalogue.snapshot(original), pipeline.catalogue.snapshot(event.snapshot_id)
    said = own_words(first, later, additions(first.text, later.text), event.evidence)
    return [replace(alert, detail=said or None) if alert.id in raising else alert for alert in alerts]


def _original(joined: Joined) -> str | None:
    """Return the snapshot of the member that was copied."""
    copied = (member.snapshot_id for member in joined.story.members if member.event_id == joined.copy_of)
    return next(copied, None)
