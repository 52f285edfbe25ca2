"""Evaluation: readings against labelled documents, as the measures that `pursestrings evaluate` prints."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from classifier.gazetteer import Gazetteer
from classifier.labelled import Row
from classifier.measures import Counts, brier, calibration_error, counted, summary
from classifier.reading import Reading
from facts.event import LETTER, RELATED, RESPONSE, Quote
from facts.places import Place, Role

#: The labels that are told at once.
ALERTED = (LETTER, RESPONSE)
#: A family or agency with fewer documents to find says nothing by itself.
SMALLEST_GROUP = 5
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A labelled document with what was read out of it."""

    row: Row
    reading: Reading


def evaluate(judged: Sequence[Judged], *, seconds: float, gazetteer: Gazetteer) -> dict[str, Any]:
    """Return every measure that the rows allow; `seconds` of CPU were spent on reading them."""
    told = [each for each in judged if all(label in each.row.labels for label in ALERTED)]
    false = sum(_alerts(each.reading) and not each.row.alerts for each in told)
    scores = [(each.reading.labels[label].score, each.row.labels[label]) for each in told for label in ALERTED]
    by_name = {
        "any_alert": [_any_alert(each) for each in told],
        **{label: list(_label_counts(judged, label)) for label in ALERTED},
        "places": list(_places(judged, gazetteer)),
        "deadlines": list(_deadlines(judged)),
    }
    optional = {
        RELATED: list(_label_counts(judged, RELATED)),
        "roles": list(_roles(judged, gazetteer)),
        "stance": list(_stances(judged, gazetteer)),
        "evidence": list(_evidence(judged)),
    }
    groups = {"worst_family": [each.row.family for each in told], "worst_agency": [each.row.agency for each in told]}
    return {
        **{name: summary(counts) for name, counts in by_name.items()},
        **{name: summary(counts) for name, counts in optional.items() if counts},
        "false_alarms_per_1000": round(1000 * false / len(told), 2) if told else 0.0,
        "documents_per_second": round(len(judged) / seconds, 1) if seconds else 0.0,
        "documents": len(judged),
        **{name: worst for name, keys in groups.items() if (worst := _worst(keys, by_name["any_alert"]))},
        "calibration_error": round(calibration_error(scores), 4),
        "brier": round(brier(scores), 4),
    }


def _alerts(reading: Reading) -> bool:
    return any(label in reading.flagged for label in ALERTED)


def _any_alert(each: Judged) -> Counts:
    return counted({True} & {_alerts(each.reading)}, {True} & {each.row.alerts})


def _label_counts(judged: Iterable[Judged], label: str) -> Iterator[Counts]:
    for each in judged:
        if label in each.row.labels and label in each.reading.labels:
            yield counted({label} & set(each.reading.flagged), {label} if each.row.labels[label] else ())


def _places(judged: Iterable[Judged], gazetteer: Gazetteer) -> Iterator[Counts]:
    """Yield the counts of every place named, in the documents that were flagged."""
    for each in judged:
        if _alerts(each.reading) and each.row.jurisdictions is not None:
            yield counted(_ids(each.reading.places), _known(each.row.jurisdictions, gazetteer))


def _roles(judged: Iterable[Judged], gazetteer: Gazetteer) -> Iterator[Counts]:
    """Yield the counts of (place, role), over the places that were found and are there."""
    for each in judged:
        row, reading = each.row, each.reading
        if _alerts(reading) and row.recipients is not None and row.respondents is not None:
            to, by = _known(row.recipients, gazetteer), _known(row.respondents, gazetteer)
            named = {*to, *by, *_known(row.jurisdictions or (), gazetteer)} & _ids(reading.places)
            true = {(i, Role.RECIPIENT) for i in to} | {(i, Role.RESPONDENT) for i in by}
            true |= {(i, Role.MENTION) for i in named - to - by}
            said = {(place.id, place.role) for place in reading.places}
            yield counted({pair for pair in said if pair[0] in named}, {pair for pair in true if pair[0] in named})


def _deadlines(judged: Iterable[Judged]) -> Iterator[Counts]:
    """Yield the counts of deadlines, in the documents rightly flagged that say whether they have one."""
    for each in judged:
        if _alerts(each.reading) and each.row.alerts and each.row.deadline is not None:
            found = each.reading.deadline
            yield counted({found.date} if found else (), {each.row.deadline} if each.row.deadline else ())


def _stances(judged: Iterable[Judged], gazetteer: Gazetteer) -> Iterator[Counts]:
    for each in judged:
        if RESPONSE in each.reading.flagged and each.row.stances is not None:
            said = {(stance.place.id, stance.stance) for stance in each.reading.stances}
            yield counted(said, {(_id(name, gazetteer), kind) for name, kind in each.row.stances.items()})


def _evidence(judged: Iterable[Judged]) -> Iterator[Counts]:
    """Yield whether the first quote of a label overlaps a passage that a reader marked for it."""
    for each in judged:
        for label, passages in each.row.evidence.items():
            if label in each.reading.flagged and passages:
                first = each.reading.labels[label].evidence[:1]
                right = bool(first) and any(_overlaps(first[0], passage, each.row.text) for passage in passages)
                yield Counts(right=int(right), wrong=int(not right), missed=int(not right))


def _overlaps(quote: Quote, passage: str, text: str) -> bool:
    at = text.find(passage)
    if at >= 0:
        return quote.start < at + len(passage) and at < quote.end
    ours, theirs = _BLANKS.sub(" ", quote.text), _BLANKS.sub(" ", passage)
    return ours in theirs or theirs in ours


def _worst(keys: Sequence[str], counts: Sequence[Counts]) -> dict[str, Any] | None:
    """Return the group of lowest F1 among those with enough to find; None when none has."""
    groups: defaultdict[str, Counts] = defaultdict(Counts)
    for key, each in zip(keys, counts, strict=True):
        groups[key] += each
    ranked = sorted((c.f1, key) for key, c in groups.items() if key and c.support >= SMALLEST_GROUP)
    return (
        {"name": ranked[0][1], "f1": round(ranked[0][0], 4), "support": groups[ranked[0][1]].support}
        if ranked
        else None
    )


def _ids(places: Iterable[Place]) -> set[str]:
    return {place.id for place in places}


def _known(names: Iterable[str], gazetteer: Gazetteer) -> set[str]:
    return {_id(name, gazetteer) for name in names}


def _id(name: str, gazetteer: Gazetteer) -> str:
    # A place that the gazetteer lacks cannot be found, and counts as missed.
    place = gazetteer.find(name)
    return place.id if place else name
