"""What is odd in a feed at first sight."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.feed_looks import feed_seen, shown
from spiders.platforms import Platform
from spiders.seen import Sort

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://paper.example/rss"
XML = (("Content-Type", "application/rss+xml"),)
FRESH = "Tue, 24 Nov 2026 10:00:00 +0000"


def entry(number: int, date: str = FRESH, *, guid: str | None = "", text: str = "Words.") -> str:
    """Return one entry; its guid is made of its number unless one is given, None for none."""
    name = "" if guid is None else f"<guid>{guid or f'https://paper.example/?p={number}'}</guid>"
    day = f"<pubDate>{date}</pubDate>" if date else ""
    return (
        f"<item><title>Entry {number}</title><link>https://paper.example/{number}</link>{name}{day}"
        f"<description>{text}</description></item>"
    )


def rss(*entries: str, head: str = "") -> bytes:
    """Return a feed."""
    return f'<rss version="2.0"><channel><title>Paper</title>{head}{"".join(entries)}</channel></rss>'.encode()


def notes(*entries: str, headers: tuple[tuple[str, str], ...] = XML) -> tuple[str, ...]:
    """Return what is said of a feed with these entries."""
    return feed_seen(rss(*entries), headers, URL, NOW).notes


def test_a_sound_feed_is_counted_and_nothing_is_said() -> None:
    """Its newest date is that of the entry that has it."""
    seen = feed_seen(rss(entry(1, "Mon, 23 Nov 2026 10:00:00 +0000"), entry(2)), XML, URL, NOW)

    assert (seen.sort, seen.items, seen.notes) == (Sort.RSS, 2, ())
    assert seen.newest == datetime(2026, 11, 24, 10, tzinfo=UTC)


def test_atom_is_told_from_rss_and_a_generator_names_its_platform() -> None:
    """By what the feed says of itself."""
    atom = b'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title></feed>'

    assert feed_seen(atom, XML, URL, NOW).sort is Sort.ATOM
    head = "<generator>https://wordpress.org/?v=6.8</generator>"
    assert feed_seen(rss(entry(1), head=head), XML, URL, NOW).platform is Platform.WORDPRESS


@pytest.mark.parametrize(
    ("entries", "note"),
    [
        ([], "the feed is valid and has no entries"),
        ([entry(1, guid=None), entry(2)], "1 of 2 entries have no guid: known by their link"),
        ([entry(1, guid="a"), entry(2, guid="a")], "1 of 2 entries share a guid with another"),
        ([entry(1, "next Tuesday"), entry(2)], "1 of 2 dates cannot be read, such as 'next Tuesday'"),
        ([entry(1, ""), entry(2, "")], "no entry has a date"),
        (
            [entry(1, "Fri, 30 Oct 2027 10:00:00 GMT"), entry(2)],
            "1 of 2 dates lie ahead, the furthest on 2027-10-30",
        ),
        (
            [entry(number, "Wed, 30 Sep 2020 12:00:00 GMT") for number in range(3)],
            "all dates are 2020-09-30: that of a template, not of the entries",
        ),
        ([entry(1, "Thu, 01 Oct 2026 12:00:00 GMT")], "the newest entry is 54 days old"),
    ],
)
def test_what_is_odd_is_said(entries: list[str], note: str) -> None:
    """Once, and nothing else."""
    assert notes(*entries) == (note,)


def test_a_feed_served_as_a_page_is_said() -> None:
    """Its media type is no feed's."""
    assert notes(entry(1), headers=(("Content-Type", "text/html"),)) == ("served as text/html, which no feed is",)
    assert notes(entry(1), headers=(("Content-Type", "text/xml; charset=utf-8"),)) == ()


def test_a_feed_that_breaks_off_is_said() -> None:
    """What came whole is counted."""
    seen = feed_seen(rss(entry(1), entry(2))[:-60], XML, URL, NOW)

    assert seen.items == 1
    assert "breaks off" in seen.notes[0]


def test_teasers_are_told_from_whole_texts() -> None:
    """The pages of entries with whole texts need not be read."""
    assert feed_seen(rss(entry(1), entry(2)), XML, URL, NOW).brief
    assert not feed_seen(rss(entry(1, text="word " * 400), entry(2)), XML, URL, NOW).brief


def test_outside_text_is_shown_on_one_short_line() -> None:
    """Whatever was written in the place of a date."""
    assert shown("\x1b[31m\n<b>" + "x" * 200) == "[31m " + "x" * 55


@settings(max_examples=60)
@given(st.text(max_size=40), st.binary(max_size=200))
def test_nothing_trips_it(text: str, tail: bytes) -> None:
    """Dates and bytes of any kind."""
    seen = feed_seen(rss(entry(1, text))[:-1] + tail, XML, URL, NOW)

    assert seen.sort in {Sort.RSS, Sort.OTHER}
    assert all("\n" not in note for note in seen.notes)
