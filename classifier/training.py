"""Training: from labelled rows to the model's file, the same bytes from the same rows.

First the windows: a linear model for each head over words and facts. Then the documents: another over profiles whose
window scores come from models that never saw the document's family, or they would look better than life. Last the
line of Platt (1999) that makes log odds of them, fitted on document scores of the same kind.

Needs the extra `train` (scikit-learn).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from classifier.examples import UNKNOWN, Asked, Example
from classifier.model import (
    FEWEST,
    GATE_FEWEST,
    GATE_SHARE,
    HEADS,
    PARTIES,
    ROLES,
    SHARE,
    Gate,
    Line,
    Model,
    Table,
    Whole,
)
from classifier.parties import Reasons, weighed
from classifier.profile import profile_of, whole_input
from classifier.stances import answer_features
from facts.event import StanceKind

#: Groups of families that are scored by models that never saw them.
FOLDS = 6
#: The same of the tables that tell reasons: enough, as these know ten times as many sentences.
REASON_FOLDS = 3
#: Documents that a feature must stand in to be weighed.
MOST_RARE = 4
#: Documents that an input of the document judgement must hold in.
MOST_RARE_INPUT = 10
#: Inverse strength of the linear models' regularisation, and what a window out of a long document counts.
STRENGTH, OF_A_DOCUMENT = 0.01, 0.35
#: The same of the judgement of documents: own-worded documents are easier than real ones, so it may not learn much.
DOCUMENT_STRENGTH = 0.00003
#: What a text of a sentence or three counts beside a whole document in the document judgement.
OF_A_SNIPPET = 0.3
#: Weights smaller than this change no score.
LEAST_WEIGHT = 0.004
_DIGITS = 4
#: The same of all the words of a document, how often one must occur, and the weight below which it changes nothing.
WHOLE_STRENGTH, MOST_RARE_ZONED, LEAST_WHOLE_WEIGHT = 3.0, 8, 0.05
#: The same of developments, which are told by less, and of the roles of alerts.
RELATED_STRENGTH, ROLE_STRENGTH = 0.001, 1.0
#: Of sentences, places and answers: how often a feature must occur, the regularisation, and the weight below which it
#: changes no answer.
MOST_RARE_ASKED, ASKED_STRENGTH, LEAST_ASKED_WEIGHT = 3, 0.1, 0.02
#: Platt's line has two numbers and thousands of documents.
CALIBRATION_STRENGTH = 1e6
#: Of the gate: how often a word must occur, its regularisation, and the share of whole documents it must let pass.
GATE_RAREST, GATE_STRENGTH, GATE_RECALL = 15, 0.1, 0.98
_NO_GATE = Gate(bias=0.0, weights={}, least=0.0)
_NO_TABLE = Table(names=(), biases=(), index={}, columns=())
_NO_WHOLE = Whole(biases=(), index={}, rarity=(), columns=())

#: Where the features of windows and of whole texts stand.
Vocabularies = tuple[Mapping[str, int], Mapping[str, int]]


def train(examples: Sequence[Example], name: str) -> bytes:
    """Return the file of a model trained on these examples."""
    vocabularies = (_vocabulary(examples), _zoned_vocabulary(examples))
    profiles = cross_profiles(examples, vocabularies)
    inputs = _inputs(profiles)
    given = np.array([[profile.get(key, 0.0) for key in inputs] for profile in profiles])
    roles = [name for name in inputs if name.partition(" ")[0] in ROLES and " with " not in name]
    parties, stances = place_tables(examples)
    trained = replace(
        _scoring_model(examples, vocabularies),
        name=name,
        gate=_gate(examples),
        inputs=inputs,
        documents={head: _judgement(given, inputs, examples, head) for head in HEADS},
        roles=_roles(given[:, [inputs.index(name) for name in roles]], examples),
        role_inputs=tuple(roles),
        quotes=_quotes(examples),
        parties=parties,
        stances=stances,
    )
    return model_bytes(trained)


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
    return (
        _table(parties, PARTIES, ASKED_STRENGTH),
        _table(stances, list(StanceKind), ASKED_STRENGTH),
    )


def _quotes(examples: Iterable[Example]) -> Table:
    return _table([each for example in examples for each in example.sentences], ROLES, ASKED_STRENGTH)


def _cross_reasons(examples: Sequence[Example]) -> list[Reasons]:
    """Return how far each sentence is a reason, as a table tells that never saw the family of its example."""
    folds = [_fold_of(example.family) % REASON_FOLDS for example in examples]
    tables = {
        fold_: _quotes(each for each, own in zip(examples, folds, strict=True) if own != fold_)
        for fold_ in sorted(set(folds))
    }
    return [
        [tables[fold_].log_odds(features) for features, _ in example.sentences]
        for example, fold_ in zip(examples, folds, strict=True)
    ]


def cross_profiles(examples: Sequence[Example], vocabularies: Vocabularies) -> list[dict[str, float]]:
    """Return each example's profile as a model scores it that never saw its family."""
    found: dict[int, dict[str, float]] = {}
    for fold_ in range(FOLDS):
        apart = [at for at, example in enumerate(examples) if _fold_of(example.family) == fold_]
        if apart:
            model = _scoring_model([each for each in examples if _fold_of(each.family) != fold_], vocabularies)
            found |= {at: example_profile(examples[at], model) for at in apart}
    return [found[at] for at in range(len(examples))]


