"""`funding_condition_letter`: a federal authority newly ties money for states or localities to a condition."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from classifier.gate import Gated
from classifier.reading import LabelReading
from classifier.scoring import trained_reading


class Settings(BaseModel):
    """The stanza `[labels.funding_condition_letter]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    threshold: float = Field(default=0.6, gt=0, lt=1)


class Label:
    """Reads whether the document is, or reports as its news, a federal condition on money."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def score(self, document: Gated) -> LabelReading:
        """Return the trained model's score, with the sentences behind it."""
        return trained_reading(document, "letter", self._settings.threshold)
