"""The shipped rules, loaded once for the tests of this folder."""

from __future__ import annotations

from datetime import UTC, datetime

from classifier.gate import Gated, gate
from classifier.gazetteer import Gazetteer
from classifier.judge import Judge
from classifier.labels import city_response, funding_condition_letter, related_development
from classifier.lexicon import Lexicon
from classifier.model import Model
from classifier.outline import marked
from classifier.reading import Reading
from classifier.scoring import Label
from facts.event import LETTER, RELATED, RESPONSE

LEXICON = Lexicon.load()
GAZETTEER = Gazetteer.load()
LABELS: dict[str, Label] = {
    LETTER: funding_condition_letter.Label(funding_condition_letter.Settings()),
    RELATED: related_development.Label(related_development.Settings()),
    RESPONSE: city_response.Label(city_response.Settings()),
}
MODEL = Model.load()
JUDGE = Judge(GAZETTEER, LEXICON, LABELS, MODEL)
AUGUST = datetime(2017, 8, 3, 21, 0, tzinfo=UTC)


def read(title: str, text: str, *, place: str | None = None, at: datetime | None = AUGUST) -> Reading:
    """Return the reading of a document from a source about one place, or about none."""
    home = GAZETTEER.find(place) if place else None
    return JUDGE.read(title=title, text=text, published_at=at, places=(home,) if home else ())


def gated(text: str, title: str = "") -> Gated:
    """Return a document as the labels get it."""
    return gate(marked(title, text, LEXICON, GAZETTEER, ())[0], MODEL)
