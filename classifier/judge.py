"""The judge: one document in, a reading out; for a snapshot, the events it makes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from classifier.conditions import agencies_of, conditions_of, instrument_of, programs_of
from classifier.copies import sketch_of
from classifier.deadlines import Dated, find_deadline
from classifier.gate import Gated, gate, may_matter
from classifier.gazetteer import Gazetteer
from classifier.lexicon import Lexicon
from classifier.model import PARTIES, Model
from classifier.outline import marked
from classifier.parsing import Parsed, Passage
from classifier.parties import named_of, parties_of
from classifier.places import Mention, find_places
from classifier.reading import LabelReading, Reading
from classifier.roles import places_in_role, role_odds
from classifier.scoring import Label
from classifier.stances import stances_of
from facts.document import Snapshot
from facts.event import LETTER, RELATED, RESPONSE, Deadline, Event, Judgement, Stance, event_id
from facts.places import Place, Role

#: Sentences on either side of an evidence quote that still tell what it is about.
_AROUND = 2


class Judge:
    """Judges documents by the trained model and the rules; holds no state that changes."""

    def __init__(self, gazetteer: Gazetteer, lexicon: Lexicon, labels: Mapping[str, Label], model: Model) -> None:
        self._gazetteer = gazetteer
        self._lexicon = lexicon
        self._labels = dict(labels)
        self._model = model

    def read(self, *, title: str, text: str, published_at: datetime | None, places: tuple[Place, ...]) -> Reading:
        """Return what the document says; `places` are what its source is about."""
        if not may_matter(title, text, self._model):
            return self._nothing()
        parsed, mentions = marked(title, text, self._lexicon, self._gazetteer, places)
        gated = gate(parsed, self._model)
        labels = _apart({name: label.score(gated) for name, label in self._labels.items()})
        if not any(result.flagged for result in labels.values()):
            # Nobody is told of it, so nothing is read out of it but where it speaks of.
            return Reading(labels=labels, places=_with_roles(mentions, (), ()), model=self._model.name)
        return self._facts(gated, mentions, labels, published_at, places)

    def judge(self, snapshot: Snapshot, *, judged_at: datetime) -> Judgement:
        """Return the events of a snapshot, one for each label it earns, and with them the sketch of its text."""
        reading = self.read(
            title=snapshot.title, text=snapshot.text, published_at=snapshot.published_at, places=snapshot.places
        )
        events = tuple(_event(snapshot, label, reading, judged_at) for label in reading.flagged)
        return Judgement(
            snapshot_id=snapshot.id,
            model=reading.model,
            judged_at=judged_at,
            events=events,
            # Half the cost of judging, and only what has events is compared.
            sketch=sketch_of(snapshot.text) if events else (),
        )

    def _nothing(self) -> Reading:
        return Reading(
            labels={name: LabelReading(score=0.0, flagged=False) for name in self._labels}, model=self._model.name
        )

    def _facts(
        self,
        document: Gated,
        mentions: Sequence[Mention],
        labels: Mapping[str, LabelReading],
        published_at: datetime | None,
        places: tuple[Place, ...],
    ) -> Reading:
        parsed, model = document.parsed, self._model
        told = (*parsed.title, *(parsed.passages[index] for index in _near(parsed, labels, _AROUND)))
        flagged = _alerts(labels)
        titled = find_places(parsed.title_folded.text, self._gazetteer, places)
        named = named_of(parsed, document.outline, (mentions, titled), places, self._gazetteer.states)
        found, reasons = parties_of(named), document.reasons()
        odds = {role: role_odds(role, found, flagged, reasons, model.parties) for role in PARTIES}
        recipients, respondents = (places_in_role(role, named, odds[role], flagged) for role in PARTIES)
        stances = stances_of(named, respondents, reasons, model.stances)
        return Reading(
            labels=labels,
            agencies=agencies_of(told, _top(parsed), self._lexicon.owners),
            programs=programs_of(told) or programs_of(parsed.passages),
            instrument=instrument_of(told),
            places=_with_roles((*mentions, *titled), recipients, stances),
            deadline=self._deadline(document, labels, flagged, published_at),
            conditions=conditions_of(told, parsed.passages),
            stances=stances,
            model=model.name,
        )

    def _deadline(
        self,
        document: Gated,
        labels: Mapping[str, LabelReading],
        flagged: frozenset[str],
        published_at: datetime | None,
    ) -> Deadline | None:
        """Return the day by which an answer is due; `flagged` are the labels of alerts."""
        first = {label: labels[label].evidence[:1] for label in flagged}
        at = _sentences(document.parsed, {quote.start for quotes in first.values() for quote in quotes})
        dated = Dated(
            parsed=document.parsed,
            outline=document.outline,
            published=published_at.date() if published_at else None,
            near=at,
            labels=flagged,
        )
        return find_deadline(dated, self._model.days)


def _apart(labels: Mapping[str, LabelReading]) -> dict[str, LabelReading]:
    """Return the readings of the labels; what is an alert is no mere development of one."""
    if RELATED not in labels or not _alerts(labels):
        return dict(labels)
    return {**labels, RELATED: replace(labels[RELATED], flagged=False)}


def _alerts(labels: Mapping[str, LabelReading]) -> frozenset[str]:
    return frozenset(label for label in (LETTER, RESPONSE) if label in labels and labels[label].flagged)


def _top(parsed: Parsed) -> tuple[Passage, ...]:
    return (*parsed.title, *parsed.passages[:2])


def _near(parsed: Parsed, labels: Mapping[str, LabelReading], reach: int) -> tuple[int, ...]:
    """Return the sentences of the text, by index, within reach of the evidence of what was flagged."""
    starts = {quote.start for reading in labels.values() if reading.flagged for quote in reading.evidence}
    at = _sentences(parsed, starts)
    kept = sorted({near for index in at for near in range(index - reach, index + reach + 1)})
    return tuple(index for index in kept if 0 <= index < len(parsed.passages))


def _sentences(parsed: Parsed, starts: Collection[int]) -> list[int]:
    """Return the sentences of the text, by index, that start at these characters of the original."""
    return [at for at, each in enumerate(parsed.passages) if parsed.folded.origin(each.sentence.start) in starts]


def _with_roles(
    mentions: Iterable[Mention], recipients: Sequence[Place], stances: Sequence[Stance]
) -> tuple[Place, ...]:
    """Return recipients, then respondents, then everything else that was named."""
    respondents = [stance.place for stance in stances]
    taken = {place.id for place in (*recipients, *respondents)}
    others = dict.fromkeys(mention.place for mention in mentions if mention.place.id not in taken)
    return (
        *(place.with_role(Role.RECIPIENT) for place in recipients),
        *(place.with_role(Role.RESPONDENT) for place in respondents),
        *(place.with_role(Role.MENTION) for place in others),
    )


def _event_places(label: str, reading: Reading) -> tuple[Place, ...]:
    """Return the places of one event: those in its own role, then the others as mentions, each once."""
    role = {LETTER: Role.RECIPIENT, RESPONSE: Role.RESPONDENT}.get(label)
    own = tuple(place for place in reading.places if place.role is role)
    ids = {place.id for place in own}
    others = {place.id: place.with_role(Role.MENTION) for place in reading.places if place.id not in ids}
    return (*own, *others.values())


def _event(snapshot: Snapshot, label: str, reading: Reading, judged_at: datetime) -> Event:
    result = reading.labels[label]
    return Event(
        id=event_id(snapshot.id, label),
        snapshot_id=snapshot.id,
        label=label,
        score=result.score,
        evidence=result.evidence,
        agencies=reading.agencies,
        programs=reading.programs,
        instrument=reading.instrument,
        places=_event_places(label, reading),
        deadline=reading.deadline,
        conditions=reading.conditions,
        stances=reading.stances if label == RESPONSE else (),
        source=snapshot.source,
        url=snapshot.url,
        title=snapshot.title,
        published_at=snapshot.published_at,
        version=snapshot.version,
        backlog=snapshot.backlog,
        judged_by=reading.model,
        judged_at=judged_at,
        recognised_by=snapshot.recognised_by,
    )
