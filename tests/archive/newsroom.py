"""A real archive on disk, written through the Store as the stages write it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from facts.alert import Alert, DeliveryState, Reason, alert_id
from facts.document import Document, Snapshot
from facts.event import Event, Judgement
from facts.story import Joined, Member, Story, story_id
from facts.visit import Link, LinkKind, Outcome, Visit
from storage.opening import Stores, open_store
from storage.protocols import Catalogue, Store
from storage.work import SourceRow, VisitEnd
from tests.archive import samples

LEASE = timedelta(minutes=5)
LINK = Link(
    source="doj",
    url="https://www.justice.gov/opa/pr/no-longer-there",
    kind=LinkKind.PAGE,
    parent=None,
    title="A release that had moved",
    summary="",
    published_at=None,
    places=(),
)


@dataclass(frozen=True, kw_only=True)
class Newsroom:
    """The archive of the samples."""

    folder: Path
    catalogue: Catalogue
    letter: Snapshot
    answer: Snapshot
    plain: Snapshot
    #: The plain story as it was edited later.
    edited: Snapshot


@contextmanager
def archive(folder: Path) -> Iterator[Stores]:
    """Open an archive in a folder."""
    stores = open_store(f"sqlite:///{folder}/archive.db", folder)
    try:
        yield stores
    finally:
        stores.close()


def fill(folder: Path, stores: Stores) -> Newsroom:
    """Write the samples: a letter told to two channels, an answer, a story with an edit, three sources, a dead link."""
    store = stores.store
    for row in samples.SOURCES:
        visited(store, row)
    letter = keep(store, samples.LETTER_DOCUMENT)
    plain = keep(store, samples.PLAIN_DOCUMENT)
    judged(store, plain)
    answer = keep(store, samples.ANSWER_DOCUMENT)
    edited = keep(store, samples.EDITED_DOCUMENT)
    judged(store, edited)
    told(store, judged(store, letter, samples.letter_event(letter))[0], "desk", "delta")
    judged(store, answer, samples.answer_event(answer))
    store.postpone_link(LINK, error="the address answered 410 Gone", retry_at=None)
    return Newsroom(folder=folder, catalogue=stores.catalogue, letter=letter, answer=answer, plain=plain, edited=edited)


def fill_copy(stores: Stores, *, url: str = "https://harbor.example/letter") -> tuple[Snapshot, Snapshot]:
    """Write a letter, and a copy of it to which a paper added what the mayor said; return both."""
    store = stores.store
    letter, copy = (keep(store, one) for one in (samples.LETTER_DOCUMENT, samples.copy_document(url)))
    first, second = (judged(store, it, samples.letter_event(it))[0] for it in (letter, copy))
    story = _story(first)
    store.commit_story(first, Joined(story=story, opened=True, copy_of=None), [])
    members = (*story.members, *_story(second).members)
    store.commit_story(second, Joined(story=replace(story, members=members), opened=False, copy_of=first.id), [])
    return letter, copy


def keep(store: Store, document: Document) -> Snapshot:
    """Archive a document that is new."""
    (snapshot,) = store.keep([document], backlog=False, now=document.capture.fetched_at)
    assert snapshot is not None
    return snapshot


def judged(store: Store, snapshot: Snapshot, *events: Event) -> tuple[Event, ...]:
    """Record a judgement of a snapshot."""
    store.record_judgements(
        [
            Judgement(
                snapshot_id=snapshot.id, model="base-2026.11", judged_at=snapshot.taken_at, events=events, sketch=(1, 2)
            )
        ]
    )
    return events


def told(store: Store, event: Event, sent_to: str, doubtful: str) -> None:
    """Raise an alert for two channels: one took it, of the other nobody knows."""
    at = event.judged_at + timedelta(seconds=2)
    story = _story(event)
    alerts = [
        Alert(
            id=alert_id(story.id, event.label, None, channel),
            event_id=event.id,
            story_id=story.id,
            place=None,
            source=None,
            detail=None,
            reason=Reason.NEW_STORY,
            route=channel,
            channel=channel,
            due_at=at,
        )
        for channel in (sent_to, doubtful)
    ]
    store.commit_story(event, Joined(story=story, opened=True, copy_of=None), alerts)
    for item in [
        each for name in store.due_channels(at) for each in store.claim_deliveries(name, at, lease=LEASE, limit=9)
    ]:
        if item.delivery.channel == sent_to:
            store.settle(replace(item.delivery, state=DeliveryState.SENT, receipt="1501783509.000200"))
        else:
            store.settle(
                replace(item.delivery, state=DeliveryState.IN_DOUBT, error="the connection closed before the answer")
            )


def visited(store: Store, row: SourceRow) -> None:
    """Register a source and have it stand as this row says."""
    store.register([row.name], samples.NOON)
    if row.last_visit_at is not None:
        outcome = Outcome.FAILED if row.failures else Outcome.FRESH
        visit = Visit(source=row.name, at=row.last_visit_at, outcome=outcome, error=row.last_error)
        links = (LINK,) if row.name == LINK.source else ()
        store.finish_visits([VisitEnd(visit=visit, row=row, links=links)])


def _story(event: Event) -> Story:
    member = Member(event_id=event.id, snapshot_id=event.snapshot_id, label=event.label, url=event.url, sketch=(1, 2))
    return Story(
        id=story_id(event.id),
        opened_by=event.id,
        opened_at=event.judged_at,
        last_event_at=event.judged_at,
        agencies=event.agencies,
        programs=event.programs,
        instrument=event.instrument,
        place_ids=tuple(place.id for place in event.places),
        members=(member,),
    )
