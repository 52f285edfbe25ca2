"""The judge: one document in, a reading out; for a snapshot, the events it makes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from classifier.conditions import agencies_of, conditions_of, instrument_of, programs_of
from classifier.copies import sketch_of
from classifier.deadlines import find_deadline
from classifier.gate import gate, has_strings, may_matter
from classifier.gazetteer import Gazetteer
from classifier.lexicon import Lexicon
from classifier.parsing import Parsed, Passage, parse, with_places
from classifier.places import Mention, find_places
from classifier.reading import MODEL, LabelReading, Reading
from classifier.roles import recipients_of
from classifier.scoring import Label
from classifier.stances import stances_of
from facts.document import Snapshot
from facts.event import LETTER, RESPONSE, Event, Judgement, Stance, event_id
from facts.places import Place, Role

#: Below this many characters a text is read whole: the sieve is for articles and dumps.
_ALWAYS_READ = 600
#: Sentences on either side of an evidence quote that still tell what it is about.
_AROUND = 2


class Judge:
    """Judges documents by the rules; holds no state that changes."""

    def __init__(self, gazetteer: Gazetteer, lexicon: Lexicon, labels: Mapping[str, Label]) -> None:
        self._gazetteer = gazetteer
        self._lexicon = lexicon
        self._labels = dict(labels)

    def read(self, *, title: str, text: str, published_at: datetime | None, places: tuple[Place, ...]) -> Reading:
        """Return what the document says; `places` are what its source is about."""
        if len(text) > _ALWAYS_READ and not may_matter(title, text, self._lexicon):
            return self._nothing()
        parsed = parse(title, text, self._lexicon)
        if not has_strings(parsed):
            return self._nothing()
        mentions = find_places(parsed.folded.text, self._gazetteer, places)
        named = find_places(parsed.title_folded.text, self._gazetteer, places)
        parsed = replace(
            parsed,
            passages=with_places(parsed.passages, [(m.start, m.end) for m in mentions if not m.dateline]),
            title=with_places(parsed.title, [(m.start, m.end) for m in named]),
        )
        gated = gate(parsed)
        labels = {name: label.score(gated) for name, label in self._labels.items()}
        return self._facts(parsed, mentions, labels, published_at, places)

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
        return Reading(labels={name: LabelReading(score=0.0, flagged=False) for name in self._labels})

    def _facts(
        self,
        parsed: Parsed,
        mentions: Sequence[Mention],
        labels: Mapping[str, LabelReading],
        published_at: datetime | None,
        places: tuple[Place, ...],
    ) -> Reading:
        home = _home(mentions, places)
        told = _told(parsed, labels)
        recipients = recipients_of(parsed, mentions, home) if _flagged(labels, LETTER) else ()
        answers = stances_of(parsed, mentions, home) if _flagged(labels, RESPONSE) else ()
        stances = _of_those_addressed(answers, recipients)
        return Reading(
            labels=labels,
            agencies=agencies_of(told, _top(parsed), self._lexicon.owners),
            programs=programs_of(told) or programs_of(parsed.passages),
            instrument=instrument_of(told),
            places=_with_roles(mentions, recipients, stances),
            deadline=find_deadline(parsed, published_at.date() if published_at else None),
            conditions=conditions_of(told, parsed.passages),
            stances=stances,
        )


def _flagged(labels: Mapping[str, LabelReading], label: str) -> bool:
    return label in labels and labels[label].flagged


def _home(mentions: Sequence[Mention], places: tuple[Place, ...]) -> tuple[Place, ...]:
    """Return what "the city" means: the source's places, else the place of the dateline."""
    return places or tuple(dict.fromkeys(mention.place for mention in mentions if mention.dateline))


def _top(parsed: Parsed) -> tuple[Passage, ...]:
    return (*parsed.title, *parsed.passages[:2])


def _told(parsed: Parsed, labels: Mapping[str, LabelReading]) -> tuple[Passage, ...]:
    """Return the title and the passages around the evidence; of an unflagged document everything."""
    starts = {quote.start for reading in labels.values() if reading.flagged for quote in reading.evidence}
    if not starts:
        return (*parsed.title, *parsed.passages)
    at = [i for i, p in enumerate(parsed.passages) if parsed.folded.origin(p.sentence.start) in starts]
    kept = sorted({near for index in at for near in range(index - _AROUND, index + _AROUND + 1)})
    inside = (parsed.passages[index] for index in kept if 0 <= index < len(parsed.passages))
    return (*parsed.title, *inside)


def _of_those_addressed(answers: tuple[Stance, ...], recipients: Sequence[Place]) -> tuple[Stance, ...]:
    """Return the answers of the places addressed, where some of them answer: another's suit is then an aside."""
    addressed = {place.id for place in recipients}
    return tuple(answer for answer in answers if answer.place.id in addressed) or answers


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
        judged_by=MODEL,
        judged_at=judged_at,
        recognised_by=snapshot.recognised_by,
    )
