"""`funding_condition_letter`: a federal authority newly ties money for states or localities to a condition."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field

from classifier.gate import Gated, Scored, weigh
from classifier.reading import LabelReading
from classifier.scoring import reading_of

#: What makes a relevant window speak of the federal act and not of an answer to it.
BIAS = 0.1
ROLE: Mapping[str, float] = {
    "has pressure": 0.9,
    "federal acts": 1.1,
    "has imm": 0.7,
    "has money": 0.5,
    "has today": 0.4,
    "money + condition": 0.5,
    "threat + condition": 0.5,
    "federal + threat": 0.4,
    "federal + condition": 0.3,
    "has instrument_word": 0.4,
    "has policy": 0.4,
    "has instrument": 0.2,
    "has threat": 0.3,
    "has condition": 0.3,
    "has demand": 0.3,
    "has dear": 0.4,
    "local disputes": -0.4,
    "local complies": -0.4,
    "local refuses": -0.3,
    "local reviews": -0.5,
    "local says": -0.4,
    "has local_actor": -0.2,
    "has lobby": -0.4,
    "stance disputes": -0.5,
    "stance sues": -0.8,
    "has ruling": -0.9,
}


#: A piece that opens with an answer tells of the letter as its background.
ANSWER_LEADS = 4.0
#: A local government's own letter restates what it answers.
OWN_LETTER = 2.5


class Settings(BaseModel):
    """The stanza `[labels.funding_condition_letter]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    threshold: float = Field(default=0.6, gt=0, lt=1)


class Label:
    """Reads whether the document is, or reports as its news, a federal condition on money."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def score(self, document: Gated) -> LabelReading:
        """Return the score of the best window, held down by what the top of the document says it is about."""
        lowered = _about_something_else(document)
        scores = [_window(window) - lowered for window in document.windows]
        return reading_of(document, scores, self._settings.threshold, lambda index: _sentence(document, index))


def _window(window: Scored) -> float:
    role = BIAS + weigh(window.features, ROLE)
    value = min(window.relevance, role)
    if not window.lead:
        value -= 0.6
    return value - (0.8 if "background + federal" in window.features else 0.0)


def _sentence(document: Gated, index: int) -> float:
    features = document.sentences[index]
    return weigh(features, ROLE) + (0.5 if "core" in features else 0.0)


def _about_something_else(document: Gated) -> float:
    lowered = ANSWER_LEADS if document.leads == "local" else 0.0
    lowered += OWN_LETTER if document.writer == "local" else 0.0
    for name, cost in (
        ("has ruling", 2.5),
        ("has crime", 2.0),
        ("has opinion", 1.0),
        ("has lobby", 1.0),
        ("has award_words", 0.7),
    ):
        lowered += cost if name in document.title else 0.0
    return lowered + (1.0 if "has ruling" in document.top else 0.0)
