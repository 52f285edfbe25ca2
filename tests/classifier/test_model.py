"""Model: the file, and the sums that score windows and documents."""

from __future__ import annotations

import json
import tracemalloc
from importlib.resources import files
from typing import Any

import pytest

from classifier.model import HEADS, PARTIES, ROLES, SHARE, Model, probability
from facts.errors import PursestringsError

SMALL: dict[str, Any] = {
    "name": "small",
    "heads": HEADS,
    "gate": {"bias": -1.0, "weights": {"grant": 4.0}, "least": 0.0},
    "biases": [0.0, 0.5, 0.0, 0.0],
    "windows": {"features": ["w:grant", "w:no"], "columns": [[1.0, 0.0], [0.0, 2.0], [0.0, 0.0], [1.0, 1.0]]},
    "whole": {
        "biases": [0.0] * 4,
        "features": ["w:grant", "tw:grant"],
        "rarity": [3.0, 4.0],
        "columns": [[6.0, 8.0], [0.0, 0.0], [0.0, 0.0], [0.0, 0.0]],
    },
    "inputs": ["letter best", "brief"],
    "documents": {head: {"bias": -1.0, "weights": [1.0, 0.5]} for head in HEADS},
    "roles": {"letter": {"bias": 20.0, "weights": [0.0]}, "response": {"bias": 0.0, "weights": [1.0]}},
    "role_inputs": ["response best"],
    "quotes": {"names": ROLES, "biases": [0.0, 1.0], "features": ["w:grant"], "columns": [[1.0], [0.0]]},
    "parties": {"names": PARTIES, "biases": [0.0, 0.0], "features": ["title"], "columns": [[1.0], [0.0]]},
    "stances": {"names": ["sues"], "biases": [0.0], "features": ["w:sues"], "columns": [[1.0]]},
    "days": {"names": ["due"], "biases": [0.0], "features": ["b:by"], "columns": [[1.0]]},
}


def model(**changed: object) -> Model:
    return Model.parse(json.dumps(SMALL | changed).encode())


def test_a_window_is_scored_by_the_features_it_has() -> None:
    """Features that were never seen weigh nothing; many share their weight."""
    small = model()
    scores = small.window(small.known({"w:grant", "w:no", "w:never"}))

    assert list(scores) == list(HEADS)
    assert scores["response"] == pytest.approx(0.5 + 2.0 * SHARE / 10**0.5)
    assert small.window(frozenset())["response"] == 0.5


def test_a_table_answers_its_questions() -> None:
    """One log odds for each name."""
    assert model().stances.log_odds(["w:sues"]) == {"sues": pytest.approx(SHARE / 10**0.5)}
    assert model().quotes.log_odds([]) == {"letter": 0.0, "response": 1.0}


def test_a_document_is_scored_by_its_profile() -> None:
    """Inputs that it lacks are zero, those that the model does not know are not asked."""
    scores = model().document({"letter best": 1.0, "other": 9.0})

    assert (scores["alert"], scores["related"]) == (0.5, 0.5)


def test_an_alert_is_a_letter_or_an_answer_or_both() -> None:
    """How sure the alert is, times how sure its role."""
    scores = model().document({"letter best": 1.0})

    assert scores["letter"] == pytest.approx(scores["alert"])
    assert scores["response"] == scores["alert"] / 2


def test_all_words_of_a_document_are_weighed_whatever_its_length() -> None:
    """Rare words count more, and the sum is taken on the unit sphere."""
    whole = model().whole

    assert whole.log_odds(["w:grant", "w:never"])["letter"] == 6.0 / 3.0
    assert whole.log_odds(["w:grant", "tw:grant"])["letter"] == (6.0 + 8.0) / 5.0
    assert whole.log_odds([])["letter"] == 0.0


@pytest.mark.parametrize(("log_odds", "score"), [(0.0, 0.5), (1e9, 1.0), (-1e9, 0.0)])
def test_log_odds_become_a_probability(log_odds: float, score: float) -> None:
    """Any number of log odds gives a number from 0 to 1."""
    assert score == pytest.approx(probability(log_odds), abs=1e-6)


def test_the_gate_weighs_words() -> None:
    """Each word once."""
    assert model().may_matter(["grant", "rain"])
    assert not model().may_matter(["rain"])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "delimiter|property name|Expecting"),
        (b"[]", "list indices"),
        (json.dumps(SMALL | {"heads": ["letter"]}).encode(), "it judges letter, not letter, response"),
        (json.dumps({**SMALL, "gate": {"bias": 1}}).encode(), "missing"),
        (json.dumps({key: value for key, value in SMALL.items() if key != "inputs"}).encode(), "inputs"),
    ],
)
def test_a_file_that_is_no_model_is_refused(content: bytes, reason: str) -> None:
    """With what is wrong and what to do."""
    with pytest.raises(PursestringsError, match=reason) as told:
        Model.parse(content)

    assert "make one with" in str(told.value)


def test_the_shipped_model_is_small_in_memory() -> None:
    """It may add 60 MB."""
    content = files("classifier").joinpath("data/model.json").read_bytes()
    tracemalloc.start()
    kept = Model.parse(content)
    used, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert kept.index
    assert used < 40e6
    assert peak < 60e6