def example_profile(example: Example, model: Model) -> dict[str, float]:
    """Return an example's profile as a model scores it."""
    outline = example.outline
    scores = [model.window(model.known(outline.features(window))) for window in outline.windows]
    return profile_of(outline, scores, model.whole.log_odds(outline.zoned()))


def model_bytes(model: Model) -> bytes:
    """Return a model's file: features sorted, one value a line, so that a change of it can be read."""
    value = {
        "name": model.name,
        "heads": HEADS,
        "gate": {"bias": model.gate.bias, "least": model.gate.least, "weights": model.gate.weights},
        "biases": model.biases,
        "inputs": model.inputs,
        "documents": {head: {"bias": line.bias, "weights": line.weights} for head, line in model.documents.items()},
        "roles": {head: {"bias": line.bias, "weights": line.weights} for head, line in model.roles.items()},
        "role_inputs": model.role_inputs,
        **{name: _table_json(getattr(model, name)) for name in ("quotes", "parties", "stances")},
        "whole": {
            "biases": model.whole.biases,
            "features": list(model.whole.index),
            "rarity": model.whole.rarity,
            "columns": model.whole.columns,
        },
        "windows": {"features": list(model.index), "columns": model.columns},
    }
    return json.dumps(value, indent=0, separators=(",", ":")).encode() + b"\n"


def _gate(examples: Sequence[Example]) -> Gate:
    """Return the gate, with the bar at which it lets documents pass whose families it never saw."""
    counts = Counter(word for example in examples for word in example.words)
    vocabulary = {word: at for at, word in enumerate(sorted(w for w, count in counts.items() if count >= GATE_RAREST))}
    matrix = _matrix([example.words for example in examples], vocabulary, GATE_SHARE, GATE_FEWEST)
    truth = np.array([example.truth[-1] for example in examples])
    folds = np.array([_fold_of(example.family) for example in examples])
    apart = np.zeros(len(examples))
    for fold_ in sorted(set(folds)):
        inside = folds == fold_
        apart[inside] = _fitted(matrix[~inside], truth[~inside], GATE_STRENGTH).decision_function(matrix[inside])
    wanted = np.sort([score for score, each in zip(apart, examples, strict=True) if each.truth[-1] and not each.brief])
    whole = _fitted(matrix, truth, GATE_STRENGTH)
    return Gate(
        bias=round(float(whole.intercept_[0]), _DIGITS),
        weights=dict(zip(vocabulary, np.round(whole.coef_[0], _DIGITS).tolist(), strict=True)),
        least=round(float(wanted[int((1 - GATE_RECALL) * len(wanted))]), _DIGITS) if len(wanted) else 0.0,
    )


def _fitted(matrix: Any, truth: Any, strength: float, weights: Any = None) -> LogisticRegression:  # noqa: ANN401
    return LogisticRegression(C=strength, solver="liblinear", tol=1e-6, random_state=0).fit(
        matrix, truth, sample_weight=weights
    )


def _table_json(table: Table) -> dict[str, Any]:
    return {"names": table.names, "biases": table.biases, "features": list(table.index), "columns": table.columns}


def _vocabulary(examples: Iterable[Example]) -> dict[str, int]:
    counts = Counter(feature for example in examples for feature in frozenset().union(*example.windows))
    return {feature: at for at, feature in enumerate(sorted(f for f, count in counts.items() if count >= MOST_RARE))}


