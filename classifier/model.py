"""Model: the trained weights, and how a window and a whole document are scored by them.

The file is plain JSON, sorted and rounded, made by `classifier/training.py`; judging needs no training library.
"""

from __future__ import annotations

import json
import math
from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from operator import mul
from typing import Any, Self

from facts.errors import PursestringsError

#: What is scored: the two labels that are told at once, the quieter one, and "either of the first two".
HEADS = ("letter", "response", "related", "alert")
#: What an alert may be: one, the other or both.
ROLES = ("letter", "response")
#: What a place of an alert may be.
PARTIES = ("recipient", "respondent")
#: The question asked of each day that an alert names: is it the one by which an answer is due?
DUE = "due"
#: The score of what has no window, in log odds.
NOTHING = -9.0
# A window's features share this much weight, so a long one says no more than a short one.
SHARE, FEWEST = 8.0, 10
GATE_SHARE, GATE_FEWEST = 3.0, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A linear judgement: a bias and a weight for each input."""

    bias: float
    weights: Sequence[float]

    def log_odds(self, given: Sequence[float]) -> float:
        """Return the log odds of these inputs."""
        return self.bias + math.fsum(map(mul, self.weights, given))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Weights of words, and the log odds below which a document is not read."""

    bias: float
    weights: Mapping[str, float]
    least: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """Weights of all the words of a document, rare words counting more, its length counting nothing (TF-IDF)."""

    biases: Sequence[float]
    index: Mapping[str, int]
    #: How rare each feature is, and one column of weights for each head, rarity included.
    rarity: Sequence[float]
    columns: tuple[Sequence[float], ...]

    def log_odds(self, features: Iterable[str]) -> dict[str, float]:
        """Return the log odds of a document by head, by the words it has."""
        get = self.index.get
        known = [at for feature in features if (at := get(feature)) is not None]
        length = math.hypot(*map(self.rarity.__getitem__, known)) or 1.0
        return {
            head: bias + math.fsum(map(column.__getitem__, known)) / length
            for head, bias, column in zip(HEADS, self.biases, self.columns, strict=True)
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Weights of features for some questions, one column each; a long text says no more than a short one."""

    names: tuple[str, ...]
    biases: Sequence[float]
    index: Mapping[str, int]
    columns: tuple[Sequence[float], ...]

    def log_odds(self, features: Iterable[str]) -> dict[str, float]:
        """Return the log odds of a yes to each question."""
        get = self.index.get
        known = [at for feature in features if (at := get(feature)) is not None]
        scale = SHARE / math.sqrt(max(FEWEST, len(known)))
        return {
            name: bias + scale * math.fsum(map(column.__getitem__, known))
            for name, bias, column in zip(self.names, self.biases, self.columns, strict=True)
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Weights of features for each head, and the judgement of a document by what its windows scored."""

    name: str
    gate: Gate
    biases: tuple[float, ...]
    #: Where a feature stands in the columns, and one column of weights for each head.
    index: Mapping[str, int]
    columns: tuple[Sequence[float], ...]
    whole: Whole
    #: Names of the inputs of the document judgement, in their order.
    inputs: tuple[str, ...]
    documents: Mapping[str, Line]
    #: What makes an alert a letter and what an answer, and the names of the inputs that tell.
    roles: Mapping[str, Line]
    role_inputs: tuple[str, ...]
    #: What makes a sentence of an alert its reason, by `ROLES`.
    quotes: Table
    #: What makes a place a recipient or a respondent, and what it answers.
    parties: Table
    stances: Table
    #: Which of the days that an alert names is the one by which an answer is due.
    days: Table

    @classmethod
    @cache
    def load(cls) -> Self:
        """Return the model that ships with the package, read once for all who ask."""
        return cls.parse(files("classifier").joinpath("data/model.json").read_bytes())

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Return the model of a file's content.

        Raises:
            PursestringsError: it is no model, or one of another version of this program.
        """
        try:
            value = json.loads(content)
            _check_heads(value["heads"])
            return cls(
                name=str(value["name"]),
                gate=Gate(**value["gate"]),
                biases=tuple(value["biases"]),
                **_columns(value.pop("windows")),
                whole=_whole(value.pop("whole")),
                inputs=tuple(value["inputs"]),
                documents={head: Line(**value["documents"][head]) for head in HEADS},
                roles={head: Line(**value["roles"][head]) for head in ROLES},
                role_inputs=tuple(value["role_inputs"]),
                quotes=_table(value.pop("quotes")),
                parties=_table(value.pop("parties")),
                stances=_table(value.pop("stances")),
                days=_table(value.pop("days")),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            msg = f"this is no model of this program ({error}); make one with `pursestrings model refit`"
            raise PursestringsError(msg) from error

    def may_matter(self, words: Iterable[str]) -> bool:
        """Return whether these words, each once, are those of a document worth reading."""
        return self.relevance(words) >= self.gate.least

    def relevance(self, words: Iterable[str]) -> float:
        """Return the log odds that a document of these words is worth reading."""
        get = self.gate.weights.get
        known = [weight for word in words if (weight := get(word)) is not None]
        return self.gate.bias + GATE_SHARE / math.sqrt(max(GATE_FEWEST, len(known))) * math.fsum(known)

    def known(self, features: Iterable[str]) -> frozenset[int]:
        """Return where the features stand in the columns; those that were never seen weigh nothing."""
        get = self.index.get
        return frozenset([at for feature in features if (at := get(feature)) is not None])

    def window(self, known: Collection[int]) -> dict[str, float]:
        """Return the log odds by head of a window of these features."""
        scale = SHARE / math.sqrt(max(FEWEST, len(known)))
        return {
            head: bias + scale * math.fsum(map(column.__getitem__, known))
            for head, bias, column in zip(HEADS, self.biases, self.columns, strict=True)
        }

    def document(self, profile: Mapping[str, float]) -> dict[str, float]:
        """Return how likely each head is right of a document, 0 to 1, from its profile.

        Letters and answers are alerts first, and then one or the other or both: what tells an alert from its
        look-alikes is not what tells a letter from an answer.
        """
        given = [profile.get(name, 0.0) for name in self.inputs]
        odds = {head: self.documents[head].log_odds(given) for head in HEADS}
        sure = {head: probability(value) for head, value in odds.items()}
        of_an_alert = [profile.get(name, 0.0) for name in self.role_inputs]
        return sure | {
            head: sure["alert"] * probability(line.log_odds(of_an_alert)) for head, line in self.roles.items()
        }


def probability(log_odds: float) -> float:
    """Return log odds as a number from 0 to 1."""
    return 1 / (1 + math.exp(-max(-20.0, min(20.0, log_odds))))


def _check_heads(heads: Sequence[str]) -> None:
    if tuple(heads) != HEADS:
        msg = f"it judges {', '.join(heads)}, not {', '.join(HEADS)}"
        raise ValueError(msg)


def _table(value: Mapping[str, Any]) -> Table:
    return Table(names=tuple(value["names"]), biases=value["biases"], **_columns(value))


def _whole(value: Mapping[str, Any]) -> Whole:
    return Whole(biases=value["biases"], rarity=array("d", value["rarity"]), **_columns(value))


def _columns(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return where features stand and their columns, packed: a hundred thousand numbers as objects are 10 MB."""
    return {
        "index": {feature: at for at, feature in enumerate(value["features"])},
        "columns": tuple(array("d", column) for column in value["columns"]),
    }
