"""Lessons: what each verdict teaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from classifier.labelled import Row
from classifier.lessons import ONE_IN, digest_of, is_held_out, lessons
from facts.document import Snapshot
from facts.event import LETTER, RELATED, RESPONSE, Event
from facts.feedback import Archived, Feedback, Reviewed, Speaker, Verdict, feedback_on, missed
from facts.places import Place, Role
from tests.facts.test_feedback import SNAPSHOT
from tests.storage.samples import ALBUQUERQUE, NEW_MEXICO, NOW, STOCKTON, event

LETTER_EVENT = event(SNAPSHOT, LETTER, places=(STOCKTON, NEW_MEXICO))
ANSWER_EVENT = event(SNAPSHOT, RESPONSE, places=(ALBUQUERQUE, STOCKTON))
RELATED_EVENT = event(SNAPSHOT, RELATED)
COURT_EVENT = event(SNAPSHOT, "court_ruling")


def said(of: Event, verdict: Verdict, minute: int = 0, places: Sequence[Place] = ()) -> Feedback:
    speaker = Speaker(by="Ada", at=NOW + timedelta(minutes=minute))
    return feedback_on(of, verdict, speaker, text_digest=SNAPSHOT.digest, places=places)


def reviewed(*given: Feedback, events: tuple[Event, ...] = (LETTER_EVENT,), of: Snapshot = SNAPSHOT) -> Reviewed:
    return Reviewed(snapshot=of, events=events, story_id=None, feedback=given)


def lesson(*given: Feedback, events: tuple[Event, ...] = (LETTER_EVENT,)) -> Row:
    (row,) = lessons([reviewed(*given, events=events)])
    return row


def labels(row: Row) -> set[str]:
    return {label for label, holds in row.labels.items() if holds}


BOTH = (LETTER_EVENT, ANSWER_EVENT)


@pytest.mark.parametrize(
    ("events", "given", "expected"),
    [
        ((LETTER_EVENT,), [said(LETTER_EVENT, Verdict.RIGHT)], {LETTER}),
        ((LETTER_EVENT,), [said(LETTER_EVENT, Verdict.WRONG_PLACE)], {LETTER}),
        ((LETTER_EVENT,), [said(LETTER_EVENT, Verdict.FALSE_ALARM)], set()),
        ((LETTER_EVENT,), [said(LETTER_EVENT, Verdict.WRONG_ROLE)], {RESPONSE}),
        ((ANSWER_EVENT,), [said(ANSWER_EVENT, Verdict.WRONG_ROLE)], {LETTER}),
        (BOTH, [said(LETTER_EVENT, Verdict.RIGHT)], {LETTER, RESPONSE}),
        (BOTH, [said(LETTER_EVENT, Verdict.FALSE_ALARM)], set()),
        (BOTH, [said(LETTER_EVENT, Verdict.FALSE_ALARM), said(ANSWER_EVENT, Verdict.RIGHT, 1)], {RESPONSE}),
        (BOTH, [said(ANSWER_EVENT, Verdict.RIGHT), said(LETTER_EVENT, Verdict.WRONG_ROLE, 1)], {RESPONSE}),
        ((LETTER_EVENT,), [said(LETTER_EVENT, Verdict.FALSE_ALARM), said(LETTER_EVENT, Verdict.RIGHT, 1)], {LETTER}),
        ((LETTER_EVENT,), [said(LETTER_EVENT, Verdict.RIGHT, 1), said(LETTER_EVENT, Verdict.FALSE_ALARM)], {LETTER}),
        ((RELATED_EVENT,), [said(RELATED_EVENT, Verdict.RIGHT)], {RELATED}),
        ((RELATED_EVENT,), [said(RELATED_EVENT, Verdict.FALSE_ALARM)], set()),
        ((LETTER_EVENT, RELATED_EVENT), [said(LETTER_EVENT, Verdict.FALSE_ALARM)], {RELATED}),
        ((LETTER_EVENT, RELATED_EVENT), [said(LETTER_EVENT, Verdict.RIGHT)], {LETTER}),
        ((LETTER_EVENT, COURT_EVENT), [said(COURT_EVENT, Verdict.RIGHT), said(LETTER_EVENT, Verdict.RIGHT)], {LETTER}),
    ],
)
def test_a_verdict_teaches_which_labels_are_right(
    events: tuple[Event, ...], given: list[Feedback], expected: set[str]
) -> None:
    """A false alarm is none at all unless something else was called right; the last verdict on a label counts."""
    assert labels(lesson(*given, events=events)) == expected


def test_what_was_missed_teaches_its_label() -> None:
    """And the passage, where it was given; a digest that had it as a development was wrong."""
    archived = Archived(snapshot=SNAPSHOT, events=(RELATED_EVENT,), model="base-1")
    speaker = Speaker(by="Ada", at=NOW)
    row = lesson(missed(SNAPSHOT.url, RESPONSE, archived, speaker, quote="open its jail"), events=(RELATED_EVENT,))

    assert (labels(row), row.evidence) == ({RESPONSE}, {RESPONSE: ("open its jail",)})


def test_evidence_that_stood_is_taught() -> None:
    """Not that of what was wrong."""
    shown = LETTER_EVENT.evidence[0].text

    assert lesson(said(LETTER_EVENT, Verdict.RIGHT)).evidence == {LETTER: (shown,)}
    assert lesson(said(LETTER_EVENT, Verdict.WRONG_PLACE)).evidence == {LETTER: (shown,)}
    assert lesson(said(LETTER_EVENT, Verdict.FALSE_ALARM)).evidence == {}
    assert lesson(said(LETTER_EVENT, Verdict.WRONG_ROLE)).evidence == {}


def test_places_that_stood_or_were_given_are_taught() -> None:
    """Those in the label's role; nothing where nobody knows."""
    right = lesson(said(LETTER_EVENT, Verdict.RIGHT))
    other = lesson(said(LETTER_EVENT, Verdict.WRONG_PLACE, places=[ALBUQUERQUE.with_role(Role.MENTION)]))
    unknown = lesson(said(LETTER_EVENT, Verdict.WRONG_PLACE))
    both = lesson(said(LETTER_EVENT, Verdict.RIGHT), said(ANSWER_EVENT, Verdict.RIGHT), events=BOTH)
    half = lesson(said(LETTER_EVENT, Verdict.RIGHT), events=BOTH)

    assert (right.recipients, right.respondents) == (("Stockton, CA",), ())
    assert (other.recipients, other.respondents) == (("Albuquerque, NM",), ())
    assert (unknown.recipients, unknown.respondents) == (None, None)
    assert (both.recipients, both.respondents) == (("Stockton, CA",), ("Albuquerque, NM",))
    assert (half.recipients, half.respondents) == (None, None)


