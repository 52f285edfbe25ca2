"""The gate: what keeps ordinary documents from being judged, and what the model makes of the others.

An ordinary document is told by its words alone: a small linear model weighs which words occur, and its bar lies so low
that next to nothing is lost. What passes is parsed and scored, window by window and as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from classifier.folding import fold
from classifier.model import NOTHING, ROLES, Model
from classifier.outline import Outline, fact_features, outline_of
from classifier.parsing import READ_LIMIT, Parsed
from classifier.profile import profile_of
from classifier.windows import Window

#: A text of fewer characters is read whole: there is little to tell it by, and little to read.
ALWAYS_READ = 600
#: Characters that are weighed together, and how far apart such stretches begin: one clause of a long document must
#: not drown in the rest.
STRETCH, STRIDE = 6_000, 4_000
#: What the windows around a sentence count beside what it says itself; the best of five values on documents of
#: families that were not trained on.
AROUND = 0.3
_WORD = re.compile("[a-z]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A window with its facts and its log odds by head; `first` and `last` count the text's sentences alone."""

    first: int
    last: int
    features: frozenset[str]
    log_odds: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gated:
    """A document that passed the gate, as the model sees it."""

    parsed: Parsed
    windows: tuple[Scored, ...]
    outline: Outline
    model: Model
    #: How likely each head is right of the whole document, 0 to 1.
    scores: Mapping[str, float]

    def sentence(self, index: int) -> frozenset[str]:
        """Return the facts of one sentence of the text."""
        return self.outline.said(self._alone(index))

    def reason(self, index: int, head: str) -> float:
        """Return how much one sentence of the text is the reason for a head, in log odds.

        What it says by itself, and what the windows around it say.
        """
        around = [window.log_odds["alert"] for window in self.windows if window.first <= index < window.last]
        features = self.outline.features(self._alone(index))
        own = self.model.quotes.log_odds(features) if head in ROLES else self.model.window(self.model.known(features))
        return own[head] + AROUND * (sum(around) / len(around) if around else NOTHING)

    def reasons(self) -> list[dict[str, float]]:
        """Return of each sentence of the text how far it is by itself the reason for each label of an alert."""
        quotes, outline = self.model.quotes, self.outline
        return [quotes.log_odds(outline.features(self._alone(index))) for index in range(len(self.parsed.passages))]

    def _alone(self, index: int) -> Window:
        at = self.outline.titles + index
        return Window(first=at, last=at + 1)


def may_matter(title: str, text: str, model: Model) -> bool:
    """Return whether a document is worth reading, by the words that occur in it."""
    return len(text) < ALWAYS_READ or any(model.may_matter(words) for words in gate_words(title, text))


def gate_words(title: str, text: str) -> Iterator[frozenset[str]]:
    """Yield the words of each stretch of a document."""
    lower = fold(f"{title}\n{text[:READ_LIMIT]}").lower
    for start in range(0, max(1, len(lower) - STRETCH + STRIDE), STRIDE):
        yield frozenset(_WORD.findall(lower, start, start + STRETCH))


def gate(parsed: Parsed, model: Model) -> Gated:
    """Return a document that passed as the model scores it, window by window and as a whole."""
    outline = outline_of(parsed)
    titles = outline.titles
    grams = [model.known(each) for each in outline.grams]

    def odds(first: int, last: int, said: frozenset[str]) -> dict[str, float]:
        return model.window(model.known(fact_features(said)).union(*grams[first:last]))

    scored = [
        Scored(
            first=max(0, window.first - titles),
            last=max(0, window.last - titles),
            features=said,
            log_odds=odds(window.first, window.last, said),
        )
        for window, said in zip(outline.windows, outline.said_in_windows, strict=True)
    ]
    profile = profile_of(outline, [window.log_odds for window in scored], model.whole.log_odds(outline.zoned()))
    return Gated(parsed=parsed, windows=tuple(scored), outline=outline, model=model, scores=model.document(profile))
