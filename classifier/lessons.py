"""Lessons: what readers said of documents, as labelled rows that a model can learn from. Pure.

What nobody spoke of is taken as the classifier had it: an alert is shown whole, and was not objected to.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b

from classifier.labelled import LABEL_KEYS, Row
from facts.event import LETTER, RELATED, RESPONSE
from facts.feedback import OTHER_ROLE, Feedback, Reviewed, Verdict
from facts.identity import digest_text
from facts.places import Place, Role

#: One in so many documents is held out of training, to see what was learned.
ONE_IN = 5
_ROLES = {LETTER: Role.RECIPIENT, RESPONSE: Role.RESPONDENT}


def lessons(reviewed: Iterable[Reviewed]) -> list[Row]:
    """Return a row for each text that something can be learned of, in the order of their digests."""
    by_text: defaultdict[str, list[Reviewed]] = defaultdict(list)
    for each in reviewed:
        by_text[each.snapshot.digest].append(each)
    return [row for _, each in sorted(by_text.items()) if (row := _row(each)) is not None]


def is_held_out(row: Row) -> bool:
    """Return whether a lesson is kept to measure by: the same one always, and of a story all or none."""
    return blake2b(row.family.encode(), digest_size=8).digest()[-1] % ONE_IN == 0


def digest_of(rows: Sequence[Row]) -> str:
    """Return the digest of all that some lessons teach."""
    told = [
        [row.id, row.family, sorted(row.labels.items()), sorted(row.evidence.items()), row.recipients, row.respondents]
        for row in rows
    ]
    return digest_text(json.dumps(told))


def _row(copies: Sequence[Reviewed]) -> Row | None:
    """Return what one text teaches; `copies` are the documents that hold it."""
    first = copies[0].snapshot
    said = _last_said(copies)
    if not said:
        return None
    labels = _labels(said, {event.label for each in copies for event in each.events})
    recipients, respondents = (_parties(label, said, labels, copies) for label in (LETTER, RESPONSE))
    known = recipients is not None and respondents is not None
    return Row(
        id=first.digest,
        title=first.title,
        text=first.text,
        labels=labels,
        published=first.published_at.date() if first.published_at else None,
        recipients=recipients if known else None,
        respondents=respondents if known else None,
        family=next((f"story {each.story_id}" for each in copies if each.story_id), f"text {first.digest}"),
        evidence=_evidence(said, labels),
    )


def _last_said(copies: Iterable[Reviewed]) -> dict[str, Feedback]:
    """Return the last verdict on each label that the model knows, in the order in which they were given."""
    given = sorted((each for copy in copies for each in copy.feedback), key=lambda each: (each.at, each.id))
    found: dict[str, Feedback] = {}
    for each in given:
        if each.label in LABEL_KEYS.values():
            found.pop(each.label, None)
            found[each.label] = each
    return found


def _labels(said: Mapping[str, Feedback], flagged: Iterable[str]) -> dict[str, bool]:
    """Return which labels the text should have.

    A false alarm has neither of the labels that alert: it was called no alert, and not a letter that is an answer.
    """
    labels = dict.fromkeys(LABEL_KEYS.values(), False) | dict.fromkeys(set(flagged) & set(LABEL_KEYS.values()), True)
    if any(said[label].verdict is Verdict.FALSE_ALARM for label in OTHER_ROLE if label in said):
        labels |= dict.fromkeys(OTHER_ROLE, False)
    for label, feedback in said.items():
        labels[label] = feedback.verdict not in {Verdict.FALSE_ALARM, Verdict.WRONG_ROLE}
        if feedback.verdict is Verdict.WRONG_ROLE:
            labels[OTHER_ROLE[label]] = True
    # A development is by its definition neither of the two.
    return labels | {RELATED: labels[RELATED] and not (labels[LETTER] or labels[RESPONSE])}


def _evidence(said: Mapping[str, Feedback], labels: Mapping[str, bool]) -> dict[str, tuple[str, ...]]:
    """Return the passages that were shown with a label and let stand."""
    return {label: (feedback.evidence.text,) for label, feedback in said.items() if labels[label] and feedback.evidence}


def _parties(
    label: str, said: Mapping[str, Feedback], labels: Mapping[str, bool], copies: Sequence[Reviewed]
) -> tuple[str, ...] | None:
    """Return the places in a label's role as somebody let them stand or gave them; None where nobody did."""
    if not labels[label]:
        return ()
    feedback = said.get(label)
    if feedback is not None and feedback.verdict is Verdict.WRONG_PLACE and feedback.places:
        return _names(feedback.places)
    if feedback is None or feedback.verdict is not Verdict.RIGHT:
        return None
    shown = (event for each in copies for event in each.events if event.id == feedback.event_id)
    return _names(place for event in shown for place in event.in_role(_ROLES[label]))


def _names(places: Iterable[Place]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(str, places)))
