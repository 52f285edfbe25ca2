"""Fitting: what all trainings share, so that each of them is the same sum of weights.

Needs the extra `train` (scikit-learn).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from classifier.model import FEWEST, SHARE

#: Groups of families that are scored by models that never saw them.
FOLDS = 6
#: Digits of a weight.
DIGITS = 4


def fold_of(family: str) -> int:
    """Return the fold of a family: those of one fold are learned and left out together."""
    return blake2b(family.encode(), digest_size=4).digest()[0] % FOLDS


def vocabulary_of(counts: Mapping[str, int], fewest: int) -> dict[str, int]:
    """Return where each feature stands that occurs often enough, in the order of the alphabet."""
    return {each: at for at, each in enumerate(sorted(f for f, count in counts.items() if count >= fewest))}


def matrix_of(
    windows: Sequence[frozenset[str]], vocabulary: Mapping[str, int], share: float = SHARE, fewest: int = FEWEST
) -> csr_matrix:
    """Return what is weighed of each text, a row each: its features share their weight as they do when it is judged."""
    known = [sorted(vocabulary[feature] for feature in window if feature in vocabulary) for window in windows]
    values = [share / np.sqrt(max(fewest, len(each))) for each in known for _ in each]
    indices = [index for each in known for index in each]
    pointers = np.cumsum([0, *(len(each) for each in known)])
    return csr_matrix((values, indices, pointers), shape=(len(windows), len(vocabulary)))


def fitted_line(matrix: Any, truth: Any, strength: float, weights: Any = None) -> LogisticRegression:  # noqa: ANN401
    """Return a fitted logistic regression; the same numbers every time."""
    return LogisticRegression(C=strength, solver="liblinear", tol=1e-6, random_state=0).fit(
        matrix, truth, sample_weight=weights
    )
