from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pursestrings.demo.publication import Kind, Page, Publication

AT = datetime(2017, 8, 3, 14, tzinfo=UTC)
PIECE = Publication(
    key="a/b", site="a", path="/a/b", kind=Kind.ARTICLE, at=AT, title="T", paragraphs=("[x](/y) z", "w")
)


def test_a_moment_needs_a_zone() -> None:
    """A naive time is a mistake in the texts."""
    with pytest.raises(ValueError, match="a/b has no time zone"):
        replace(PIECE, at=datetime(2017, 8, 3))  # noqa: DTZ001 - the point of the test


def test_text_and_links_come_from_the_paragraphs() -> None:
    """The markup is read once, here."""
    assert PIECE.text == "x z\n\nw"
    assert PIECE.links == ("/y",)


def test_identity_stays_when_it_is_moved_or_edited() -> None:
    """A content system keeps the id of a node."""
    later = replace(PIECE, at=AT.replace(day=9), title="Other", paragraphs=())

    assert PIECE.uuid == later.uuid
    assert PIECE.uuid != replace(PIECE, path="/a/c").uuid


def test_the_printed_date_may_differ() -> None:
    """A calendar entry prints the day it is for."""
    assert PIECE.shown_at == AT
    assert replace(PIECE, dated=AT.replace(month=10)).shown_at == AT.replace(month=10)


def test_the_entity_tag_is_strong_and_follows_the_bytes() -> None:
    """Equal bytes have equal tags."""
    one, same, other = (Page(status=200, media_type="a/b", body=body) for body in (b"1", b"1", b"2"))

    assert one.etag == same.etag
    assert one.etag != other.etag
    assert one.etag.startswith('"')
