"""Judgements, events and stories."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from facts.alert import DigestKey
from facts.errors import NotFound
from facts.event import LETTER, RESPONSE
from facts.story import Joined
from storage.work import WaitingEvent
from tests.storage.conftest import Rig
from tests.storage.samples import ALBUQUERQUE, MINUTE, NOW, alert, event, judgement, member, opened

URL = "https://doj.example/letters/"


def test_a_judgement_recorded_twice_is_one(rig: Rig) -> None:
    """The event comes back whole, with the sketch of its document, and once."""
    snapshot = rig.keep()
    judged = event(snapshot)

    for _ in range(2):
        rig.store.record_judgements([judgement(snapshot, judged)])

    assert [WaitingEvent(event=judged, sketch=(1, 2, 2**64 - 1))] == rig.store.waiting_events(9)
    assert rig.rows("SELECT count(*) FROM judgements") == [(1,)]


def test_an_ordinary_document_has_no_event(rig: Rig) -> None:
    """It is judged all the same, and a short text has an empty sketch."""
    rig.store.record_judgements([judgement(rig.keep(), sketch=())])

    assert rig.store.unjudged(9) == []
    assert rig.store.waiting_events(9) == []


def test_a_new_model_adds_a_judgement_and_no_second_event(rig: Rig) -> None:
    """The first model's event stands; a label that only the new one saw is added."""
    (first,) = rig.judged(LETTER)
    snapshot = rig.catalogue.snapshot(first.snapshot_id)
    again = [replace(event(snapshot, label), judged_by="base-2", score=0.5) for label in (LETTER, RESPONSE)]

    rig.store.record_judgements([judgement(snapshot, *again, model="base-2", sketch=(7,))])

    found = [(each.event, each.sketch) for each in rig.store.waiting_events(9)]
    assert [(first, (1, 2, 2**64 - 1)), (again[1], (7,))] == found
    assert rig.rows("SELECT count(*) FROM judgements") == [(2,)]


def test_an_unknown_snapshot_is_not_judged(rig: Rig) -> None:
    """A judgement without its snapshot is refused whole."""
    snapshot = rig.keep()

    with pytest.raises(NotFound):
        rig.store.record_judgements([replace(judgement(snapshot, event(snapshot)), snapshot_id="0" * 20)])
    assert rig.store.waiting_events(9) == []


def test_events_wait_oldest_first_and_the_letter_before_its_answer(rig: Rig) -> None:
    """The order is that of the snapshots, whenever they were judged."""
    first, second = rig.keep(url=URL + "1"), rig.keep(url=URL + "2")
    for snapshot in (second, first):
        rig.store.record_judgements([judgement(snapshot, event(snapshot, RESPONSE), event(snapshot, LETTER))])

    waiting = [(each.event.snapshot_id, each.event.label) for each in rig.store.waiting_events(9)]

    assert [(each.id, label) for each in (first, second) for label in (LETTER, RESPONSE)] == waiting
    assert len(rig.store.waiting_events(3)) == 3


def test_a_story_opens_and_grows(rig: Rig) -> None:
    """It comes back as it stands after each event, its members in order, and its events wait no longer."""
    (letter,) = rig.judged(LETTER, url=URL + "1")
    (answer,) = rig.judged(RESPONSE, url=URL + "2")
    first = opened(letter)
    rig.store.commit_story(letter, first, [])
    assert [first.story] == rig.store.open_stories(NOW)
    grown = replace(
        first.story,
        last_event_at=NOW + MINUTE,
        place_ids=("geonames:5399020", ALBUQUERQUE.id),
        members=(*first.story.members, member(answer, ())),
    )

    rig.store.commit_story(answer, Joined(story=grown, opened=False, copy_of=None), [])

    assert [grown] == rig.store.open_stories(NOW + MINUTE)
    assert rig.store.open_stories(NOW + 2 * MINUTE) == []
    assert rig.store.waiting_events(9) == []


def test_a_copy_is_traced_to_its_original(rig: Rig) -> None:
    """By the event that was copied; what tells its own has none."""
    letter, copied = (rig.judged(LETTER, url=URL + name)[0] for name in ("1", "2"))
    first = opened(letter)
    rig.store.commit_story(letter, first, [])
    grown = replace(first.story, members=(*first.story.members, member(copied)))

    rig.store.commit_story(copied, Joined(story=grown, opened=False, copy_of=letter.id), [])

    assert rig.catalogue.trace(copied.snapshot_id).original == rig.catalogue.snapshot(letter.snapshot_id)
    assert rig.catalogue.trace(letter.snapshot_id).original is None


def test_stories_oldest_first(rig: Rig) -> None:
    """By the time they opened."""
    events = [rig.judged(LETTER, url=f"{URL}{number}")[0] for number in range(3)]
    for each, minutes in zip(events, (2, 0, 1), strict=True):
        joined = opened(each)
        at = NOW + minutes * MINUTE
        rig.store.commit_story(each, replace(joined, story=replace(joined.story, opened_at=at, last_event_at=at)), [])

    assert [timedelta(), MINUTE, 2 * MINUTE] == [story.opened_at - NOW for story in rig.store.open_stories(NOW)]


