"""Training: from labelled rows to the model's file, the same bytes from the same rows.

First the windows: a linear model for each head over words and facts. Then the documents: another over profiles whose
window scores come from models that never saw the document's family, or they would look better than life. Last the
line of Platt (1999) that makes log odds of them, fitted on document scores of the same kind.

Needs the extra `train` (scikit-learn).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from classifier.examples import UNKNOWN, Example
from classifier.fitting import DIGITS, FOLDS, fitted_line, fold_of, matrix_of, vocabulary_of
from classifier.model import (
    GATE_FEWEST,
    GATE_SHARE,
    HEADS,
    ROLES,
    Gate,
    Line,
    Model,
    Table,
    Whole,
)
from classifier.profile import profile_of, whole_input
from classifier.training_days import days_table
from classifier.training_tables import place_tables, quotes_table

#: Documents that a feature must stand in to be weighed.
MOST_RARE = 4
#: Documents that an input of the document judgement must hold in.
MOST_RARE_INPUT = 10
#: Inverse strength of the linear models' regularisation, and what a window out of a long document counts.
STRENGTH, OF_A_DOCUMENT = 0.05, 0.35
#: How much more a window counts that says nothing and that a first fit would swear by: nearly all windows of ordinary
#: documents are easy, and their number alone would drown the few that tell a look-alike.
TEMPTING = 100.0
#: The same of the judgement of documents by the shape of what their windows say: nearly every input by itself, which
#: holds for real documents, and fitted closely, which tells our own apart; their mean is better on real documents than
#: either.
SHAPE_STRENGTHS = (0.00001, 1.0)
#: What a text of a sentence or three counts beside a whole document in the document judgement.
OF_A_SNIPPET = 0.3
#: Weights smaller than this change no score.
LEAST_WEIGHT = 0.02
#: The same of all the words of a document, how often one must occur, and the weight below which it changes nothing.
WHOLE_STRENGTH, MOST_RARE_ZONED, LEAST_WHOLE_WEIGHT = 3.0, 8, 0.7
#: The same of developments, which are told by less, and of the roles of alerts.
RELATED_STRENGTHS, ROLE_STRENGTH = (0.001,), 1.0
#: Platt's line has two numbers and thousands of documents.
CALIBRATION_STRENGTH = 1e6
#: Of the gate: how often a word must occur, its regularisation, and the share of whole documents it must let pass.
GATE_RAREST, GATE_STRENGTH, GATE_RECALL = 15, 0.1, 0.98
_NO_MODEL = Model(
    name="",
    gate=Gate(bias=0.0, weights={}, least=0.0),
    biases=(),
    index={},
    columns=(),
    whole=Whole(biases=(), index={}, rarity=(), columns=()),
    inputs=(),
    documents={},
    roles={},
    role_inputs=(),
    quotes=Table(names=(), biases=(), index={}, columns=()),
    parties=Table(names=(), biases=(), index={}, columns=()),
    stances=Table(names=(), biases=(), index={}, columns=()),
    days=Table(names=(), biases=(), index={}, columns=()),
)

#: Where the features of windows and of whole texts stand.
Vocabularies = tuple[Mapping[str, int], Mapping[str, int]]


def train(examples: Sequence[Example], name: str, tell: Callable[[float], None] = lambda _: None) -> bytes:
    """Return the file of a model trained on these examples; `tell` hears which share of the work is done."""
    vocabularies = vocabularies_of(examples)
    judging = document_model(cross_profiles(examples, vocabularies, tell), examples)
    scoring = _scoring_model(examples, vocabularies)
    parties, stances = place_tables(examples)
    trained = replace(
        judging,
        name=name,
        gate=_gate(examples),
        biases=scoring.biases,
        index=scoring.index,
        columns=scoring.columns,
        whole=scoring.whole,
        quotes=quotes_table(examples),
        parties=parties,
        stances=stances,
        days=days_table([example.days for example in examples]),
    )
    return model_bytes(trained)


def vocabularies_of(examples: Sequence[Example]) -> Vocabularies:
    """Return the features that are weighed, of windows and of whole texts."""
    return _vocabulary(examples), _zoned_vocabulary(examples)


def document_model(profiles: Sequence[Mapping[str, float]], examples: Sequence[Example]) -> Model:
    """Return a model that judges documents by their profiles and scores no windows."""
    inputs = _inputs(profiles)
    given = np.array([[profile.get(key, 0.0) for key in inputs] for profile in profiles])
    roles = [name for name in inputs if name.partition(" ")[0] in ROLES and " with " not in name]
    return replace(
        _NO_MODEL,
        inputs=inputs,
        documents={head: _judgement(given, inputs, examples, head) for head in HEADS},
        roles=_roles(given[:, [inputs.index(name) for name in roles]], examples),
        role_inputs=tuple(roles),
    )


def cross_profiles(
    examples: Sequence[Example], vocabularies: Vocabularies, tell: Callable[[float], None] = lambda _: None
) -> list[dict[str, float]]:
    """Return each example's profile as a model scores it that never saw its family."""
    found: dict[int, dict[str, float]] = {}
    for fold in range(FOLDS):
        apart = [at for at, example in enumerate(examples) if fold_of(example.family) == fold]
        if apart:
            model = _scoring_model([each for each in examples if fold_of(each.family) != fold], vocabularies)
            found |= {at: example_profile(examples[at], model) for at in apart}
        tell((fold + 1) / (FOLDS + 1))
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
        **{name: _table_json(getattr(model, name)) for name in ("quotes", "parties", "stances", "days")},
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
    vocabulary = vocabulary_of(counts, GATE_RAREST)
    matrix = matrix_of([example.words for example in examples], vocabulary, GATE_SHARE, GATE_FEWEST)
    truth = np.array([example.truth[-1] for example in examples])
    folds = np.array([fold_of(example.family) for example in examples])
    apart = np.zeros(len(examples))
    for fold in sorted(set(folds)):
        inside = folds == fold
        apart[inside] = fitted_line(matrix[~inside], truth[~inside], GATE_STRENGTH).decision_function(matrix[inside])
    wanted = np.sort([score for score, each in zip(apart, examples, strict=True) if each.truth[-1] and not each.brief])
    whole = fitted_line(matrix, truth, GATE_STRENGTH)
    return Gate(
        bias=round(float(whole.intercept_[0]), DIGITS),
        weights=dict(zip(vocabulary, np.round(whole.coef_[0], DIGITS).tolist(), strict=True)),
        least=round(float(wanted[int((1 - GATE_RECALL) * len(wanted))]), DIGITS) if len(wanted) else 0.0,
    )


