"""Value to row and back, for feedback and models."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Row

from facts.event import Quote
from facts.feedback import Feedback, Verdict
from facts.refitting import Candidate, Score, Step, Use
from storage.rows import Fields, place_fields, places_of

_SCORES = ("golden", "held_out", "against_golden", "against_held_out")


def feedback_fields(feedback: Feedback) -> Fields:
    """Return the columns of a verdict."""
    return {
        "id": feedback.id,
        "verdict": feedback.verdict,
        "label": feedback.label,
        "url": feedback.url,
        "event_id": feedback.event_id,
        "snapshot_id": feedback.snapshot_id,
        "text_digest": feedback.text_digest,
        "model": feedback.model,
        "evidence": feedback.evidence and asdict(feedback.evidence),
        "places": [place_fields(place) for place in feedback.places],
        "by": feedback.by,
        "at": feedback.at,
    }


def feedback_of(row: Row[Any]) -> Feedback:
    """Return a verdict."""
    return Feedback(
        id=row.id,
        verdict=Verdict(row.verdict),
        label=row.label,
        url=row.url,
        event_id=row.event_id,
        snapshot_id=row.snapshot_id,
        text_digest=row.text_digest,
        model=row.model,
        evidence=row.evidence and Quote(**row.evidence),
        places=places_of(row.places),
        by=row.by,
        at=row.at,
    )


def candidate_fields(candidate: Candidate) -> Fields:
    """Return the columns of a model."""
    return {
        "name": candidate.name,
        "made_at": candidate.made_at,
        "base": candidate.base,
        "digest": candidate.digest,
        "labels": candidate.labels,
        "against": candidate.against,
        "scores": {name: asdict(getattr(candidate, name)) for name in _SCORES},
    }


def candidate_of(row: Row[Any]) -> Candidate:
    """Return a model."""
    return Candidate(
        name=row.name,
        made_at=row.made_at,
        base=row.base,
        digest=row.digest,
        labels=row.labels,
        against=row.against,
        **{name: Score(**row.scores[name]) for name in _SCORES},
    )


def use_of(row: Row[Any]) -> Use:
    """Return a change of the model in use."""
    return Use(step=Step(row.step), model=row.model, at=row.at)
