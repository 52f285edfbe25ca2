"""Words and times as a person reads them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import display

DENVER = ZoneInfo("America/Denver")


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2017, 8, 3, 18, 5, tzinfo=UTC), "Aug. 3, 2017, 12:05 p.m. MDT"),
        (datetime(2017, 8, 3, 6, 0, tzinfo=UTC), "Aug. 3, 2017, 12:00 a.m. MDT"),
        (datetime(2017, 12, 31, 6, 59, tzinfo=UTC), "Dec. 30, 2017, 11:59 p.m. MST"),
        (datetime.min.replace(tzinfo=UTC), "Jan. 1, 1, 12:00 a.m. UTC"),
        (datetime(2017, 5, 1, 15, 9, tzinfo=UTC), "May 1, 2017, 9:09 a.m. MDT"),
    ],
)
def test_moments_stand_in_the_newsrooms_zone(moment: datetime, expected: str) -> None:
    """With the zone's abbreviation, summer and winter; at the calendar's end in UTC."""
    assert expected == display.when(moment, DENVER).replace("\u00a0", " ")


def test_a_day_without_a_time_is_not_moved_by_a_zone() -> None:
    """Midnight in UTC is how a source's bare date arrives; Denver must not make it the day before."""
    midnight = datetime(2017, 8, 3, tzinfo=UTC)

    assert "Aug. 3, 2017" == display.published(midnight, DENVER) == display.published_day(midnight, DENVER)


def test_a_claimed_time_is_shown_with_its_day_in_the_zone() -> None:
    """One in the morning in UTC is the evening before in Denver."""
    moment = datetime(2017, 8, 3, 1, tzinfo=UTC)

    assert display.published_day(moment, DENVER) == "Aug. 2, 2017"
    assert display.published(moment, DENVER).replace("\u00a0", " ") == "Aug. 2, 2017, 7:00 p.m. MDT"


def test_controls_and_overrides_can_be_seen() -> None:
    """A name that reads backwards on the page would be a lie."""
    assert display.visible("a\0b\u202ec\ud800\x7f\tend\n") == "a\u2400b[U+202E]c\ufffd\u2421\tend\n"


@given(st.text(st.characters()))
def test_what_is_visible_can_be_sent(text: str) -> None:
    """Any text, lone surrogates too, becomes UTF-8."""
    assert display.visible(text).encode().decode() == display.visible(text)
