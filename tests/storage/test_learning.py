"""Learning: verdicts and models are read back as they were written, and change nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from facts.canary import CANARY
from facts.document import Removal
from facts.errors import NotFound
from facts.event import LETTER, RESPONSE
from facts.feedback import Feedback, Speaker, Verdict, feedback_on, missed
from facts.refitting import Candidate, Score
from facts.watch import Watch
from storage.learning import SqlLearning
from storage.opening import open_learning
from tests.storage.conftest import Rig
from tests.storage.samples import ALBUQUERQUE, HORIZON, LEASE, NOW, document, opened

SPEAKER = Speaker(by="Ada", at=NOW)
SCORE = Score(documents=9, to_find=4, found=3, false_alarms=1)


def candidate(name: str, minutes: int = 0) -> Candidate:
    """Return a model that was made some minutes later."""
    return Candidate(
        name=name,
        made_at=NOW + timedelta(minutes=minutes),
        base="b" * 64,
        digest="d" * 64,
        labels=12,
        golden=SCORE,
        held_out=replace(SCORE, found=4),
        against="base-1",
        against_golden=replace(SCORE, false_alarms=2),
        against_held_out=replace(SCORE, documents=3),
    )


def test_verdicts_come_back_with_document_events_and_story(rig: Rig) -> None:
    """Each document once, with all that was said of it, oldest first; the same click twice is one."""
    letter, answer = rig.judged(LETTER, RESPONSE)
    rig.store.commit_story(letter, opened(letter), [])
    learning = rig.stores.learning
    ((_, digest), _) = learning.events(letter.snapshot_id)
    right = feedback_on(letter, Verdict.RIGHT, SPEAKER, text_digest=digest)
    places = feedback_on(answer, Verdict.WRONG_PLACE, SPEAKER, text_digest=digest, places=[ALBUQUERQUE])
    for said in (right, places, right):
        learning.record(said)

    (reviewed,) = learning.reviewed()
    assert (reviewed.snapshot.id, reviewed.snapshot.digest) == (letter.snapshot_id, digest)
    assert (reviewed.events, reviewed.story_id) == ((letter, answer), opened(letter).story.id)
    assert reviewed.feedback == (right, places)


def test_an_event_is_found_by_its_own_id_or_its_document_s(rig: Rig) -> None:
    """Or by the beginning of either."""
    letter, answer = rig.judged(LETTER, RESPONSE)
    learning = rig.stores.learning

    assert [letter] == [event for event, _ in learning.events(letter.id[:8].upper())]
    assert [letter, answer] == [event for event, _ in learning.events(letter.snapshot_id)]
    with pytest.raises(NotFound, match="nothing that was flagged"):
        learning.events("000000")
    with pytest.raises(NotFound, match="is no id"):
        learning.events("%")


def test_what_was_missed_is_found_by_its_address(rig: Rig) -> None:
    """The latest text, the model that judged it last; none for an address that was never seen."""
    rig.judged(text="An older text.")
    snapshot = rig.keep("The city must open its jail and its books, and that is another text altogether.")
    learning = rig.stores.learning
    archived = learning.document(snapshot.url)

    assert archived is not None
    assert (archived.snapshot, archived.events, archived.model) == (snapshot, (), None)
    assert learning.document("https://doj.example/never") is None


def test_a_tombstone_has_no_text_to_learn_from(rig: Rig) -> None:
    """The last text counts; of a document that has nothing else, none."""
    (letter,) = rig.judged(LETTER)
    watch = Watch(source=letter.source, url=letter.url, link_id=None, since=NOW, last_seen=NOW, look_at=None)
    removal = Removal(last_seen=NOW, missing_since=NOW, found="404 Not Found")
    rig.store.bury(watch, document("", url=letter.url), removal, [], NOW + timedelta(days=2))
    archived = rig.stores.learning.document(letter.url)

    assert archived is not None
    assert (archived.snapshot.id, archived.model) == (letter.snapshot_id, "base-1")


def test_what_was_missed_before_it_was_archived_is_learned_of_later(rig: Rig) -> None:
    """The address waits for the document."""
    learning = rig.stores.learning
    learning.record(missed("https://doj.example/letters/1", LETTER, None, SPEAKER))
    assert learning.reviewed() == []

    snapshot = rig.keep()
    (reviewed,) = learning.reviewed()
    assert reviewed.snapshot == snapshot


def test_the_canary_teaches_nothing(rig: Rig) -> None:
    """Its document is always the same."""
    (letter,) = rig.judged(LETTER, source=CANARY)
    rig.stores.learning.record(feedback_on(letter, Verdict.RIGHT, SPEAKER, text_digest="d"))

    assert rig.stores.learning.reviewed() == []


def test_a_false_alarm_mutes_nothing(rig: Rig) -> None:
    """Source, documents, events and what waits to be told are as they were."""
    rig.store.register(["doj"], NOW)
    (letter,) = rig.judged(LETTER)
    tables = ("sources", "snapshots", "events", "waiting", "stories", "alerts", "deliveries", "links", "watches")
    before = [rig.rows(f"SELECT * FROM {table}") for table in tables]
    for minute in range(20):
        speaker = replace(SPEAKER, at=NOW + timedelta(minutes=minute))
        rig.stores.learning.record(feedback_on(letter, Verdict.FALSE_ALARM, speaker, text_digest="d"))

    assert before == [rig.rows(f"SELECT * FROM {table}") for table in tables]
    assert [row.name for row in rig.store.claim_due(NOW, lease=LEASE, horizon=HORIZON, limit=9)] == ["doj"]
    assert [letter] == [waiting.event for waiting in rig.store.waiting_events(9)]


def test_models_come_back_oldest_first(rig: Rig) -> None:
    """With every figure; one that is made again has the new ones."""
    learning = rig.stores.learning
    for each in (candidate("b", 1), candidate("a"), candidate("b", 2)):
        learning.add_model(each)

    assert learning.models() == [candidate("a"), candidate("b", 2)]


def test_a_model_is_put_to_use_and_taken_back(rig: Rig) -> None:
    """One step back each time, to the shipped one at the end and no further; a restart forgets nothing."""
    for name in "ab":
        rig.stores.learning.add_model(candidate(name))
    assert rig.stores.learning.in_use() is None
    rig.stores.learning.promote("a", NOW)
    rig.stores.learning.promote("b", NOW)
    rig.reopen()
    learning = rig.stores.learning

    assert learning.in_use() == candidate("b")
    assert [learning.roll_back(NOW), learning.roll_back(NOW), learning.in_use()] == ["a", None, None]
    with pytest.raises(NotFound, match="the shipped model is in use"):
        learning.roll_back(NOW)


def test_a_model_that_was_never_made_cannot_be_used(rig: Rig) -> None:
    """Nothing is recorded."""
    with pytest.raises(NotFound, match="no model is named 'c'"):
        rig.stores.learning.promote("c", NOW)
    assert rig.rows("SELECT * FROM model_uses") == []


def test_it_is_opened_beside_a_running_service(rig: Rig) -> None:
    """A second connection; no lock of the folder, and no archive is made where there is none."""
    beside: SqlLearning = open_learning(rig.url)
    said: Feedback = missed("https://doj.example/9", LETTER, None, SPEAKER)
    beside.record(said)
    beside.close()

    assert rig.rows("SELECT id FROM feedback") == [(said.id,)]
    with pytest.raises(NotFound, match="no archive yet"):
        open_learning(f"sqlite:///{rig.folder}/none.db")
