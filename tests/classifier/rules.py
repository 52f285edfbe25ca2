"""The shipped rules, loaded once for the tests of this folder."""

from __future__ import annotations

from datetime import UTC, datetime

from classifier.discovery import make_labels
from classifier.gate import Gated, gate
from classifier.gazetteer import Gazetteer
from classifier.judge import Judge
from classifier.lexicon import Lexicon
from classifier.parsing import parse
from classifier.reading import Reading

LEXICON = Lexicon.load()
GAZETTEER = Gazetteer.load()
JUDGE = Judge(GAZETTEER, LEXICON, make_labels())
AUGUST = datetime(2017, 8, 3, 21, 0, tzinfo=UTC)


def read(title: str, text: str, *, place: str | None = None, at: datetime | None = AUGUST) -> Reading:
    """Return the reading of a document from a source about one place, or about none."""
    home = GAZETTEER.find(place) if place else None
    return JUDGE.read(title=title, text=text, published_at=at, places=(home,) if home else ())


def gated(text: str, title: str = "") -> Gated:
    """Return a document as the labels get it."""
    return gate(parse(title, text, LEXICON))