def test_a_story_committed_twice_is_one(rig: Rig) -> None:
    """Story, member, alert and delivery are there once, and a late repeat does not undo what came since."""
    letter, answer = (rig.judged(label, url=URL + label)[0] for label in (LETTER, RESPONSE))
    first = opened(letter)
    raised = alert(letter, first.story)
    rig.store.commit_story(letter, first, [raised])
    grown = replace(first.story, last_event_at=NOW + MINUTE, members=(*first.story.members, member(answer)))
    rig.store.commit_story(answer, Joined(story=grown, opened=False, copy_of=None), [])

    rig.store.commit_story(letter, first, [raised])

    assert [grown] == rig.store.open_stories(NOW)
    assert [(raised.id,)] == [delivery.alert_ids for delivery in rig.catalogue.deliveries(9)]


def test_story_and_alerts_are_one_commit(rig: Rig) -> None:
    """An alert that cannot be written takes its story with it, and the event still waits."""
    (letter,) = rig.judged(LETTER)
    joined = opened(letter)
    rig.rows("CREATE TRIGGER no BEFORE INSERT ON deliveries BEGIN SELECT raise(ABORT, 'no'); END")

    with pytest.raises(Exception, match="no"):
        rig.store.commit_story(letter, joined, [alert(letter, joined.story)])

    assert rig.store.open_stories(NOW) == []
    assert [letter] == [each.event for each in rig.store.waiting_events(9)]


def test_nothing_falls_between_two_digests(rig: Rig) -> None:
    """Each event is in exactly one, in the order of commits, whatever time its judgement names; backlog is in none."""
    keys = [DigestKey(name="morning", local_date=date(2017, 8, day)) for day in (3, 4)]
    for key, numbers in zip(keys, ((1, 2), (3, 4)), strict=True):
        for number in numbers:
            snapshot = rig.keep(url=f"{URL}{number}", backlog=number == 2)
            late = replace(event(snapshot), judged_at=NOW - number * MINUTE)
            rig.store.record_judgements([replace(judgement(snapshot, late), judged_at=late.judged_at)])
        rig.store.open_digest(key, "mail", NOW)
    rig.judged(LETTER, url=f"{URL}5")
    told = [
        [each.event.url[-1] for each in rig.catalogue.digest_reports("morning", date(2017, 8, day))]
        for day in (3, 4, 5)
    ]

    assert told == [["1"], ["4", "3"], ["5"]]
    assert len(rig.catalogue.digest_reports("evening", date(2017, 8, 5))) == 4


def test_the_first_digest_tells_of_a_week(rig: Rig) -> None:
    """Not of all that came before there were digests."""
    for days in (60, 8, 0):
        snapshot = rig.keep(url=f"{URL}{days}")
        judged = replace(event(snapshot), judged_at=NOW - timedelta(days=days))
        rig.store.record_judgements([replace(judgement(snapshot, judged), judged_at=judged.judged_at)])

    assert [each.event.url for each in rig.catalogue.digest_reports("morning", date(2017, 8, 3))] == [f"{URL}0"]


def test_a_digest_knows_the_story_of_an_event(rig: Rig) -> None:
    """And whether the event opened it."""
    letter, answer = rig.judged(LETTER, RESPONSE)
    joined = opened(letter)
    rig.store.commit_story(letter, joined, [])
    joining = Joined(story=replace(joined.story, members=(member(answer),)), opened=False, copy_of=None)
    rig.store.commit_story(answer, joining, [])

    found = rig.catalogue.digest_reports("morning", date(2017, 8, 4))

    assert {(each.event.label, each.story_id, each.opens) for each in found} == {
        (LETTER, joined.story.id, True),
        (RESPONSE, joined.story.id, False),
    }


def test_a_trace_follows_a_snapshot_to_its_deliveries(rig: Rig) -> None:
    """Events, stories and deliveries of the one snapshot."""
    (letter,) = rig.judged(LETTER, url=URL + "1")
    other = rig.keep(url=URL + "2")
    joined = opened(letter)
    rig.store.commit_story(letter, joined, [alert(letter, joined.story, route=route) for route in "ab"])

    trace = rig.catalogue.trace(letter.snapshot_id[:8])

    assert letter.snapshot_id == trace.snapshot.id
    assert (letter,) == trace.events
    assert (joined.story.id,) == trace.story_ids
    assert set(rig.catalogue.deliveries(9)) == set(trace.deliveries)
    assert len(trace.deliveries) == 2
    empty = rig.catalogue.trace(other.id)
    assert (empty.events, empty.story_ids, empty.deliveries) == ((), (), ())
