"""Judgements, events and stories. Every function runs in the transaction it is given."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, select

from facts.canary import CANARY
from facts.errors import NotFound
from facts.event import LETTER, Event, Judgement
from facts.story import Joined, Member, Report, Story
from storage.event_rows import event_fields, event_of, member_fields, member_of, story_fields, story_of
from storage.inserts import insert_if_new, insert_new, listed, upsert
from storage.rows import Fields
from storage.tables import event_places, events, judgements, snapshots, stories, story_events, unjudged, waiting
from storage.work import Crowd, WaitingEvent

_SEQS = select(snapshots.c.id, snapshots.c.seq).where(snapshots.c.id.in_(listed(bindparam("ids"))))
_JUDGED = delete(unjudged).where(unjudged.c.snapshot_id.in_(listed(bindparam("ids"))))


def record_judgements(connection: Connection, judged: Sequence[Judgement]) -> None:
    """Commit judgements; an event that an earlier model saw already stays as it is."""
    ids = {"ids": json.dumps([judgement.snapshot_id for judgement in judged])}
    seqs: dict[str, int] = {row.id: row.seq for row in connection.execute(_SEQS, ids)}
    for judgement in judged:
        if judgement.snapshot_id not in seqs:
            msg = f"no snapshot has the id {judgement.snapshot_id!r}"
            raise NotFound(msg)
    insert_new(connection, judgements, [_judgement_fields(judgement) for judgement in judged])
    connection.execute(_JUDGED, ids)
    for judgement in judged:
        for event in judgement.events:
            _add_event(connection, event, seqs[judgement.snapshot_id])


def _add_event(connection: Connection, event: Event, seq: int) -> None:
    if insert_if_new(connection, events, event_fields(event)):
        insert_new(connection, event_places, _place_rows(event))
        rank = int(event.label != LETTER)
        insert_new(connection, waiting, [{"event_id": event.id, "snapshot_seq": seq, "rank": rank}])


def crowds(connection: Connection, more_than: int) -> list[Crowd]:
    """Return the sources of which more news than this waits, to be judged or to be told of, by name."""
    news = func.count().filter(~events.c.backlog)
    waits = select(events.c.source, news.label("news"), func.count().label("every")).join_from(waiting, events)
    unread = select(snapshots.c.source, func.count().label("news")).join_from(unjudged, snapshots)
    unread = unread.where(~unjudged.c.backlog).group_by(snapshots.c.source)
    unread_of = {row.source: row.news for row in connection.execute(unread)}
    held = {row.source: (row.news, row.every) for row in connection.execute(waits.group_by(events.c.source))}
    found: list[Crowd] = []
    for source in sorted({*held, *unread_of}):
        (told, every), unjudged_news = held.get(source, (0, 0)), unread_of.get(source, 0)
        if told + unjudged_news > more_than:
            found.append(Crowd(source=source, waiting=every, unjudged=unjudged_news))
    return found


def waiting_events(
    connection: Connection, limit: int, *, of: str | None = None, without: Collection[str] = ()
) -> list[WaitingEvent]:
    """Return events that no story holds, oldest first; of one snapshot the letter first.

    Those of one source, or of all but some.
    """
    asked = events.c.source.not_in(without) if of is None else events.c.source == of
    of_model = (judgements.c.snapshot_id == events.c.snapshot_id) & (judgements.c.model == events.c.judged_by)
    rows = (
        select(events, judgements.c.sketch)
        .join_from(waiting, events)
        .join(judgements, of_model)
        .where(asked)
        .order_by(waiting.c.snapshot_seq, waiting.c.rank, waiting.c.event_id)
        .limit(limit)
    )
    return [WaitingEvent(event=event_of(row), sketch=row.sketch) for row in connection.execute(rows)]


def open_stories(connection: Connection, since: datetime) -> list[Story]:
    """Return the stories whose last event is at or after this time, oldest first."""
    is_open = stories.c.last_event_at >= since
    members: dict[str, list[Member]] = defaultdict(list)
    rows = (
        select(story_events, events.c.url)
        .select_from(story_events.join(stories).join(events, events.c.id == story_events.c.event_id))
        .where(is_open)
        .order_by(story_events.c.seq)
    )
    for row in connection.execute(rows):
        members[row.story_id].append(member_of(row, row.url))
    found = connection.execute(select(stories).where(is_open).order_by(stories.c.opened_at, stories.c.id))
    return [story_of(row, members[row.id]) for row in found]


def commit_story(connection: Connection, event: Event, joined: Joined) -> None:
    """Commit a story with its new member; an event that a story holds already changes nothing."""
    held = select(story_events.c.story_id).where(story_events.c.event_id == event.id)
    if connection.execute(held).scalar() is None:
        upsert(connection, stories, [story_fields(joined.story)])
        copies = {event.id: joined.copy_of}
        members = [
            member_fields(joined.story.id, member, copies.get(member.event_id)) for member in joined.story.members
        ]
        insert_new(connection, story_events, members)
    connection.execute(delete(waiting).where(waiting.c.event_id == event.id))


def leave_apart(connection: Connection, event: Event) -> None:
    """Commit that an event joins no story."""
    connection.execute(delete(waiting).where(waiting.c.event_id == event.id))


def events_of(connection: Connection, snapshot_ids: list[str]) -> dict[str, tuple[Event, ...]]:
    """Return the events of each of these snapshots that has any."""
    found: dict[str, tuple[Event, ...]] = {}
    rows = select(events).where(events.c.snapshot_id.in_(snapshot_ids)).order_by(events.c.seq)
    for event in map(event_of, connection.execute(rows)):
        found[event.snapshot_id] = (*found.get(event.snapshot_id, ()), event)
    return found


def story_ids_of(connection: Connection, snapshot: str) -> tuple[str, ...]:
    """Return the stories that hold an event of this snapshot."""
    rows = select(story_events.c.story_id).where(story_events.c.snapshot_id == snapshot).order_by(story_events.c.seq)
    return tuple(dict.fromkeys(connection.execute(rows).scalars()))


def original_of(connection: Connection, snapshot: str) -> str | None:
    """Return the snapshot whose text this one takes over, as it joined its story; None when it tells its own."""
    copied = events.c.id == story_events.c.copy_of
    rows = (
        select(events.c.snapshot_id)
        .join_from(story_events, events, copied)
        .where(story_events.c.snapshot_id == snapshot)
        .order_by(story_events.c.seq)
        .limit(1)
    )
    return connection.execute(rows).scalar()


def reports(connection: Connection, after: int, until: int | None) -> list[Report]:
    """Return the events of these numbers that are no backlog and no canary, newest first; `after` is not among them."""
    news = (~events.c.backlog, events.c.source != CANARY)
    within = [events.c.seq > after, *news, *([] if until is None else [events.c.seq <= until])]
    rows = (
        select(events, story_events.c.story_id, stories.c.opened_by)
        .select_from(events.outerjoin(story_events, story_events.c.event_id == events.c.id).outerjoin(stories))
        .where(*within)
        .order_by(events.c.seq.desc())
    )
    return [
        Report(event=event_of(row), story_id=row.story_id, opens=row.opened_by == row.id)
        for row in connection.execute(rows)
    ]


def _judgement_fields(judgement: Judgement) -> Fields:
    return {
        "snapshot_id": judgement.snapshot_id,
        "model": judgement.model,
        "judged_at": judgement.judged_at,
        "sketch": judgement.sketch,
    }


def _place_rows(event: Event) -> list[Fields]:
    return [
        {"event_id": event.id, "place_id": place.id, "state": place.state, "role": place.role} for place in event.places
    ]
