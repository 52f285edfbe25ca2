"""What the page of a document is filled with."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from archive.pages import TEXT_SHOWN, brief, history_address, places_by_role, view_document
from facts.places import Role
from storage.protocols import Trace
from tests.archive import samples
from tests.archive.newsroom import Newsroom


def trace(newsroom: Newsroom, **changes: object) -> Trace:
    """Return the letter's trace with its snapshot changed."""
    found = newsroom.catalogue.trace(newsroom.letter.id)
    return replace(found, snapshot=replace(found.snapshot, **changes))  # type: ignore[arg-type]  # fields by name


def test_an_endless_text_is_cut_and_says_so(newsroom: Newsroom) -> None:
    """A page of megabytes would stop a browser; the marks of what is shown stay."""
    view = view_document(trace(newsroom, text=samples.LETTER_TEXT + "x" * TEXT_SHOWN), [newsroom.letter])

    assert view.cut
    assert len(view.marks) == 3
    assert sum(len(piece.text) for it in view.paragraphs for piece in it) <= TEXT_SHOWN


def test_evidence_beyond_the_cut_has_no_mark(newsroom: Newsroom) -> None:
    """Its quote still stands above the text."""
    view = view_document(trace(newsroom, text="x" * 100), [newsroom.letter])

    assert view.marks == ()


@pytest.mark.parametrize(("ahead", "expected"), [(timedelta(hours=14), False), (timedelta(days=2), True)])
def test_a_date_to_come_is_said_to_be_one(newsroom: Newsroom, ahead: timedelta, *, expected: bool) -> None:
    """A bare date in a zone ahead of ours is no date to come (docs/reliability.md, R21)."""
    published = newsroom.letter.taken_at + ahead

    assert view_document(trace(newsroom, published_at=published), [newsroom.letter]).dated_ahead is expected


def test_another_sources_copy_is_no_version(newsroom: Newsroom) -> None:
    """Two sources may carry one address; each counts its own versions."""
    other = replace(newsroom.letter, id="0" * 20, source="wire")

    assert view_document(trace(newsroom), [other, newsroom.letter]).versions == (newsroom.letter,)


def test_an_answer_names_its_stance_in_every_form(newsroom: Newsroom) -> None:
    """In the list and on the page."""
    event = samples.answer_event(newsroom.answer)

    assert brief(event) == "Albuquerque, NM: disputes"
    assert places_by_role(event) == [("Answer from", "Albuquerque, NM: disputes")]


def test_a_letter_names_its_recipients_before_those_it_mentions(newsroom: Newsroom) -> None:
    """Who got it comes first, whatever the order of the text."""
    event = samples.letter_event(newsroom.letter)
    mention = samples.STOCKTON.with_role(Role.MENTION)
    mixed = replace(event, places=(mention, samples.BALTIMORE.with_role(Role.RECIPIENT)))

    assert brief(mixed) == "to Baltimore, MD"
    assert places_by_role(mixed) == [("Sent to", "Baltimore, MD"), ("Mentions", "Stockton, CA")]


def test_the_address_of_a_history_is_one_value() -> None:
    """An address with a query of its own, or with what cannot be encoded, stays whole."""
    assert (
        history_address("https://a.example/?x=1&y=\ud800")
        == "/history?url=https%3A%2F%2Fa.example%2F%3Fx%3D1%26y%3D%3F"
    )
