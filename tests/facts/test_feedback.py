"""Feedback: what a verdict keeps, and which verdicts make no sense."""

from __future__ import annotations

from dataclasses import replace

import pytest

from facts.document import Snapshot, WarcPlace
from facts.errors import PursestringsError
from facts.event import LETTER, RELATED, RESPONSE, Quote
from facts.feedback import Archived, Speaker, Verdict, feedback_on, missed
from tests.storage.samples import NOW, STOCKTON, event

SPEAKER = Speaker(by="Ada", at=NOW)
SNAPSHOT = Snapshot(
    id="5" * 20,
    source="doj",
    url="https://doj.example/1",
    title="A letter",
    text="The city must open its jail.",
    published_at=None,
    places=(),
    taken_at=NOW,
    version=1,
    digest="d" * 64,
    body_digest="b" * 64,
    media_type="text/html",
    warc=WarcPlace(file="a.warc.gz", offset=0, length=1),
)
ARCHIVED = Archived(snapshot=SNAPSHOT, events=(), model="base-1")


def test_a_verdict_keeps_what_was_judged_by_what_and_why() -> None:
    """The text's digest, the model, and the passage that was shown."""
    letter = event(SNAPSHOT)
    said = feedback_on(letter, Verdict.FALSE_ALARM, SPEAKER, text_digest=SNAPSHOT.digest)

    assert (said.event_id, said.snapshot_id, said.label) == (letter.id, SNAPSHOT.id, LETTER)
    assert (said.text_digest, said.model, said.evidence) == (SNAPSHOT.digest, "base-1", letter.evidence[0])
    assert (said.by, said.at) == ("Ada", NOW)


def test_an_event_without_evidence_can_be_spoken_of() -> None:
    """There is no passage to keep."""
    said = feedback_on(replace(event(SNAPSHOT), evidence=()), Verdict.RIGHT, SPEAKER, text_digest="d")

    assert said.evidence is None


def test_the_same_click_is_the_same_verdict() -> None:
    """A channel that sends it twice adds nothing; another person's is another."""
    letter = event(SNAPSHOT)
    ids = {
        feedback_on(letter, Verdict.RIGHT, speaker, text_digest="d").id
        for speaker in (SPEAKER, SPEAKER, replace(SPEAKER, by="Ben"))
    }

    assert len(ids) == 2


@pytest.mark.parametrize(
    ("label", "verdict", "places", "reason"),
    [
        (LETTER, Verdict.MISSED, (), "was not missed"),
        (RELATED, Verdict.WRONG_ROLE, (), "only a letter or an answer"),
        (LETTER, Verdict.RIGHT, (STOCKTON,), "give them with wrong-place"),
    ],
)
def test_a_verdict_that_makes_no_sense_is_refused(label: str, verdict: Verdict, places: tuple[()], reason: str) -> None:
    """With what would make sense."""
    with pytest.raises(PursestringsError, match=reason):
        feedback_on(event(SNAPSHOT, label), verdict, SPEAKER, text_digest="d", places=places)


def test_what_was_missed_keeps_the_passage_with_its_place() -> None:
    """As it stands in the text."""
    said = missed("https://doj.example/1?from=feed", RESPONSE, ARCHIVED, SPEAKER, quote="open its jail")

    assert (said.verdict, said.label, said.url) == (Verdict.MISSED, RESPONSE, SNAPSHOT.url)
    assert said.evidence == Quote(text="open its jail", start=14, end=27)
    assert (said.event_id, said.snapshot_id, said.model) == (None, SNAPSHOT.id, "base-1")


def test_what_the_archive_does_not_hold_is_kept_by_its_address() -> None:
    """Without a text there is nothing else."""
    said = missed("https://doj.example/2", LETTER, None, SPEAKER)

    assert (said.url, said.snapshot_id, said.text_digest, said.model) == ("https://doj.example/2", None, None, None)


@pytest.mark.parametrize("archived", [ARCHIVED, None])
def test_a_passage_that_the_text_does_not_hold_is_refused(archived: Archived | None) -> None:
    """It would teach nothing."""
    with pytest.raises(PursestringsError, match="does not hold this passage"):
        missed("https://doj.example/1", LETTER, archived, SPEAKER, quote="shut its jail")


def test_what_was_flagged_was_not_missed() -> None:
    """It has an event to speak of; with another label it was."""
    letter = event(SNAPSHOT)
    flagged = replace(ARCHIVED, events=(letter,))

    with pytest.raises(PursestringsError, match=f"pursestrings label {letter.id}"):
        missed(SNAPSHOT.url, LETTER, flagged, SPEAKER)
    assert missed(SNAPSHOT.url, RESPONSE, flagged, SPEAKER).label == RESPONSE
