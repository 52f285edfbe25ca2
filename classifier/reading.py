"""Reading: what the rules make of one document, and the JSON that people script against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from facts.event import Condition, Deadline, Quote, Stance
from facts.places import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelReading:
    """One label's score, 0 to 1, and the passages behind it, the strongest first."""

    score: float
    flagged: bool
    evidence: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Everything read out of one document.

    A place that was addressed and also answered stands twice in `places`, once for each role.
    """

    labels: Mapping[str, LabelReading]
    #: The name of the model that judged.
    model: str
    agencies: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    instrument: str = ""
    places: tuple[Place, ...] = ()
    deadline: Deadline | None = None
    conditions: tuple[Condition, ...] = ()
    stances: tuple[Stance, ...] = ()

    @property
    def flagged(self) -> tuple[str, ...]:
        """The labels that the document earned."""
        return tuple(label for label, reading in self.labels.items() if reading.flagged)


def reading_json(reading: Reading) -> dict[str, Any]:
    """Return the reading as `classify --json` prints it."""
    return {
        "labels": {label: _label_json(result) for label, result in reading.labels.items()},
        "agencies": list(reading.agencies),
        "programs": list(reading.programs),
        "jurisdictions": [
            {
                "name": place.name,
                "state": place.state,
                "kind": place.kind.value,
                "id": place.id,
                "role": place.role.value,
            }
            for place in reading.places
        ],
        "deadline": _deadline_json(reading.deadline),
        "conditions": [condition.value for condition in reading.conditions],
        "stances": [
            {"name": stance.place.name, "state": stance.place.state, "stance": stance.stance.value}
            for stance in reading.stances
        ],
        "model": reading.model,
    }


def _label_json(result: LabelReading) -> dict[str, Any]:
    evidence = [{"text": quote.text, "start": quote.start, "end": quote.end} for quote in result.evidence]
    return {"score": round(result.score, 2), "flagged": result.flagged, "evidence": evidence}


def _deadline_json(deadline: Deadline | None) -> dict[str, Any] | None:
    if deadline is None:
        return None
    return {"date": deadline.date.isoformat(), "phrase": deadline.phrase, "assumed_year": deadline.assumed_year}
