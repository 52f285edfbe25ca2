"""Dates in every form that a feed, an API or a page was seen to use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facts.text import normalise
from spiders.dates import EASTERN, _parse, parse_date, zone_of

DATES = {
    "Tue, 28 Jul 2026 12:00:00 +0000": "2026-07-28T12:00",
    "Mon, 27 Jul 2026 16:30:00 -0400": "2026-07-27T20:30",
    "Mon, 27 Jul 2026 16:30:00 EDT": "2026-07-27T20:30",
    "Mon, 27 Jul 2026 16:30:00 PDT": "2026-07-27T23:30",
    "27 Jul 26 08:00 GMT": "2026-07-27T08:00",
    "27 Jul 96 08:00 GMT": "1996-07-27T08:00",
    "2026-07-27T16:30:00": "2026-07-27T16:30",
    "2026-07-27T16:30:00-07:00": "2026-07-27T23:30",
    "2026-07-27T16:30:00Z": "2026-07-27T16:30",
    "2026-07-27 16:30:00": "2026-07-27T16:30",
    "2026-07-27 16:30 PDT": "2026-07-27T23:30",
    "2015-06-05": "2015-06-05T12:00",
    "1785087938": "2026-07-26T17:45",
    "1785087938000": "2026-07-26T17:45",
    '<time datetime="2025-02-05T12:37:10-05:00">1738777030</time>\n': "2025-02-05T17:37",
    '<time datetime="2025-02-05T12:37:10-05:00">Feb. 5</time>': "2025-02-05T17:37",
    "<time>July 27, 2026</time>": "2026-07-27T12:00",
    "Wed, 08/05/2026 - 08:00": "2026-08-05T08:00",
    "Monday, July 27, 2026 - 4:30pm": "2026-07-27T16:30",
    "07/29/2026 08:00 AM EDT": "2026-07-29T12:00",
    "07/29/2026 12:05 AM EDT": "2026-07-29T04:05",
    "07/29/2026 12:05 PM ET": "2026-07-29T16:05",
    "July 27, 2026": "2026-07-27T12:00",
    "Sept. 3, 2026": "2026-09-03T12:00",
    "Aug. 5, 2026, 3:15 p.m. ET": "2026-08-05T19:15",
    "Published May 4th, 2026 at 5 p.m.": "2026-05-04T17:00",
    "July\u200b 27,\u2003 2026": "2026-07-27T12:00",
    "31-Dec-2025": "2025-12-31T12:00",
    "Thu, 01 Jan 1970 00:00:00 +0000": "1970-01-01T00:00",
    "Fri, 31 Dec 2099 23:59:59 +1400": "2099-12-31T09:59",
}


@pytest.mark.parametrize(("text", "expected"), DATES.items())
def test_a_date_is_read(text: str, expected: str) -> None:
    """To the minute, in UTC."""
    actual = parse_date(text)

    assert actual is not None
    assert datetime.fromisoformat(expected).replace(tzinfo=UTC) == actual.replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    "text",
    [None, "", "someday soon", "May 2026", "99/99/2026", "Feb 30, 2026", "2026-13-45", "12:30", "0", "x" * 10_000,
     "Mon, 32 Foo 2020 99:99", "July 27, 2026 99:99", "-99999999999", "July 27, 0000", "07/29/2026 08:00 +9999",
     "0001-01-01T00:00:00Z", "0001-01-01", "Fri, 31 Dec 9999 23:59:59 GMT"],
)  # fmt: skip
def test_what_is_no_date_is_none_and_never_now(text: str | None) -> None:
    """A date that cannot be read must not make an old item new."""
    assert parse_date(text) is None


def test_a_time_without_a_zone_is_that_of_the_source() -> None:
    """Washington's for the Department of Justice, in summer and winter; UTC for all others."""
    assert parse_date("Wed, 08/05/2026 - 08:00", EASTERN) == datetime(2026, 8, 5, 12, tzinfo=UTC)
    assert parse_date("2026-01-05T08:00:00", EASTERN) == datetime(2026, 1, 5, 13, tzinfo=UTC)
    assert parse_date("Wed, 05 Aug 2026 08:00:00 PDT", EASTERN) == datetime(2026, 8, 5, 15, tzinfo=UTC)
    assert zone_of("https://www.justice.gov/news/rss") == EASTERN
    assert zone_of("https://justice.gov.example.org/") == UTC


