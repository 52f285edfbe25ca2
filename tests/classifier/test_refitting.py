"""Refitting: what readers said changes the model, and the same of it gives the same bytes."""

from __future__ import annotations

from itertools import islice

import pytest

from classifier.examples import base_rows, example_of
from classifier.labelled import Row, row_of
from classifier.model import Model
from classifier.refitting import refit
from classifier.training import example_profile
from tests.classifier.rules import GAZETTEER, LEXICON

#: A look-alike of letters that a newsroom gets again and again.
TEXT = (
    "The Quillfeather Foundation told Stockton and Reno on Monday that it will withhold grant money from cities that "
    "do not certify their compliance with its reading standard by Sept. 1. "
)


@pytest.fixture(scope="module")
def base() -> list[Row]:
    """As few of the shipped rows as have every head and stance."""
    return list(islice(base_rows(), 0, None, 30))


@pytest.fixture(scope="module")
def taught() -> list[Row]:
    """Some false alarms."""
    texts = [TEXT + f"It is its notice number {number}, the foundation said." for number in range(12)]
    return [
        row_of({"text": text, "letter": False, "response": False, "related": False, "family": f"text {number}"}, "1")
        for number, text in enumerate(texts)
    ]


def told(model: Model) -> float:
    """Return how likely a model finds that the look-alike is an alert."""
    example = example_of(row_of({"text": TEXT}, "1"), LEXICON, GAZETTEER)
    return model.document(example_profile(example, model))["alert"]


def test_false_alarms_teach_and_the_same_ones_give_the_same_bytes(base: list[Row], taught: list[Row]) -> None:
    """What was clicked away scores lower; how far the work is is told from nothing to nearly all."""
    shares: list[float] = []
    before = Model.parse(refit(base, [], "before", lambda _: None))
    content = refit(base, taught, "after", shares.append)
    after = Model.parse(content)

    assert (before.name, after.name) == ("before", "after")
    assert told(after) < told(before) - 0.1
    assert content == refit(base, taught, "after", lambda _: None)
    assert shares == sorted(shares)
    assert (shares[0] < 0.01, shares[-1] > 0.85, shares[-1] <= 1) == (True, True, True)
