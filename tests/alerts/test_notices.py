from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from alerts.notices import edited, own_words, removed
from facts.alert import Alert, Reason
from facts.document import CaptureKind, Removal
from facts.event import Quote
from tests.facts.samples import NOON, snapshot

TOLD = Alert(
    id="a1",
    event_id="e1",
    story_id="s1",
    place=None,
    source=None,
    detail=None,
    reason=Reason.NEW_STORY,
    route="nm",
    channel="desk",
    due_at=NOON,
)
TEXT = " ".join(f"Sentence number {number} says what the town was asked for in plain words." for number in range(30))
BEFORE = snapshot(text=TEXT)
#: The digest of other bytes.
OTHER = "c" * 64


def test_each_channel_hears_once_under_the_first_alert_it_got() -> None:
    """Two routes into one channel make one notice; nobody else hears."""
    later = replace(TOLD, id="a2", event_id="e2", due_at=NOON + timedelta(hours=1))
    other = replace(TOLD, id="a3", channel="mail")
    after = replace(
        BEFORE,
        version=2,
        text=f"{TEXT} The letter was withdrawn by the department after a week of protest.",
        body_digest=OTHER,
    )

    notices = edited([TOLD, other, later], BEFORE, after, NOON)

    assert [(one.channel, one.event_id, one.reason) for one in notices] == [
        ("desk", "e1", Reason.EDITED),
        ("mail", "e1", Reason.EDITED),
    ]
    assert notices == edited([TOLD, other, later], BEFORE, after, NOON)
    assert len({one.id for one in notices}) == 2
    assert edited([], BEFORE, after, NOON) == []


def test_the_same_bytes_read_another_way_are_no_edit() -> None:
    """A scan that was read by a better program, or to its end at last: the city edited nothing."""
    fuller = f"{TEXT} The department demands access to the jail of the town at every hour of the day."
    after = replace(BEFORE, version=2, text=fuller, recognised_by="tesseract 9")

    assert edited([TOLD], BEFORE, after, NOON) == []
    assert edited([TOLD], BEFORE, replace(after, body_digest=OTHER), NOON)


def test_a_small_edit_is_kept_and_told_nobody() -> None:
    """A typo mended is a version, and no news."""
    after = replace(BEFORE, version=2, text=TEXT.replace("plain", "plainer", 1), body_digest=OTHER)

    assert edited([TOLD], BEFORE, after, NOON) == []


def test_the_page_after_its_summary_is_no_edit() -> None:
    """The feed's words stood in for a page that could not be read yet."""
    summary = replace(BEFORE, capture_kind=CaptureKind.RESOURCE, text="A letter came.")

    assert edited([TOLD], summary, replace(BEFORE, version=2, body_digest=OTHER), NOON) == []


def test_an_edit_says_what_came_and_what_went() -> None:
    """The longest sentence of each, so that a reader need not open two pages."""
    old = f"{TEXT} The department demands access to the jail of the town at every hour of the day."
    new = f"{TEXT} The department has withdrawn its demand."

    after = replace(BEFORE, version=3, text=new, body_digest=OTHER)
    (notice,) = edited([TOLD], replace(BEFORE, text=old), after, NOON)

    assert notice.detail == (
        "version 3 of 2017-08-03 16:00 UTC. New: “The department has withdrawn its demand.” "
        "Gone: “The department demands access to the jail of the town at every hour of the day.”"
    )


def test_a_removal_states_its_bounds_and_no_day_of_deletion() -> None:
    """What looks support: last found, and missing since."""
    gone = Removal(last_seen=NOON, missing_since=NOON + timedelta(hours=6), found="HTTP 404 Not Found")

    (notice,) = removed([TOLD], replace(BEFORE, version=2), gone, NOON + timedelta(days=2))

    assert (notice.reason, notice.event_id, notice.story_id) == (Reason.REMOVED, "e1", "s1")
    assert notice.detail == (
        "last found 2017-08-03 16:00 UTC, missing since 2017-08-03 22:00 UTC: HTTP 404 Not Found; "
        "version 2 is in the archive"
    )


def test_what_returns_is_told_whatever_its_text() -> None:
    """The same text as before the removal: that it is back is the news."""
    gone = replace(
        BEFORE,
        version=2,
        text="",
        removed=Removal(last_seen=NOON, missing_since=NOON, found="HTTP 410 Gone"),
    )

    (notice,) = edited([TOLD], gone, replace(BEFORE, version=3), NOON)

    assert notice.detail == "it is back; it was missing since 2017-08-03 16:00 UTC"


SAID = "The mayor said no."
COPY = replace(BEFORE, source="harbor", url="https://harbor.example/b", text=f"{TEXT} {SAID}")
ADDED = ((len(TEXT) + 1, len(COPY.text)),)


def test_a_copy_is_told_with_what_is_new_in_it() -> None:
    """The longest passage, and whose text the rest is."""
    assert own_words(BEFORE, COPY, ADDED) == f"its text is that of ledger. New: \u201c{SAID}\u201d"
    assert own_words(BEFORE, replace(COPY, url=BEFORE.url), ADDED).startswith(
        "its text is that of an earlier state of the page, version 1."
    )
    assert own_words(BEFORE, COPY, ()) == ""


def test_words_that_the_alert_quotes_are_not_quoted_twice() -> None:
    """It says whose they are."""
    start, end = ADDED[0]
    quote = Quote(text=SAID, start=start, end=end)

    assert own_words(BEFORE, COPY, ADDED, [quote]) == "the words quoted are its own; others it has from ledger"
