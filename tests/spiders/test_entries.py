"""Entries of feeds: the flaws that were measured, and every feed of feedparser's own tests."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facts.document import Headers
from facts.errors import Unreadable
from facts.identity import make_id
from spiders.entries import read_feed
from spiders.feed_layout import layout_of
from spiders.items import Item
from tests.spiders.conftest import NOW

URL = "https://ledger.example.org/feed"


def rss(items: str) -> bytes:
    head = "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'>"
    return f"{head}<channel><title>x</title>{items}</channel></rss>".encode()


def read(body: bytes, headers: Headers = (), url: str = URL, now: datetime = NOW) -> tuple[Item, ...]:
    return read_feed(body, headers, url, now).entries


@pytest.mark.parametrize("content_type", ["text/html", "text/plain", "application/octet-stream", ""])
def test_the_media_type_does_not_matter(content_type: str) -> None:
    """A feed is one by what is in it."""
    entries = read(
        rss("<item><title>a</title><link>https://x.example/a</link></item>"), (("Content-Type", content_type),)
    )

    assert [entry.url for entry in entries] == ["https://x.example/a"]


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (
            rss("<item><title>City's</title><link>https://x.example/</link></item>").replace(b"'s<", b"\x92s<"),
            "City\u2019s",
        ),
        (b"\n\n" + rss("<item><title>after blank lines</title></item>"), "after blank lines"),
        (rss("<item><title>a &nbsp; b & c</title></item>"), "a b & c"),
        (rss("<item><title>tab\x0bin title</title></item>"), "tab in title"),
        (rss("<item><title>AG&amp;amp;#039;s</title></item>"), "AG's"),
    ],
)
def test_a_flawed_feed_is_usable(body: bytes, title: str) -> None:
    """What feedparser calls bozo is read all the same."""
    assert [title] == [entry.title for entry in read(body)]


def test_a_cut_feed_loses_only_what_was_cut() -> None:
    """The last entry, without title and link, is dropped."""
    whole = rss(
        "<item><title>one</title><link>https://x.example/1</link></item><item><title>two</title><link>https://x.e"
    )

    assert [entry.title for entry in read(whole[: whole.index(b"<title>two")])] == ["one"]


def test_a_feed_is_never_taken_for_an_address_or_a_file(tmp_path: object) -> None:
    """feedparser opens what looks like a name: bytes from outside must not be one."""
    for body in (b"http://127.0.0.1:9/feed", b"/etc/hostname", str(tmp_path).encode()):
        with pytest.raises(Unreadable, match="expected a feed"):
            read(body)


def test_dates_of_a_template_are_not_believed() -> None:
    """One old date for all entries is part of a template; one of today is a busy day."""
    items = "".join(f"<item><title>{n}</title><link>https://x.example/{n}</link>{{}}</item>" for n in range(3))
    old = "<pubDate>Wed, 30 Sep 2020 12:00:00 +0100</pubDate>"
    today = "<pubDate>Thu, 06 Aug 2026 12:00:00 +0000</pubDate>"

    assert {None} == {entry.published_at for entry in read(rss(items.format(old, old, old)))}
    assert {NOW} == {entry.published_at for entry in read(rss(items.format(today, today, today)))}


def test_a_date_ahead_is_kept_as_claimed() -> None:
    """And the next entry is read as ever."""
    entries = read(
        rss(
            "<item><title>a</title><pubDate>Fri, 30 Oct 2099 12:00:00 +0000</pubDate></item>"
            "<item><title>b</title><pubDate>Thu, 06 Aug 2026 12:00:00 +0000</pubDate></item>"
        )
    )

    assert [entry.published_at.year for entry in entries if entry.published_at] == [2099, 2026]


def test_the_department_of_justice() -> None:
    """Times without a zone are Washington's, and what is no news is left out."""
    entries = read(
        rss(
            "<item><title>a</title><link>/opa/pr/a</link><pubDate>Wed, 08/05/2026 - 08:00</pubDate></item>"
            "<item><title>b</title><link>https://www.justice.gov/oip/event/b</link></item>"
        ),
        url="https://www.justice.gov/news/rss",
    )

    assert [(e.url, e.published_at.hour) for e in entries if e.published_at] == [
        ("https://www.justice.gov/opa/pr/a", 12)
    ]


