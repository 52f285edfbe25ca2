"""Training of the tables."""

from __future__ import annotations

import numpy as np
import pytest

from classifier.training_tables import _balance, _table


def test_what_is_rare_counts_as_much_as_what_is_frequent() -> None:
    """Weights of yes and of no add up to the same, also where all answers are equal."""
    truth = np.array([1, 0, 0, 0])

    weights = _balance(truth)

    assert weights[truth == 1].sum() == pytest.approx(weights[truth == 0].sum())
    assert np.isfinite(_balance(np.zeros(3))).all()


def test_a_balanced_table_finds_the_rare_answer() -> None:
    """One question in six answered yes is likelier told yes when both answers count the same."""
    asked = [(frozenset({"asked", "day"}), (1,))] * 4 + [(frozenset({"told", "day"}), (0,))] * 20

    plain, balanced = _table(asked, ["asks"]), _table(asked, ["asks"], balanced=True)

    features = ["asked", "day"]
    assert balanced.log_odds(features)["asks"] > plain.log_odds(features)["asks"]