def _table_json(table: Table) -> dict[str, Any]:
    return {"names": table.names, "biases": table.biases, "features": list(table.index), "columns": table.columns}


def _vocabulary(examples: Iterable[Example]) -> dict[str, int]:
    counts = Counter(feature for example in examples for feature in frozenset().union(*example.windows))
    return vocabulary_of(counts, MOST_RARE)


def _zoned_vocabulary(examples: Iterable[Example]) -> dict[str, int]:
    counts = Counter(feature for example in examples for feature in example.outline.zoned())
    return vocabulary_of(counts, MOST_RARE_ZONED)


def _scoring_model(examples: Sequence[Example], vocabularies: Vocabularies) -> Model:
    """Return a model that scores windows and whole texts and judges no documents."""
    windows, zoned = vocabularies
    return replace(_window_model(examples, windows), whole=_whole(examples, zoned))


def _whole(examples: Sequence[Example], vocabulary: Mapping[str, int]) -> Whole:
    known = [sorted(vocabulary[f] for f in each.outline.zoned() if f in vocabulary) for each in examples]
    counts = np.bincount([index for each in known for index in each], minlength=len(vocabulary))
    rarity = np.round(np.log(len(examples) / np.maximum(1, counts)), DIGITS)
    values = [rarity[each] / (np.linalg.norm(rarity[each]) or 1.0) for each in known]
    pointers = np.cumsum([0, *map(len, known)])
    matrix = csr_matrix(
        (np.concatenate(values), np.concatenate(known).astype(int), pointers), shape=(len(known), len(vocabulary))
    )
    weights = example_weights(examples)
    fitted = [
        fitted_line(matrix, np.array([each.truth[at] for each in examples]), WHOLE_STRENGTH, weights)
        for at in range(len(HEADS))
    ]
    columns = np.round(np.stack([each.coef_[0] * rarity for each in fitted]), DIGITS)
    kept = np.abs(columns).max(0) >= LEAST_WHOLE_WEIGHT
    return Whole(
        biases=[round(float(each.intercept_[0]), DIGITS) for each in fitted],
        index={feature: at for at, feature in enumerate(f for f, i in vocabulary.items() if kept[i])},
        rarity=rarity[kept].tolist(),
        columns=tuple(column[kept].tolist() for column in columns),
    )


def example_weights(examples: Iterable[Example]) -> Any:  # noqa: ANN401 - numpy
    """Return what each example counts in judgements of documents."""
    return np.array([example.weight * (OF_A_SNIPPET if example.brief else 1.0) for example in examples])


def _window_model(examples: Sequence[Example], vocabulary: Mapping[str, int]) -> Model:
    """Return a model that scores windows."""
    matrix = matrix_of([window for example in examples for window in example.windows], vocabulary)
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
        fitted = _twice_fitted(matrix[known], targets[known, at], weights[known])
        columns.append(np.round(fitted.coef_[0], DIGITS))
        biases.append(round(float(fitted.intercept_[0]), DIGITS))
    table = np.stack(columns, 1)
    kept = np.abs(table).max(1) >= LEAST_WEIGHT
    index = [feature for feature, at in vocabulary.items() if kept[at]]
    return replace(
        _NO_MODEL,
        biases=tuple(biases),
        index={feature: at for at, feature in enumerate(index)},
        columns=tuple(map(tuple, table[kept].T.tolist())),
    )


