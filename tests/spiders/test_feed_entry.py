"""Entries as feedparser gives them."""

from __future__ import annotations

import io

import feedparser
import pytest

from spiders.feed_entry import FeedEntry, chosen, from_feedparser


def entry(inside: str) -> FeedEntry:
    body = f"<rss version='2.0'><channel><item>{inside}</item></channel></rss>".encode()
    return from_feedparser(feedparser.parse(io.BytesIO(body), sanitize_html=False).entries[0])


def test_it_takes_the_strings() -> None:
    """Dates as written, in the order in which they are believed; enclosures only of the links that are ones."""
    actual = entry(
        "<title>A</title><link>/a</link><guid isPermaLink='false'>7</guid><updated>second</updated>"
        "<pubDate>first</pubDate><description>s</description><enclosure url='/b.mp3'/>"
    )

    assert (
        FeedEntry(title="A", link="/a", guid="7", markup="s", dates=("first", "second"), enclosures=("/b.mp3",))
        == actual
    )


@pytest.mark.parametrize("element", ["<links>a</links>", "<links a='b'/>", "<enclosures>a</enclosures>"])
def test_an_element_named_as_feedparser_names_its_own_is_no_trouble(element: str) -> None:
    """It takes the place of the list of links."""
    assert entry(f"{element}<title>A</title>").enclosures == ()


def test_a_content_that_says_nothing_is_passed_over() -> None:
    """The first that says something, else the summary."""
    assert [chosen([" \n", "b", "c"], "s"), chosen([""], "s")] == ["b", "s"]
