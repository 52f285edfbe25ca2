"""Cross-validation: groups left out, and what is reported of them."""

from __future__ import annotations

from itertools import islice

import pytest

from classifier.cross_validation import Unseen, by_group, calibration, unseen_scores
from classifier.examples import Example, base_rows, example_of
from classifier.labelled import row_of
from classifier.model import HEADS
from tests.classifier.rules import GAZETTEER, LEXICON

SENTENCES = "The department told the city to sign. Its grant depends on it. The mayor will answer. " * 3


def unseen(group: str, *, letter: bool, score: float, text: str = SENTENCES) -> Unseen:
    row = row_of({"text": text, "letter": letter, "response": False, "family": group}, "1")
    scores = {head: score if head == "letter" else 0.0 for head in HEADS}
    return Unseen(example=example_of(row, LEXICON, GAZETTEER), group=group, scores=scores)


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    """A thin slice of the shipped rows, of every file."""
    return [example_of(row, LEXICON, GAZETTEER) for row in islice(base_rows(), 0, None, 24)]


def test_every_example_is_scored_once_by_a_model_that_never_saw_its_group(examples: list[Example]) -> None:
    """Order may change, none is lost."""
    found = unseen_scores(examples, [example.family for example in examples])

    assert len(found) == len(examples)
    assert {id(each.example) for each in found} == {id(example) for example in examples}
    assert all(each.group == each.example.family for each in found)
    assert all(0 <= each.scores[head] <= 1 for each in found for head in HEADS)


def test_groups_with_too_little_to_find_are_not_reported() -> None:
    """Ten alerts are enough; what was told wrongly and missed counts in its own group."""
    told = [unseen("letters", letter=True, score=0.9)] * 9 + [unseen("letters", letter=True, score=0.2)]
    alarm = [unseen("letters", letter=False, score=0.7)]
    few = [unseen("few", letter=True, score=0.9)] * 9

    groups = by_group([*told, *alarm, *few], threshold=0.6)

    assert set(groups) == {"letters"}
    assert (groups["letters"].right, groups["letters"].missed, groups["letters"].wrong) == (9, 1, 1)


def test_calibration_is_that_of_whole_documents() -> None:
    """A snippet is no document; letters and answers are scores of their own."""
    documents = [unseen("letters", letter=True, score=0.8)] * 4 + [unseen("letters", letter=False, score=0.8)]

    error, _, table = calibration([*documents, unseen("letters", letter=False, score=0.9, text="One line alone.")])

    assert error == pytest.approx(0.0, abs=1e-9)
    said, came, count = table[8]
    assert (said, came, count) == pytest.approx((0.8, 0.8, 5))
