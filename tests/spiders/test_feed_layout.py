"""The fingerprint of a feed's layout."""

from __future__ import annotations

import pytest

from spiders.feed_layout import layout_of

RSS = b"<rss><channel><title>x</title><item><title>a</title></item></channel></rss>"
ATOM = b"<feed xmlns='http://www.w3.org/2005/Atom'><entry/><entry><id>a</id></entry></feed>"


@pytest.mark.parametrize(
    "body",
    [
        RSS.replace(b"<item>", b"<item><guid>b</guid></item><item>"),
        RSS.replace(b"<title>a</title>", b"<description>longer</description>"),
        b"<?xml version='1.0'?>\n" + RSS.replace(b"<rss>", b"<rss version='2.0'>"),
        RSS[:-20],
    ],
)
def test_it_stays_while_entries_come_and_go(body: bytes) -> None:
    """Their number, their fields and a cut end are no layout."""
    assert layout_of(RSS) == layout_of(body)


def test_it_turns_with_what_holds_the_entries() -> None:
    """From RSS to Atom, or to entries beside their channel; without entries there is none."""
    outside = b"<rdf:RDF><channel/><item/></rdf:RDF>"

    assert len({layout_of(RSS), layout_of(ATOM), layout_of(outside)}) == 3
    assert layout_of(b"<rss><channel><title>x</title></channel></rss>") is None
    assert layout_of(b"") is None