def _twice_fitted(matrix: Any, targets: Any, weights: Any) -> Any:  # noqa: ANN401 - numpy, scikit-learn
    """Return a line fitted anew with more weight on what a first one finds likely and is not so."""
    first = fitted_line(matrix, targets, STRENGTH, weights)
    likely = 1 / (1 + np.exp(-first.decision_function(matrix)))
    return fitted_line(matrix, targets, STRENGTH, np.where(targets == 0, 1 + TEMPTING * likely, 1.0) * weights)


def _inputs(profiles: Iterable[Mapping[str, float]]) -> tuple[str, ...]:
    counts = Counter(name for profile in profiles for name in profile)
    return tuple(sorted(name for name, count in counts.items() if count >= MOST_RARE_INPUT))


def _judgement(given: Any, inputs: Sequence[str], examples: Sequence[Example], head: str) -> Line:  # noqa: ANN401
    """Return one head's judgement of documents: shapes and words count the same, calibrated on families unseen."""
    truth = np.array([example.truth[HEADS.index(head)] for example in examples])
    weights = example_weights(examples)
    whole_documents = np.array([not example.brief for example in examples])
    strengths = RELATED_STRENGTHS if head == "related" else SHAPE_STRENGTHS
    readings = [(1 / len(strengths), _by_shape(given, inputs, examples, truth, strength)) for strength in strengths]
    readings.append((1.0, _by_words(given, inputs, head)))
    both, bias, found = np.zeros(len(examples)), 0.0, np.zeros(len(inputs))
    for share, (line, unseen) in readings:
        mean, spread = float(unseen[whole_documents].mean()), float(unseen[whole_documents].std()) + 1e-6
        both += share * (unseen - mean) / spread
        bias += share * (line.bias - mean) / spread
        found += share * np.array(line.weights) / spread
    platt = fitted_line(both.reshape(-1, 1), truth, CALIBRATION_STRENGTH, weights)
    slope, shift = float(platt.coef_[0][0]), float(platt.intercept_[0])
    return Line(bias=round(shift + slope * bias, DIGITS), weights=tuple(np.round(slope * found, 6).tolist()))


def _by_shape(
    given: Any,  # noqa: ANN401 - numpy
    inputs: Sequence[str],
    examples: Sequence[Example],
    truth: Any,  # noqa: ANN401 - numpy
    strength: float,
) -> tuple[Line, Any]:
    """Return a judgement by what the windows say and where, and what it says of examples of families unseen."""
    shapes = np.array([not name.endswith(" whole") for name in inputs])
    folds = np.array([fold_of(example.family) for example in examples])
    weights = example_weights(examples)

    def fitted(seen: Any) -> Line:  # noqa: ANN401 - numpy
        line = _line(given[np.ix_(seen, shapes)], truth[seen], weights[seen], strength)
        every = np.zeros(len(inputs))
        every[shapes] = line.weights
        return Line(bias=line.bias, weights=tuple(every))

    unseen = np.zeros(len(examples))
    for fold in sorted(set(folds)):
        line = fitted(folds != fold)
        unseen[folds == fold] = given[folds == fold] @ np.array(line.weights) + line.bias
    return fitted(np.ones(len(examples), dtype=bool)), unseen


def _by_words(given: Any, inputs: Sequence[str], head: str) -> tuple[Line, Any]:  # noqa: ANN401 - numpy
    """Return the judgement by all words, which is an input already, and what it says of each example."""
    own = np.array([float(name == whole_input(head)) for name in inputs])
    return Line(bias=0.0, weights=tuple(own)), given @ own


def _roles(given: Any, examples: Sequence[Example]) -> dict[str, Line]:  # noqa: ANN401 - numpy
    """Return what makes an alert a letter and what an answer, learned of the alerts alone."""
    alerts = np.array([bool(example.truth[HEADS.index("alert")]) for example in examples])
    weights = example_weights(examples)[alerts]
    lines = {}
    for head in ROLES:
        truth = np.array([example.truth[HEADS.index(head)] for example in examples])[alerts]
        line = _line(given[alerts], truth, weights, ROLE_STRENGTH)
        lines[head] = Line(bias=round(line.bias, DIGITS), weights=tuple(round(each, DIGITS) for each in line.weights))
    return lines


def _line(given: Any, truth: Any, weights: Any, strength: float) -> Line:  # noqa: ANN401 - numpy
    mean, spread = given.mean(0), given.std(0) + 1e-6
    fitted = fitted_line((given - mean) / spread, truth, strength, weights)
    own = fitted.coef_[0] / spread
    return Line(bias=float(fitted.intercept_[0] - own @ mean), weights=tuple(own.tolist()))