def test_identity_outlives_a_new_guid() -> None:
    """A feed that makes new guids at each build does not make new documents; one without links goes by its guid."""
    item = "<item><title>a</title><link>https://x.example/a?utm_source=rss</link><guid>{}</guid></item>"

    assert [e.url for e in read(rss(item.format("1")))] == [e.url for e in read(rss(item.format("2")))]
    (alone,) = read(rss("<item><title>edited headline</title><guid isPermaLink='false'>note-9</guid></item>"))
    assert f"{URL}#{make_id('entry', 'note-9', '')}" == alone.url
    assert not alone.has_page


def test_what_a_feed_names_its_entries_by() -> None:
    """A guid, an Atom id, rdf:about; not one that is empty or as long as a text."""
    item = "<item><title>a</title><link>https://x.example/{}</link>{}</item>"
    stated = ("<guid>tag:x,1</guid>", "<id> urn:2 </id>", "<guid/>", "", f"<guid>{'x' * 2000}</guid>")

    entries = read(rss("".join(item.format(n, guid) for n, guid in enumerate(stated))))

    assert [entry.guid for entry in entries] == ["tag:x,1", "urn:2", None, None, None]


def test_R20_one_guid_for_different_entries_keeps_them_apart() -> None:
    """A guid that stands for two things is no address of either."""
    entries = read(rss("<item><title>a</title><guid>1</guid></item><item><title>b</title><guid>1</guid></item>"))

    assert [entry.title for entry in entries] == ["a", "b"]
    assert len({entry.url for entry in entries}) == 2


@pytest.mark.parametrize("cut", [0, 10])
def test_a_feed_says_how_it_looked(cut: int) -> None:
    """The same for the fast reader and, with a cut end, for feedparser."""
    whole = rss(
        "<item><title>a</title><link>/1</link><pubDate>Thu, 06 Aug 2026 11:00:00 GMT</pubDate></item>"
        "<item><title>b</title><link>/2</link><description>c</description>"
        "<pubDate>Fri, 07 Aug 2026 11:00:00 GMT</pubDate></item><item><link>/1</link><title>a</title></item>"
    )

    actual = read_feed(whole[: len(whole) - cut], (), URL, NOW)

    assert actual.listed == ("https://ledger.example.org/1", "https://ledger.example.org/2")
    assert (actual.shape.items, actual.shape.dated, actual.shape.titled, actual.shape.worded) == (2, 2, 2, 1)
    assert datetime(2026, 8, 6, 11, tzinfo=UTC) == actual.shape.newest
    assert layout_of(whole) == actual.shape.layout


@pytest.mark.parametrize("element", ["<links>a</links>", "<links a='b'/>", "<enclosures>a</enclosures>"])
def test_an_element_of_a_name_that_feedparser_uses_itself(element: str) -> None:
    """It takes the place of the list of links."""
    assert [entry.title for entry in read(rss(f"<item><title>a</title>{element}</item>"))] == ["a"]


@given(st.lists(st.one_of(st.none(), st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1))), max_size=8))  # noqa: DTZ001
@settings(max_examples=100)
def test_R21_no_date_hides_another_entry(dates: list[datetime | None]) -> None:
    """Ahead, long ago or missing: every entry is there, in its place, and the newest is none that lies ahead."""
    items = "".join(
        f"<item><title>{n}</title><link>/{n}</link>{f'<pubDate>{date.isoformat()}Z</pubDate>' if date else ''}</item>"
        for n, date in enumerate(dates)
    )

    actual = read_feed(rss(items), (), URL, NOW)

    assert [str(number) for number in range(len(dates))] == [entry.title for entry in actual.entries]
    assert actual.shape.newest is None or actual.shape.newest <= NOW


@given(st.binary(max_size=300), st.text(max_size=60))
@settings(max_examples=100)
def test_no_bytes_break_it(body: bytes, text: str) -> None:
    """Any bytes are a feed or Unreadable."""
    for raw in (body, rss(f"<item><title>{text}</title><link>{text}</link><pubDate>{text}</pubDate></item>")):
        try:
            entries = read(raw)
        except Unreadable:
            continue
        for entry in entries:
            f"{entry.title}{entry.text}{entry.url}".encode()
