"""Refitting: a model made anew with what a newsroom said, how it fares, and whether it may be put to use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How a model fares on some labelled documents: any alert, right or wrong."""

    documents: int
    #: How many are to be flagged, how many of them were, and how many others.
    to_find: int
    found: int
    false_alarms: int

    @property
    def recall(self) -> float:
        """The share found of what is to be found; 1 where there is nothing."""
        return self.found / self.to_find if self.to_find else 1.0

    @property
    def wrong(self) -> int:
        """How many documents were judged wrongly."""
        return self.to_find - self.found + self.false_alarms


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A model that was made anew; its file is named after it. The same rows and labels make the same one."""

    name: str
    made_at: datetime
    #: The digest of the model that shipped with the program that made it: another program reads texts otherwise.
    base: str
    #: The digest of its file.
    digest: str
    #: How many labelled documents it learned from beside the shipped rows.
    labels: int
    golden: Score
    #: On the labelled documents that were held out.
    held_out: Score
    #: The name of the model that was in use when it was made, and how that fared on the same.
    against: str
    against_golden: Score
    against_held_out: Score


class Step(StrEnum):
    """What changed the model in use."""

    PROMOTED = "promoted"
    ROLLED_BACK = "rolled-back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A change of the model in use, in the order in which they were made."""

    step: Step
    #: The model that was promoted, or taken back.
    model: str
    at: datetime


def in_use(uses: Sequence[Use]) -> str | None:
    """Return the name of the model in use; None for the shipped one."""
    held: list[str] = []
    for use in uses:
        if use.step is Step.PROMOTED:
            held.append(use.model)
        else:
            held.pop()
    return held[-1] if held else None


def refusal(golden: Score, of_present: Score) -> str | None:
    """Return why a model may not take the place of the present one, None when it may; both judged the golden set."""
    reasons = []
    if golden.found < of_present.found:
        reasons.append(
            f"it finds {golden.found} of {golden.to_find} golden documents, the present one finds {of_present.found}"
        )
    if golden.false_alarms > of_present.false_alarms:
        reasons.append(
            f"it raises {golden.false_alarms} false alarms on them, the present one {of_present.false_alarms}"
        )
    return " and ".join(reasons) or None