def test_one_text_is_one_lesson_wherever_it_stood() -> None:
    """Two papers with one wire story; what was said last of either counts. The story is what is held out together."""
    copy = replace(SNAPSHOT, id="6" * 20, url="https://other.example/1")
    copied = event(copy)
    told = Reviewed(
        snapshot=copy, events=(copied,), story_id="a story", feedback=(said(copied, Verdict.FALSE_ALARM, 5),)
    )
    (row,) = lessons([reviewed(said(LETTER_EVENT, Verdict.RIGHT)), told])

    assert (labels(row), row.id, row.family) == (set(), SNAPSHOT.digest, "story a story")


def test_what_the_model_does_not_know_teaches_nothing() -> None:
    """A label of the newsroom's own has rules of its own."""
    assert lessons([reviewed(said(COURT_EVENT, Verdict.RIGHT), events=(COURT_EVENT,))]) == []


def test_the_same_lessons_are_the_same_whatever_their_order() -> None:
    """So is their digest, which a changed verdict changes."""
    many = [reviewed(said(LETTER_EVENT, Verdict.RIGHT), of=replace(SNAPSHOT, digest=f"{n:064}")) for n in range(5)]
    other = [*many[:4], replace(many[4], feedback=(said(LETTER_EVENT, Verdict.FALSE_ALARM),))]

    assert lessons(many) == lessons(many[::-1])
    assert digest_of(lessons(many)) == digest_of(lessons(many[::-1])) != digest_of(lessons(other))


def test_a_fifth_is_held_out_and_always_the_same() -> None:
    """By what the documents are, not by chance or order."""
    published = datetime(2017, 8, 3, 9, tzinfo=UTC)
    rows = lessons(
        reviewed(said(LETTER_EVENT, Verdict.RIGHT), of=replace(SNAPSHOT, digest=f"{n:064}", published_at=published))
        for n in range(1000)
    )
    held = [row for row in rows if is_held_out(row)]

    assert 0.8 < len(held) * ONE_IN / len(rows) < 1.2
    assert held == [row for row in rows if is_held_out(row)]
    assert {row.published for row in rows} == {published.date()}
