"""Training of deadlines: which of the days that a document names is the one by which an answer is due.

The days of a document stand against each other and against "none of them", so the table learns what makes one of them
likelier than the rest (a conditional logit): a story full of hearings teaches no less than a letter with one date.

Needs the extra `train` (scikit-learn, which brings SciPy).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from classifier.deadlines import FROM_REASON
from classifier.examples import Asked
from classifier.fitting import DIGITS, matrix_of, vocabulary_of
from classifier.model import DUE, Table

#: How often a feature must occur, the inverse strength of regularisation, and the weight that changes nothing.
MOST_RARE, STRENGTH, LEAST_WEIGHT = 3, 0.2, 0.02
_STEPS, _MOST = 300, 30.0
#: How far a day stands from the reason, which readers marked here and a model finds elsewhere, at times wrongly: every
#: second document is learned without it, or it would be trusted too much.
_WITHOUT = 2


def days_table(documents: Iterable[Sequence[Asked]]) -> Table:
    """Return the table learned of documents, each with its days: their features, and whether an answer is due by it."""
    asked = [_learned(at, days) for at, days in enumerate(documents) if days]
    counts = Counter(feature for days in asked for features, _ in days for feature in features)
    vocabulary = vocabulary_of(counts, MOST_RARE)
    matrix = matrix_of([features for days in asked for features, _ in days], vocabulary)
    owner = np.array([at for at, days in enumerate(asked) for _ in days], dtype=int)
    due = np.array([bool(answer) for days in asked for _, (answer,) in days], dtype=bool)
    found = np.round(_fitted(matrix, owner, due, len(asked)), DIGITS)
    kept = np.abs(found[1:]) >= LEAST_WEIGHT
    return Table(
        names=(DUE,),
        biases=[float(found[0])],
        index={feature: at for at, feature in enumerate(f for f, i in vocabulary.items() if kept[i])},
        columns=(found[1:][kept].tolist(),),
    )


def _learned(at: int, days: Sequence[Asked]) -> Sequence[Asked]:
    """Return what is learned of a document, by its index: its days, of every second one without the reason."""
    if at % _WITHOUT == 0:
        return days
    return [(frozenset(each for each in features if not each.startswith(FROM_REASON)), due) for features, due in days]


def _fitted(matrix: csr_matrix, owner: Any, due: Any, documents: int) -> Any:  # noqa: ANN401 - numpy
    """Return bias and weights that make the days due, or no day, likeliest in each document."""
    has = np.zeros(documents, dtype=bool)
    has[owner[due]] = True

    def loss(weights: Any) -> tuple[float, Any]:  # noqa: ANN401 - numpy
        odds = np.exp(np.clip(matrix @ weights[1:] + weights[0], -_MOST, _MOST))
        every = 1 + np.bincount(owner, odds, documents)
        right = np.where(has, np.bincount(owner[due], odds[due], documents), 1.0)
        slope = odds / every[owner] - np.where(due, odds / right[owner], 0.0)
        ridge = np.concatenate([[0.0], weights[1:]])
        value = (np.log(every) - np.log(right)).sum() + ridge @ ridge / (2 * STRENGTH)
        return float(value), np.concatenate([[slope.sum()], matrix.T @ slope]) + ridge / STRENGTH

    start = np.zeros(matrix.shape[1] + 1)
    return minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS}).x