def _zoned_vocabulary(examples: Iterable[Example]) -> dict[str, int]:
    counts = Counter(feature for example in examples for feature in example.outline.zoned())
    kept = sorted(feature for feature, count in counts.items() if count >= MOST_RARE_ZONED)
    return {feature: at for at, feature in enumerate(kept)}


def _scoring_model(examples: Sequence[Example], vocabularies: Vocabularies) -> Model:
    """Return a model that scores windows and whole texts and judges no documents."""
    windows, zoned = vocabularies
    return replace(_window_model(examples, windows), whole=_whole(examples, zoned))


def _table(asked: Sequence[Asked], names: Sequence[str], strength: float) -> Table:
    """Return the table that answers some questions, each learned of those that it is known of."""
    counts = Counter(feature for features, _ in asked for feature in features)
    vocabulary = {f: at for at, f in enumerate(sorted(f for f, count in counts.items() if count >= MOST_RARE_ASKED))}
    matrix = _matrix([features for features, _ in asked], vocabulary)
    truth = np.array([answers for _, answers in asked]).reshape(-1, len(names))
    columns, biases = [], []
    for at in range(len(names)):
        known = truth[:, at] != UNKNOWN
        fitted = _fitted(matrix[known], truth[known, at], strength)
        columns.append(np.round(fitted.coef_[0], _DIGITS))
        biases.append(round(float(fitted.intercept_[0]), _DIGITS))
    kept = np.abs(np.stack(columns)).max(0) >= LEAST_ASKED_WEIGHT
    return Table(
        names=tuple(names),
        biases=biases,
        index={feature: at for at, feature in enumerate(f for f, i in vocabulary.items() if kept[i])},
        columns=tuple(column[kept].tolist() for column in columns),
    )


def _whole(examples: Sequence[Example], vocabulary: Mapping[str, int]) -> Whole:
    known = [sorted(vocabulary[f] for f in each.outline.zoned() if f in vocabulary) for each in examples]
    counts = np.bincount([index for each in known for index in each], minlength=len(vocabulary))
    rarity = np.round(np.log(len(examples) / np.maximum(1, counts)), _DIGITS)
    values = [rarity[each] / (np.linalg.norm(rarity[each]) or 1.0) for each in known]
    pointers = np.cumsum([0, *map(len, known)])
    matrix = csr_matrix(
        (np.concatenate(values), np.concatenate(known).astype(int), pointers), shape=(len(known), len(vocabulary))
    )
    weights = example_weights(examples)
    fitted = [
        _fitted(matrix, np.array([each.truth[at] for each in examples]), WHOLE_STRENGTH, weights)
        for at in range(len(HEADS))
    ]
    columns = np.round(np.stack([each.coef_[0] * rarity for each in fitted]), _DIGITS)
    kept = np.abs(columns).max(0) >= LEAST_WHOLE_WEIGHT
    return Whole(
        biases=[round(float(each.intercept_[0]), _DIGITS) for each in fitted],
        index={feature: at for at, feature in enumerate(f for f, i in vocabulary.items() if kept[i])},
        rarity=rarity[kept].tolist(),
        columns=tuple(column[kept].tolist() for column in columns),
    )


def example_weights(examples: Iterable[Example]) -> Any:  # noqa: ANN401 - numpy
    """Return what each example counts in judgements of documents."""
    return np.array([example.weight * (OF_A_SNIPPET if example.brief else 1.0) for example in examples])


def _window_model(examples: Sequence[Example], vocabulary: Mapping[str, int]) -> Model:
    """Return a model that scores windows."""
    matrix = _matrix([window for example in examples for window in example.windows], vocabulary)
    targets = np.array([target for example in examples for target in example.targets])
    weights = np.array(
        [
            example.weight * (1.0 if len(example.windows) == 1 else OF_A_DOCUMENT)
            for example in examples
            for _ in example.windows
        ]
    )
    columns, biases = [], []
    for at in range(len(HEADS)):
        known = targets[:, at] != UNKNOWN
        fitted = _fitted(matrix[known], targets[known, at], STRENGTH, weights[known])
        columns.append(np.round(fitted.coef_[0], _DIGITS))
        biases.append(round(float(fitted.intercept_[0]), _DIGITS))
    table = np.stack(columns, 1)
    kept = np.abs(table).max(1) >= LEAST_WEIGHT
    index = [feature for feature, at in vocabulary.items() if kept[at]]
    return Model(
        name="",
        gate=_NO_GATE,
        biases=tuple(biases),
        index={feature: at for at, feature in enumerate(index)},
        columns=tuple(map(tuple, table[kept].T.tolist())),
        whole=_NO_WHOLE,
        inputs=(),
        documents={},
        roles={},
        role_inputs=(),
        quotes=_NO_TABLE,
        parties=_NO_TABLE,
        stances=_NO_TABLE,
    )