@given(st.text(max_size=250))
@settings(max_examples=300)
def test_no_text_breaks_it(text: str) -> None:
    """Any text is a date or None."""
    assert isinstance(parse_date(text), datetime | None)
    assert isinstance(parse_date(f"<time datetime='{text}'>{text}</time>", EASTERN), datetime | None)


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1)), st.integers(-12, 14))  # noqa: DTZ001
@settings(max_examples=200)
def test_what_mail_and_iso_write_comes_back(moment: datetime, hours: int) -> None:
    """RFC 822 and ISO 8601, with any offset."""
    moment = moment.replace(microsecond=0)
    expected = moment.replace(tzinfo=UTC) - timedelta(hours=hours)
    offset = f"{'-' if hours < 0 else '+'}{abs(hours):02d}"

    assert expected == parse_date(f"{moment:%a, %d %b %Y %H:%M:%S} {offset}00")
    assert expected == parse_date(f"{moment.isoformat()}{offset}:00")


_MONTHS = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
    "January",
    "Sept.",
    "Foo",
)
_CLOCKS = st.sampled_from(("08:00:00", "8:05", "23:59:60", "4:30 p.m.", "16:30:00.123", "99:99", "12 AM", ""))
_OFFSETS = st.sampled_from(
    ("GMT", "UTC", "EDT", "PST", "Z", "+0000", "-0400", "+1400", "-09:30", "+9999", "MESZ", "", "ET")
)
_WRITTEN = st.builds(
    "{}{} {} {} {} {}".format,
    st.sampled_from(("", "Wed, ", "Mar, ", "Monday, ", "Mi, ")),
    st.integers(0, 40).map(lambda day: f"{day:02d}"),
    st.sampled_from(_MONTHS),
    st.one_of(st.integers(1960, 2110), st.integers(0, 99), st.just("0000"), st.just("99999")),
    _CLOCKS,
    _OFFSETS,
)
_STAMPS = st.builds(
    "{}-{:02d}-{:02d}{}{}{}".format,
    st.one_of(st.integers(1900, 2200), st.just("0000"), st.just("9999"), st.just("0001")),
    st.integers(0, 13),
    st.integers(0, 32),
    st.sampled_from(("T", " ", "t", "")),
    _CLOCKS,
    _OFFSETS,
)
_ODD = st.one_of(
    st.integers(-(10**14), 10**14).map(str),
    st.builds("{}/{}/{} - {}".format, st.integers(0, 13), st.integers(0, 32), st.integers(0, 2200), _CLOCKS),
    st.builds("{} {}, {} {}".format, st.sampled_from(_MONTHS), st.integers(0, 32), st.integers(0, 2200), _CLOCKS),
)
GENERATED = st.builds(
    "{}{}".format, st.one_of(_WRITTEN, _STAMPS, _ODD), st.sampled_from(("", "", "", " ", "\n", "\u200b"))
)


def _judged(text: str) -> None:
    for zone in (UTC, EASTERN):
        read = parse_date(text, zone)
        try:
            expected = _parse(normalise(text), zone)
        except (ValueError, OverflowError, OSError):
            expected = None
        if expected is not None and expected.year in {1, 9999}:
            expected = None
        assert expected == read
        assert read is None or read.tzinfo is UTC
        # A date that was made up of the clock would not come twice.
        assert read == parse_date(text, zone)


@given(GENERATED)
@settings(max_examples=500)
def test_R21_no_date_breaks_it_and_the_short_way_reads_the_same(text: str) -> None:
    """Two-digit years, other languages, offsets of +14:00, hours that no clock has; read as by the long way."""
    _judged(text)


@pytest.mark.nightly
@given(GENERATED)
@settings(max_examples=20_000)
def test_R21_twenty_thousand_dates(text: str) -> None:
    """The same, 20,000 times."""
    _judged(text)
