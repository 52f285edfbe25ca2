"""Stories: which letter an event belongs to. A pure function of the event and the open stories.

An event joins the story that its document copies; else the latest open story of the same places, agency and programme.
Until cases are built, this is what keeps one letter one alert.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from classifier.copies import is_copy
from facts.event import LETTER, RESPONSE, Event, Sketch
from facts.places import Role
from facts.story import Joined, Member, Story, story_id

#: How long a story takes in further events (docs/design.md).
STORY_WINDOW = timedelta(days=30)


def join(event: Event, sketch: Sketch, stories: Iterable[Story]) -> Joined:
    """Return the story the event joins, with the event in it; a new story when it fits none."""
    candidates = sorted(
        (story for story in stories if abs(happened_at(event) - story.last_event_at) <= STORY_WINDOW),
        key=lambda story: (story.last_event_at, story.id),
        reverse=True,
    )
    member = Member(event_id=event.id, snapshot_id=event.snapshot_id, label=event.label, url=event.url, sketch=sketch)
    for story in candidates:
        if original := _copied(member, story):
            return Joined(story=_extended(story, event, member), opened=False, copy_of=original)
    for story in candidates:
        if _open(story, event) and _belongs(event, story):
            return Joined(story=_extended(story, event, member), opened=False, copy_of=None)
    return Joined(story=_opened(event, member), opened=True, copy_of=None)


def _open(story: Story, event: Event) -> bool:
    """Return whether the story still takes this event in on its facts.

    Answers may go on for months; a letter a month after the one that opened the story is another letter.
    """
    return event.label != LETTER or abs(happened_at(event) - story.opened_at) <= STORY_WINDOW


def happened_at(event: Event) -> datetime:
    """Return when the event became known: the document's own date, unless it lies ahead of the judgement."""
    return min(event.published_at or event.judged_at, event.judged_at)


def _copied(member: Member, story: Story) -> str | None:
    """Return the first member of the story that this one's document copies; its own other label is no copy."""
    for other in story.members:
        if other.snapshot_id != member.snapshot_id and is_copy(other.sketch, member.sketch, at=(other.url, member.url)):
            return other.event_id
    return None


def _belongs(event: Event, story: Story) -> bool:
    if any(member.snapshot_id == event.snapshot_id for member in story.members):
        return True
    if not _agree(event.agencies, story.agencies):
        return False
    if event.label == RESPONSE:
        return _shares_place(event, story)
    return _shares_place(event, story) and _same_instrument(event, story)


def _shares_place(event: Event, story: Story) -> bool:
    """Return whether places overlap; a demand that names no place, such as an order, is met by its programme."""
    ours = set(_party_ids(event))
    if ours and story.place_ids:
        return not ours.isdisjoint(story.place_ids)
    return not set(event.programs).isdisjoint(story.programs) or not (ours or story.place_ids)


def _same_instrument(event: Event, story: Story) -> bool:
    if event.programs or story.programs:
        return _agree(event.programs, story.programs)
    return _agree((event.instrument,) if event.instrument else (), (story.instrument,) if story.instrument else ())


def _agree(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    # A report that leaves the programme or the agency out does not contradict one that names it.
    return not ours or not theirs or not set(ours).isdisjoint(theirs)


def _party_ids(event: Event) -> tuple[str, ...]:
    """Return the ids of the places that demand or answer concerns, without those merely mentioned."""
    parties = [*event.in_role(Role.RECIPIENT), *event.in_role(Role.RESPONDENT), *(s.place for s in event.stances)]
    return tuple(dict.fromkeys(place.id for place in parties))


def _opened(event: Event, member: Member) -> Story:
    return Story(
        id=story_id(event.id),
        opened_by=event.id,
        opened_at=happened_at(event),
        last_event_at=happened_at(event),
        agencies=event.agencies,
        programs=event.programs,
        instrument=event.instrument,
        place_ids=_party_ids(event),
        members=(member,),
    )


def _extended(story: Story, event: Event, member: Member) -> Story:
    return replace(
        story,
        last_event_at=max(story.last_event_at, happened_at(event)),
        agencies=_union(story.agencies, event.agencies),
        programs=_union(story.programs, event.programs),
        instrument=story.instrument or event.instrument,
        place_ids=_union(story.place_ids, _party_ids(event)),
        members=(*story.members, member),
    )


def _union(ours: Sequence[str], theirs: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*ours, *theirs)))
