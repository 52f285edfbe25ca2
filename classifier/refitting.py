"""Refitting: a model of the shipped rows and of what readers said.

Needs the extra `train` (scikit-learn).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

from classifier.examples import example_of
from classifier.gazetteer import Gazetteer
from classifier.labelled import Row
from classifier.lexicon import Lexicon
from classifier.training import train

#: What a document that a reader spoke of counts beside a shipped row.
WEIGHT = 3.0
#: The share of the work that is done when all rows are read.
_READ = 0.1


def refit(base: Sequence[Row], taught: Sequence[Row], name: str, tell: Callable[[float], None]) -> bytes:
    """Return the file of a model trained on shipped rows and on lessons; `tell` hears which share is done."""
    lexicon, gazetteer = Lexicon.load(), Gazetteer.load()
    weighed = chain(((row, 1.0) for row in base), ((row, WEIGHT) for row in taught))
    examples = []
    for number, (row, weight) in enumerate(weighed, 1):
        examples.append(example_of(row, lexicon, gazetteer, weight))
        tell(_READ * number / (len(base) + len(taught)))
    return train(examples, name, lambda share: tell(_READ + (1 - _READ) * share))
