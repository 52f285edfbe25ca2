"""Feedback: what a person said of an alert, or of a document that should have been one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from facts.document import Snapshot
from facts.errors import PursestringsError
from facts.event import LETTER, RESPONSE, Event, Quote
from facts.identity import make_id
from facts.places import Place


class Verdict(StrEnum):
    """What is said: the four buttons of an alert, and of what had no alert that it was missed."""

    RIGHT = "right"
    FALSE_ALARM = "false-alarm"
    #: An alert, but a letter that was taken for an answer, or the reverse.
    WRONG_ROLE = "wrong-role"
    #: An alert, but not of these places.
    WRONG_PLACE = "wrong-place"
    MISSED = "missed"


#: The labels that are told at once, and which of them is meant where one has the wrong role.
OTHER_ROLE = {LETTER: RESPONSE, RESPONSE: LETTER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """One verdict on one document; never changed: a later one on the same label counts in its place."""

    id: str
    verdict: Verdict
    #: The label that was told; of a missed document, the one that it should have had.
    label: str
    url: str
    #: None for what was missed.
    event_id: str | None
    #: None where the archive did not hold the document that was missed; then so are the next two.
    snapshot_id: str | None
    #: The digest of the normalised text that was judged.
    text_digest: str | None
    #: The version of the model that judged it.
    model: str | None
    #: The passage that was shown as the reason; of a missed document the one that a person gave.
    evidence: Quote | None
    #: Of a wrong place: the right ones, where somebody said them.
    places: tuple[Place, ...]
    #: Who said it: a person's name in the channel, or where it was typed.
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who gave a verdict, and when."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """What the archive holds of a document that was missed."""

    snapshot: Snapshot
    events: tuple[Event, ...]
    #: The model that judged it last; None while it waits.
    model: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A document with what was said of it."""

    snapshot: Snapshot
    #: What the classifier made of it.
    events: tuple[Event, ...]
    #: The story that holds one of its events.
    story_id: str | None
    #: Oldest first.
    feedback: tuple[Feedback, ...]


def feedback_on(
    event: Event, verdict: Verdict, speaker: Speaker, *, text_digest: str, places: Sequence[Place] = ()
) -> Feedback:
    """Return a verdict on what an event said of its document.

    Raises:
        PursestringsError: the verdict does not fit the event.
    """
    if verdict is Verdict.MISSED:
        msg = f"what was flagged as {event.label} was not missed; say right, false-alarm, wrong-role or wrong-place"
        raise PursestringsError(msg)
    if verdict is Verdict.WRONG_ROLE and event.label not in OTHER_ROLE:
        msg = f"only a letter or an answer can have the wrong role, not {event.label}; say right or false-alarm"
        raise PursestringsError(msg)
    if places and verdict is not Verdict.WRONG_PLACE:
        msg = "places are the right ones of an alert with wrong ones; give them with wrong-place"
        raise PursestringsError(msg)
    return Feedback(
        id=make_id("feedback", event.id, verdict, speaker.by, speaker.at.isoformat()),
        verdict=verdict,
        label=event.label,
        url=event.url,
        event_id=event.id,
        snapshot_id=event.snapshot_id,
        text_digest=text_digest,
        model=event.judged_by,
        evidence=event.evidence[0] if event.evidence else None,
        places=tuple(places),
        by=speaker.by,
        at=speaker.at,
    )


def missed(url: str, label: str, archived: Archived | None, speaker: Speaker, *, quote: str = "") -> Feedback:
    """Return that a document should have had a label; `quote` is the passage that says so, in its own words.

    Raises:
        PursestringsError: it was flagged so, or it does not hold the passage.
    """
    flagged = [event.id for event in archived.events if event.label == label] if archived else []
    if flagged:
        msg = f"{url} was flagged as {label}; say what is wrong with that: `pursestrings label {flagged[0]} ...`"
        raise PursestringsError(msg)
    return Feedback(
        id=make_id("feedback", url, label, Verdict.MISSED, speaker.by, speaker.at.isoformat()),
        verdict=Verdict.MISSED,
        label=label,
        url=archived.snapshot.url if archived else url,
        event_id=None,
        snapshot_id=archived.snapshot.id if archived else None,
        text_digest=archived.snapshot.digest if archived else None,
        model=archived.model if archived else None,
        evidence=_passage(archived, quote) if quote else None,
        places=(),
        by=speaker.by,
        at=speaker.at,
    )


def _passage(archived: Archived | None, quote: str) -> Quote:
    start = archived.snapshot.text.find(quote) if archived else -1
    if start < 0:
        msg = "the archived text does not hold this passage; copy it from `pursestrings show`, or leave it out"
        raise PursestringsError(msg)
    return Quote(text=quote, start=start, end=start + len(quote))
