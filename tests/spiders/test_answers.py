"""Headers read: Retry-After, media types, validators; and pages that are there no longer."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.answers import MAX_FRESH, MAX_RETRY_AFTER, fresh_for, header, media_type, missing, retry_at, validator
from tests.spiders.conftest import NOW


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", timedelta(seconds=120)),
        (" 5 ", timedelta(seconds=5)),
        ("86400", timedelta(hours=24)),
        ("317100", timedelta(seconds=317100)),
        ("604801", MAX_RETRY_AFTER),
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
    """Seconds or a date, at most a week; what is nonsense says nothing."""
    assert (None if expected is None else NOW + expected) == retry_at((("Retry-After", value),), NOW)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Cache-Control": "max-age=600"}, timedelta(minutes=10)),
        ({"cache-control": 'public, MAX-AGE = "7200", s-maxage=5'}, timedelta(hours=2)),
        ({"Cache-Control": "s-maxage=600"}, None),
        ({"Cache-Control": "max-age=31536000"}, MAX_FRESH),
        ({"Cache-Control": f"max-age={'9' * 5000}"}, MAX_FRESH),
        ({"Cache-Control": "max-age=0"}, None),
        ({"Cache-Control": "max-age=600, no-cache"}, None),
        ({"Cache-Control": "no-store, max-age=600"}, None),
        ({"Cache-Control": "max-age=soon"}, None),
        ({"Cache-Control": "max-age=600", "Expires": "0"}, timedelta(minutes=10)),
        # By the server's own clock, which is three years slow.
        ({"Expires": "Sun, 06 Aug 2023 13:00:00 GMT", "Date": "Sun, 06 Aug 2023 12:30:00 GMT"}, timedelta(minutes=30)),
        ({"Expires": "Sun, 06 Aug 2023 13:00:00 GMT"}, None),
        ({"Expires": "Wed, 11 Jan 1984 05:00:00 GMT", "Date": "Sun, 06 Aug 2023 12:30:00 GMT"}, None),
        ({"Expires": "-1", "Date": "Sun, 06 Aug 2023 12:30:00 GMT"}, None),
        ({"Expires": "Sun, 06 Aug 2023 13:00:00 GMT", "Date": "today"}, None),
        ({}, None),
    ],
)
def test_how_long_an_answer_stays_good(headers: dict[str, str], expected: timedelta | None) -> None:
    """By max-age, else by Expires; a day at the most; what is nonsense says nothing."""
    assert expected == fresh_for(tuple(headers.items()))


@given(st.text(max_size=50))
def test_no_header_breaks_it(value: str) -> None:
    """Any text."""
    assert isinstance(retry_at((("Retry-After", value),), NOW), datetime | None)
    assert isinstance(fresh_for((("Cache-Control", value), ("Expires", value), ("Date", value))), timedelta | None)
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
        ("/index.html", "Agency", True),
        ("/Home", "Agency", True),
        ("/errors/404.html", "Agency", True),
        ("/error-in-the-count", "Agency", False),
        ("/home-rule", "Agency", False),
        ("/list", "Access Denied", True),
        ("/list", "Error | Agency", True),
        ("/list", "Agency | Document Not Found", True),
        ("/list", "This page is no longer available - Agency", True),
        ("/list", "500 Error", True),
        ("/list", "Access denied: the city bars agents", False),
        ("/list", "Trial and error in the jail", False),
        ("/list", "503 people were held | Agency", False),
    ],
)
def test_a_page_taken_down_is_seen(final: str, title: str, gone: bool) -> None:  # noqa: FBT001 (a parameter of pytest)
    """By its title, or by being led to the front page."""
    actual = missing("https://a.example/list", f"https://a.example{final}", title)

    assert gone == (actual is not None)


def test_a_page_with_a_text_may_be_called_anything() -> None:
    """A headline that is one word of an error page is a headline where an article stands under it."""
    url = "https://a.example/opinion/1"

    assert missing(url, url, "Access denied | The Ledger", "word " * 400) is None
    assert missing(url, url, "Access denied | The Ledger", "You may not see this.") is not None
    assert missing("https://a.example/", "https://a.example/home", "Agency") is None
