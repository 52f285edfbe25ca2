"""Cross-validation: what the classifier makes of families of events, and of agencies, that it never learned from.

Needs the extra `train` (scikit-learn).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from classifier.examples import Example
from classifier.fitting import fold_of
from classifier.measures import Counts, brier, calibration_error, counted, reliability
from classifier.model import HEADS, ROLES
from classifier.training import cross_profiles, document_model, vocabularies_of

#: A group with fewer alerts to find says nothing by itself.
SMALLEST_GROUP = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """An example with the scores, 0 to 1 by head, of a model that never saw its group."""

    example: Example
    group: str
    scores: Mapping[str, float]


def unseen_scores(examples: Sequence[Example], groups: Sequence[str]) -> list[Unseen]:
    """Return every example as models judge it that never saw a document of its group.

    Groups are left out some at a time, by the folds of training; each is told by a model that saw neither it nor the
    others of its fold.
    """
    apart = [replace(example, family=group) for example, group in zip(examples, groups, strict=True)]
    profiles = cross_profiles(apart, vocabularies_of(apart))
    folds = [fold_of(group) for group in groups]
    found: list[Unseen] = []
    for fold in sorted(set(folds)):
        seen = [at for at, each in enumerate(folds) if each != fold]
        model = document_model([profiles[at] for at in seen], [apart[at] for at in seen])
        found += [
            Unseen(example=examples[at], group=groups[at], scores=model.document(profiles[at]))
            for at, each in enumerate(folds)
            if each == fold
        ]
    return found


def by_group(unseen: Sequence[Unseen], threshold: float) -> dict[str, Counts]:
    """Return how alerts were told in each group that has enough of them, at one threshold for letters and answers."""
    groups: defaultdict[str, Counts] = defaultdict(Counts)
    for each in unseen:
        told = any(each.scores[head] >= threshold for head in ROLES)
        true = bool(each.example.truth[HEADS.index("alert")])
        groups[each.group] += counted({True} & {told}, {True} & {true})
    return {group: counts for group, counts in groups.items() if counts.support >= SMALLEST_GROUP}


def calibration(unseen: Sequence[Unseen]) -> tuple[float, float, list[tuple[float, float, int]]]:
    """Return calibration error, Brier score and reliability table of letters and answers in whole documents."""
    scores = [
        (each.scores[head], bool(each.example.truth[HEADS.index(head)]))
        for each in unseen
        for head in ROLES
        if not each.example.brief
    ]
    return calibration_error(scores), brier(scores), reliability(scores)
