from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.document import Known, dated_ahead, next_version
from tests.facts.samples import NOON, capture, document


def test_first_sight_is_version_one() -> None:
    """A document never seen makes version 1."""
    assert next_version("d" * 64, None) == 1


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_new_version_only_when_the_normalised_text_changed(before: str, after: str) -> None:
    """The digest of title and text decides, not the bytes around them."""
    seen = document(text=before)
    latest = known(digest=seen.digest)
    now = document(text=after, capture=capture(body=after.encode("utf-8", "surrogatepass")))

    assert next_version(now.digest, latest) == (None if now.digest == seen.digest else 5)


def test_what_was_missing_returns_as_a_version() -> None:
    """Though its text is the one that was there before."""
    assert next_version("d" * 64, known(digest="d" * 64, removed=True)) == 5


def known(**changes: Any) -> Known:
    """Return a fourth version."""
    values: dict[str, Any] = {"url": "https://news.example/a", "title": "", "text": "", "published_at": None}
    return Known(**(values | {"version": 4, "backlog": False} | changes))


@pytest.mark.parametrize(
    ("published", "ahead"),
    [(None, False), (timedelta(hours=14), False), (timedelta(days=-17000), False), (timedelta(days=30000), True)],
)
def test_a_date_that_lies_ahead_is_known(published: timedelta | None, *, ahead: bool) -> None:
    """A day in a zone ahead of ours does not; 1970 does not; 2099 does; nor does one that is missing (R21)."""
    assert dated_ahead(None if published is None else NOON + published, NOON) is ahead


def test_a_capture_knows_its_digest() -> None:
    """The digest is that of the body as received."""
    assert capture(body=b"abc").body_digest.startswith("ba7816bf")