def _matrix(
    windows: Sequence[frozenset[str]], vocabulary: Mapping[str, int], share: float = SHARE, fewest: int = FEWEST
) -> csr_matrix:
    known = [sorted(vocabulary[feature] for feature in window if feature in vocabulary) for window in windows]
    values = [share / np.sqrt(max(fewest, len(each))) for each in known for _ in each]
    indices = [index for each in known for index in each]
    pointers = np.cumsum([0, *(len(each) for each in known)])
    return csr_matrix((values, indices, pointers), shape=(len(windows), len(vocabulary)))


def _inputs(profiles: Iterable[Mapping[str, float]]) -> tuple[str, ...]:
    counts = Counter(name for profile in profiles for name in profile)
    return tuple(sorted(name for name, count in counts.items() if count >= MOST_RARE_INPUT))


def _judgement(given: Any, inputs: Sequence[str], examples: Sequence[Example], head: str) -> Line:  # noqa: ANN401
    """Return one head's judgement of documents: windows and words count the same, calibrated on families unseen."""
    truth = np.array([example.truth[HEADS.index(head)] for example in examples])
    weights = example_weights(examples)
    words = np.array([name.endswith(" whole") for name in inputs])
    own = inputs.index(whole_input(head))
    shapes, folds = given[:, ~words], np.array([_fold_of(example.family) for example in examples])
    strength = RELATED_STRENGTH if head == "related" else DOCUMENT_STRENGTH
    apart = np.zeros(len(examples))
    for fold_ in sorted(set(folds)):
        inside = folds == fold_
        line = _line(shapes[~inside], truth[~inside], weights[~inside], strength)
        apart[inside] = shapes[inside] @ np.array(line.weights) + line.bias
    whole_documents = np.array([not example.brief for example in examples])
    (mean, spread), (word_mean, word_spread) = (
        (float(scores.mean()), float(scores.std()) + 1e-6)
        for scores in (apart[whole_documents], given[whole_documents, own])
    )
    both = (apart - mean) / spread + (given[:, own] - word_mean) / word_spread
    platt = _fitted(both.reshape(-1, 1), truth, CALIBRATION_STRENGTH, weights)
    slope, shift = float(platt.coef_[0][0]), float(platt.intercept_[0])
    line = _line(shapes, truth, weights, strength)
    found = np.zeros(len(inputs))
    found[~words] = np.array(line.weights) * slope / spread
    found[own] = slope / word_spread
    bias = shift + slope * ((line.bias - mean) / spread - word_mean / word_spread)
    return Line(bias=round(bias, _DIGITS), weights=tuple(np.round(found, 6).tolist()))


def _roles(given: Any, examples: Sequence[Example]) -> dict[str, Line]:  # noqa: ANN401 - numpy
    """Return what makes an alert a letter and what an answer, learned of the alerts alone."""
    alerts = np.array([bool(example.truth[HEADS.index("alert")]) for example in examples])
    weights = example_weights(examples)[alerts]
    lines = {}
    for head in ROLES:
        truth = np.array([example.truth[HEADS.index(head)] for example in examples])[alerts]
        line = _line(given[alerts], truth, weights, ROLE_STRENGTH)
        lines[head] = Line(bias=round(line.bias, _DIGITS), weights=tuple(round(each, _DIGITS) for each in line.weights))
    return lines


def _line(given: Any, truth: Any, weights: Any, strength: float) -> Line:  # noqa: ANN401 - numpy
    mean, spread = given.mean(0), given.std(0) + 1e-6
    fitted = _fitted((given - mean) / spread, truth, strength, weights)
    own = fitted.coef_[0] / spread
    return Line(bias=float(fitted.intercept_[0] - own @ mean), weights=tuple(own.tolist()))


def _fold_of(family: str) -> int:
    return blake2b(family.encode(), digest_size=4).digest()[0] % FOLDS
