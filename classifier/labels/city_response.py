"""`city_response`: a state or local government answers a federal condition on money."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field

from classifier.gate import Gated, Scored, weigh
from classifier.reading import LabelReading
from classifier.scoring import reading_of

#: What makes a relevant window speak of an answer and not of the federal act.
BIAS = 1.8
ROLE: Mapping[str, float] = {
    "stance sues": 0.9,
    "stance disputes": 0.7,
    "stance complies": 0.4,
    "stance refuses": 0.3,
    "stance asks": 0.2,
    "local sues": 0.8,
    "local disputes": 0.5,
    "local refuses": 0.5,
    "local complies": 0.4,
    "local reviews": 0.6,
    "local asks": 0.3,
    "local answers": 0.4,
    "local says": 0.9,
    "has local_actor": 0.5,
    "has say": 0.3,
    "federal acts": -0.6,
    "federal + threat": -0.2,
    "has pressure": -0.7,
    "has imm": -0.3,
    "has money": -0.5,
    "has today": -0.3,
    "has policy": -0.3,
    "has instrument_word": -0.3,
    "threat + condition": -0.5,
    "has award_words": -0.5,
    "has crime": -0.6,
    "has routine": -0.4,
}
#: Somebody local speaks without a word of agreement or refusal; in a piece about the letter that is no answer.
NO_STANCE = 1.2
EVASIVE = 5.0
#: Sentences of a text that has no room for more.
BRIEF = 3
#: What a condition counts less that stands elsewhere in the document.
CONTEXT = 0.3
_ANSWERS = {"local answers", "local says", "local sues"}

#: What an agency's own letter says of localities is what it wants of them.
OWN_LETTER = 5.0
#: A headline about a court and no local act: the ruling is the news.
RULING = 3.0


class Settings(BaseModel):
    """The stanza `[labels.city_response]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    threshold: float = Field(default=0.6, gt=0, lt=1)


class Label:
    """Reads whether the document is, or reports as its news, an answer to a federal condition."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def score(self, document: Gated) -> LabelReading:
        """Return the score of the best window; the condition it answers may stand elsewhere in the document."""
        context = max((window.relevance for window in document.windows), default=-20.0) - CONTEXT
        lowered = OWN_LETTER if document.writer == "federal" else 0.0
        lowered += RULING if "has ruling" in document.title and not _ANSWERS & document.title else 0.0
        speech = NO_STANCE if document.leads == "local" or len(document.sentences) <= BRIEF else EVASIVE
        scores = [_window(window, context, speech) - lowered for window in document.windows]
        return reading_of(document, scores, self._settings.threshold, lambda index: _sentence(document, index))


def _window(window: Scored, context: float, speech: float) -> float:
    if not _ANSWERS & window.features:
        return -20.0
    role = BIAS + weigh(window.features, ROLE) - (0.0 if "has stance" in window.features else speech)
    return min(max(window.relevance, context), role)


def _sentence(document: Gated, index: int) -> float:
    features = document.sentences[index]
    return weigh(features, ROLE) if _ANSWERS & features else -1.0
