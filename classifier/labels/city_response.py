"""`city_response`: a state or local government answers a federal condition on money."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from classifier.gate import Gated
from classifier.reading import LabelReading
from classifier.scoring import trained_reading


class Settings(BaseModel):
    """The stanza `[labels.city_response]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    threshold: float = Field(default=0.6, gt=0, lt=1)


class Label:
    """Reads whether the document is, or reports as its news, an answer to a federal condition."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def score(self, document: Gated) -> LabelReading:
        """Return the trained model's score, with the sentences behind it."""
        return trained_reading(document, "response", self._settings.threshold)
