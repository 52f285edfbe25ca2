"""Training: the same bytes from the same rows, and the sums of the trained model."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from classifier.examples import Example, base_rows, example_of
from classifier.fitting import fitted_line, matrix_of
from classifier.model import HEADS, PARTIES, ROLES, Model
from classifier.training import STRENGTH, _twice_fitted, _window_model, _zoned_vocabulary, train
from facts.event import StanceKind
from tests.classifier.rules import GAZETTEER, LEXICON


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    """A thin slice of the shipped rows, of every file: enough for every head and stance."""
    return [example_of(row, LEXICON, GAZETTEER) for row in islice(base_rows(), 0, None, 12)]


@pytest.fixture(scope="module")
def trained(examples: list[Example]) -> bytes:
    return train(examples, "slice")


def test_the_same_rows_give_the_same_bytes(examples: list[Example], trained: bytes) -> None:
    """Nothing of the order of sets, of time or of chance is in the file."""
    assert trained == train(list(examples), "slice")


def test_the_file_is_a_model_that_tells_alerts_from_others(examples: list[Example], trained: bytes) -> None:
    """On what it learned from, which is the least it must do."""
    model = Model.parse(trained)
    passed = [model.may_matter(example.words) for example in examples if example.truth[3] and not example.brief]

    assert (model.name, model.quotes.names, model.parties.names) == ("slice", ROLES, PARTIES)
    assert model.stances.names == tuple(StanceKind)
    assert sum(passed) >= 0.95 * len(passed)


def test_windows_are_scored_as_scikit_learn_scores_them(examples: list[Example]) -> None:
    """The judge's own sums and the matrix product agree."""
    vocabulary = {feature: at for at, feature in enumerate(sorted({f for e in examples for w in e.windows for f in w}))}
    model = _window_model(examples, vocabulary)
    windows = [window for example in examples[:40] for window in example.windows]
    expected = matrix_of(windows, model.index) @ np.array(model.columns).T + np.array(model.biases)

    ours = [[model.window(model.known(window))[head] for head in HEADS] for window in windows]

    assert np.abs(np.array(ours) - expected).max() < 1e-6


def test_what_tempts_counts_more_than_what_is_easy() -> None:
    """Ten look-alikes among thousands of plain windows move the line that tells them from the real thing."""
    real, alike, plain = [1.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 0.0, 1.0]
    given = csr_matrix([real] * 40 + [alike] * 10 + [plain] * 2000)
    truth, weights = np.array([1] * 40 + [0] * 2010), np.ones(2050)

    once, twice = fitted_line(given, truth, STRENGTH, weights), _twice_fitted(given, truth, weights)

    assert twice.decision_function([alike])[0] < once.decision_function([alike])[0] - 0.5
    apart = [each.decision_function([real])[0] - each.decision_function([alike])[0] for each in (once, twice)]
    assert apart[0] < apart[1]


def test_words_of_headline_and_top_are_features_of_their_own(examples: list[Example]) -> None:
    """A word in the headline is another thing than the word somewhere."""
    assert {feature[0] for feature in _zoned_vocabulary(examples)} == {"a", "l", "o", "t", "w"}
