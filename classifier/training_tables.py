"""Training of the tables: which sentence is the reason, which places are addressed or answer, and what they answer.

Needs the extra `train` (scikit-learn).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from classifier.examples import UNKNOWN, Asked, Example
from classifier.fitting import DIGITS, fitted_line, fold_of, matrix_of, vocabulary_of
from classifier.model import PARTIES, ROLES, Table
from classifier.parties import Reasons, weighed
from classifier.stances import answer_features
from facts.event import StanceKind

#: Of sentences, places and answers: how often a feature must occur, the regularisation, and the weight below which it
#: changes no answer.
MOST_RARE, STRENGTH, LEAST_WEIGHT = 3, 0.1, 0.03
#: The same weight for places, of which more small things tell.
LEAST_PARTY_WEIGHT = 0.015
#: What a place of a snippet counts beside one of a whole document, where it is mostly one of several.
OF_A_SNIPPET = 0.5
#: Folds in which the reasons are told beside which places are learned.
REASON_FOLDS = 3


def place_tables(examples: Sequence[Example]) -> tuple[Table, Table]:
    """Return the tables of roles and answers, learned beside reasons told by tables that never saw the family."""
    alerts = [example for example in examples if example.parties or example.stances]
    reasons = _cross_reasons(alerts)
    parties = [
        (weighed(party, example.labels, own), answers)
        for example, own in zip(alerts, reasons, strict=True)
        for party, answers in example.parties
    ]
    stances = [
        (answer_features(answering, own), answers)
        for example, own in zip(alerts, reasons, strict=True)
        for answering, answers in example.stances
    ]
    of_parties, of_stances = (
        np.array([OF_A_SNIPPET if each.brief else 1.0 for each in alerts for _ in getattr(each, kind)])
        for kind in ("parties", "stances")
    )
    return (
        _table(parties, PARTIES, of_parties, least=LEAST_PARTY_WEIGHT),
        # Most answer by doing as told or by refusing; one that asks is to be found as well.
        _table(stances, list(StanceKind), of_stances, balanced=True),
    )


def quotes_table(examples: Iterable[Example]) -> Table:
    """Return the table that tells of each sentence of an alert whether it is the reason, by role."""
    return _table([each for example in examples for each in example.sentences], ROLES)


def _cross_reasons(examples: Sequence[Example]) -> list[Reasons]:
    """Return how far each sentence is a reason, as a table tells that never saw the family of its example."""
    folds = [fold_of(example.family) % REASON_FOLDS for example in examples]
    tables = {
        fold: quotes_table(each for each, own in zip(examples, folds, strict=True) if own != fold)
        for fold in sorted(set(folds))
    }
    return [
        [tables[fold].log_odds(features) for features, _ in example.sentences]
        for example, fold in zip(examples, folds, strict=True)
    ]


def _table(
    asked: Sequence[Asked],
    names: Sequence[str],
    weights: Any = None,  # noqa: ANN401 - numpy
    *,
    balanced: bool = False,
    least: float = LEAST_WEIGHT,
) -> Table:
    """Return the table that answers some questions, each learned of those that it is known of.

    Where `balanced`, all that answer yes count as much as all that answer no.
    """
    weights = np.ones(len(asked)) if weights is None else weights
    counts = Counter(feature for features, _ in asked for feature in features)
    vocabulary = vocabulary_of(counts, MOST_RARE)
    matrix = matrix_of([features for features, _ in asked], vocabulary)
    truth = np.array([answers for _, answers in asked]).reshape(-1, len(names))
    columns, biases = [], []
    for at in range(len(names)):
        known = truth[:, at] != UNKNOWN
        own = weights[known] * (_balance(truth[known, at]) if balanced else 1.0)
        fitted = fitted_line(matrix[known], truth[known, at], STRENGTH, own)
        columns.append(np.round(fitted.coef_[0], DIGITS))
        biases.append(round(float(fitted.intercept_[0]), DIGITS))
    kept = np.abs(np.stack(columns)).max(0) >= least
    return Table(
        names=tuple(names),
        biases=biases,
        index={feature: at for at, feature in enumerate(f for f, i in vocabulary.items() if kept[i])},
        columns=tuple(column[kept].tolist() for column in columns),
    )


def _balance(truth: Any) -> Any:  # noqa: ANN401 - numpy
    """Return what each answer counts for both to count the same."""
    yes = truth.mean()
    return np.where(truth, 0.5 / max(yes, 1e-6), 0.5 / max(1 - yes, 1e-6))
