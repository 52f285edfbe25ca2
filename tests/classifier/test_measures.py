"""Measures: counts, intervals and calibration."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.measures import Counts, brier, calibration_error, counted, reliability, summary, wilson

SCORES = st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=40)


def test_what_was_said_is_right_wrong_or_missed() -> None:
    """Each thing counts once, however often it was said."""
    counts = counted(["a", "a", "b"], ["b", "c"])

    assert Counts(right=1, wrong=1, missed=1) == counts
    assert (counts.precision, counts.recall, counts.f1, counts.support) == (0.5, 0.5, 0.5, 2)


def test_nothing_to_find_divides_nothing() -> None:
    """An empty file of rows has measures too."""
    assert (Counts().precision, Counts().recall, Counts().f1) == (0.0, 0.0, 0.0)
    assert summary([])["ci95"] == {"precision": [0.0, 1.0], "recall": [0.0, 1.0], "f1": [0.0, 1.0]}


@pytest.mark.parametrize(
    ("right", "of", "interval"), [(8, 10, [0.4902, 0.9433]), (0, 10, [0.0, 0.2775]), (10, 10, [0.7225, 1.0])]
)
def test_the_interval_of_a_share_is_wilsons(right: int, of: int, interval: list[float]) -> None:
    """Figures of the published formula, worked out by hand."""
    assert interval == wilson(right, of)


def test_a_summary_holds_its_figures_inside_their_intervals() -> None:
    """Documents are drawn again with replacement, the same way each time."""
    documents = [Counts(right=1)] * 15 + [Counts(wrong=1)] * 3 + [Counts(missed=1)] * 2
    measures = summary(documents)

    assert (measures["precision"], measures["recall"], measures["support"]) == (0.8333, 0.8824, 17)
    for name in ("precision", "recall", "f1"):
        low, high = measures["ci95"][name]
        assert low < measures[name] < high
    assert measures == summary(documents)


def test_calibration_is_how_far_scores_are_from_what_came_true() -> None:
    """Ten documents of .8, of which eight came true, are calibrated; scores of 1 that are wrong are not."""
    assert calibration_error([(0.8, True)] * 8 + [(0.8, False)] * 2) == pytest.approx(0.0)
    assert calibration_error([(1.0, False)] * 4) == 1.0
    assert brier([(1.0, False), (0.0, False)]) == 0.5
    assert (calibration_error([]), brier([])) == (0.0, 0.0)


@given(scores=SCORES)
def test_every_document_lies_in_one_bin(scores: list[tuple[float, bool]]) -> None:
    """A score of 1 belongs to the last bin."""
    bins = reliability(scores)

    assert len(scores) == sum(count for _, _, count in bins)
    assert 0 <= calibration_error(scores) <= 1
