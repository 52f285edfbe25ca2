"""`related_development`: a ruling, a federal suit, a freeze or a bill next door to the conditions; for digests."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from classifier.gate import Gated
from classifier.reading import LabelReading
from classifier.scoring import trained_reading


class Settings(BaseModel):
    """The stanza `[labels.related_development]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    threshold: float = Field(default=0.3, gt=0, lt=1)


class Label:
    """Reads whether the document tells of a development around federal conditions and of none itself."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def score(self, document: Gated) -> LabelReading:
        """Return the trained model's score, with the sentences behind it."""
        return trained_reading(document, "related", self._settings.threshold)
