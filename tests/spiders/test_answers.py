"""Headers read: Retry-After, media types, validators; and pages that are there no longer."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.answers import MAX_RETRY_AFTER, header, media_type, missing, retry_at, validator
from tests.spiders.conftest import NOW


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", timedelta(seconds=120)),
        (" 5 ", timedelta(seconds=5)),
        ("86400", timedelta(hours=24)),
        ("317100", MAX_RETRY_AFTER),
        ("9" * 5000, MAX_RETRY_AFTER),
        ("1000000000", MAX_RETRY_AFTER),
        ("Thu, 06 Aug 2026 13:00:00 GMT", timedelta(hours=1)),
        ("Thu, 06 Aug 2099 13:00:00 GMT", MAX_RETRY_AFTER),
        ("Thu, 06 Aug 2026 13:00:00", timedelta(hours=1)),
        ("Thu, 06 Aug 2020 13:00:00 GMT", None),
        ("0", None),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("١٢", None),
    ],
)
def test_retry_after(value: str, expected: timedelta | None) -> None:
    """Seconds or a date, at most a day; what is nonsense says nothing."""
    assert (None if expected is None else NOW + expected) == retry_at((("Retry-After", value),), NOW)


@given(st.text(max_size=50))
def test_no_header_breaks_it(value: str) -> None:
    """Any text."""
    assert isinstance(retry_at((("Retry-After", value),), NOW), datetime | None)
    assert "/" in media_type((("Content-Type", value),))


def test_headers_are_read() -> None:
    """Whatever their case; empty is absent; a validator that cannot be sent back as it came is none."""
    assert media_type((("CONTENT-TYPE", "Text/HTML;charset=x"),)) == "text/html"
    assert media_type(()) == "application/octet-stream"
    assert header((("X", ""), ("x", "2")), "x") == "2"
    assert header((), "x") is None
    assert validator((("ETag", '"a"'),), "etag") == '"a"'
    assert validator((("ETag", '"é"'),), "etag") is None


@pytest.mark.parametrize(
    ("final", "title", "gone"),
    [
        ("/list", "Page Not Found | Agency", True),
        ("/list", "404 - Agency", True),
        ("/list", "Not Found", True),
        ("/", "Agency", True),
        ("/list", "Suspect not found guilty", False),
        ("/list", "Route 404 reopens", False),
        ("/other", "Agency", False),
        ("/?p=1", "Agency", False),
    ],
)
def test_a_page_taken_down_is_seen(final: str, title: str, gone: bool) -> None:  # noqa: FBT001 (a parameter of pytest)
    """By its title, or by being led to the front page."""
    actual = missing("https://a.example/list", f"https://a.example{final}", title)

    assert gone == (actual is not None)
