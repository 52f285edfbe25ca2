"""The fast reader of feeds: it answers where it is sure, and then as feedparser does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings

from facts.document import Headers
from facts.errors import Unreadable
from spiders import entries
from spiders.feed_entry import FeedEntry
from spiders.flaws import mend
from spiders.quick_feed import quick_entries
from tests.rig.corpora import CORPORA, members
from tests.spiders.made_feeds import made_feeds

MOST = 1000
ATOM = 'xmlns="http://www.w3.org/2005/Atom"'
RDF = 'xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
ITEM = "<item><title>A</title><link>https://ledger.example.org/a</link></item>"


def rss(inside: str, root: str = 'rss version="2.0"') -> bytes:
    return f"<{root}><channel><title>x</title>{inside}</channel></rss>".encode()


def patiently(body: bytes, headers: Headers) -> list[FeedEntry] | str | None:
    try:
        return entries._patiently(body, headers, "https://ledger.example.org/feed")
    except Unreadable as error:
        return str(error)


def differs(body: bytes, headers: Headers = ()) -> bool | None:
    """Return whether the readers differ, None where the fast one does not answer."""
    whole, _ = mend(body, headers)
    quick = quick_entries(whole, headers, MOST)
    return None if quick is None else quick != patiently(whole, headers)


def corpus() -> Iterator[bytes]:
    path = CORPORA / "feedparser-feeds.tar.gz"
    if not path.exists():
        pytest.skip("2,107 feeds: feedparser-feeds.tar.gz is not there (PURSESTRINGS_CORPORA)")
    yield from members(path)


def test_every_feed_of_the_corpus_is_read_as_feedparser_reads_it() -> None:
    """Of the 2,107 that test feedparser itself, most of them for some quirk, it answers 1,297."""
    judged = [differs(body, (("Content-Type", "application/xml"),)) for body in corpus()]

    assert judged.count(True) == 0
    assert judged.count(False) > 1250


@given(made_feeds())
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_made_up_feeds_are_read_as_feedparser_reads_them(body: bytes) -> None:
    """Elements of all kinds, in any order, with attributes and texts that trip readers."""
    assert differs(body) is not True


@pytest.mark.nightly
@given(made_feeds())
@settings(max_examples=3_000, suppress_health_check=[HealthCheck.too_slow])
def test_many_made_up_feeds_are_read_as_feedparser_reads_them(body: bytes) -> None:
    """The same, longer."""
    assert differs(body) is not True


@pytest.mark.parametrize(
    "body",
    [
        rss(ITEM),
        rss(ITEM, 'rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"').replace(
            b"</item>", b"<media:group><media:title>t</media:title></media:group></item>"
        ),
        rss("<item><title>caf\u00e9</title><description><![CDATA[<p>a]]></description></item>"),
        f"<feed {ATOM}><entry><id>a</id><link href='/a'/><content type='html'>x</content></entry></feed>".encode(),
        f"<rdf:RDF {RDF}><channel/><item rdf:about='urn:a'><title>A</title></item></rdf:RDF>".encode(),
        b"\xef\xbb\xbf<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n<!-- a -->" + rss(ITEM),
        rss(""),
    ],
)
def test_plain_feeds_are_answered(body: bytes) -> None:
    """RSS, Atom and RDF, as papers and cities publish them."""
    assert differs(body) is False


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (rss(ITEM)[:-20], ()),
        (rss("<item><title>a &nbsp; b</title></item>"), ()),
        (rss("<item><link href='&nbsp;/a'/></item>"), ()),
        (b"<!DOCTYPE rss [<!ENTITY a 'b'>]>" + rss("<item><title>&a;</title></item>"), ()),
        (b"<!DOCTYPE rss SYSTEM 'http://127.0.0.1:9/x.dtd'>" + rss(ITEM), ()),
        (b"<?xml version='1.0' encoding='iso-8859-1'?>" + rss("<item><title>caf\u00e9</title></item>"), ()),
        (b"<?xml version='1.0'?><?x encoding='utf-16'?>" + rss(ITEM), ()),
        (rss("<item><title>caf\u00e9</title></item>"), (("content-type", "text/xml"),)),
        (rss(ITEM), (("content-type", "application/xml; charset=utf-16"),)),
        (rss(ITEM, 'rss version="2.0" xml:base="https://x.example/"'), ()),
        (rss(ITEM, 'rss version="2.0" xmlns="urn:unknown"'), ()),
        (rss(ITEM, 'rss version="2.0" xmlns:dc="urn:unknown"'), ()),
        (rss("<item><a xmlns:p='urn:a'/><b xmlns:p='urn:b'/></item>"), ()),
        (rss("<item><title type='xhtml'>a</title></item>"), ()),
        (rss("<item><title>a <b>b</b></title></item>"), ()),
        (rss("<item><content type='image/png'>aGk=</content></item>"), ()),
        (rss("<item><content src='/a'/></item>"), ()),
        (rss("<item><item><title>a</title></item></item>"), ()),
        (rss("<item><x><title>a</title></x></item>"), ()),
        (rss("<item href='/a'/>"), ()),
        (rss("<item><date>2026-08-05</date></item>"), ()),
        (rss("<content>a</content>" + ITEM), ()),
        (rss("<summary>a</summary><description>b</description>" + ITEM), ()),
        (rss("<item><\u0220/></item>"), ()),
        (rss("<item><a \u0220='b'/></item>"), ()),
        (f"<rdf:RDF {RDF}/>".encode(), ()),
        (b"<html><body>x</body></html>", ()),
        (b"<opml/>", ()),
        (b"", ()),
        (b"\xff\xfe<\x00r\x00", ()),
        (rss("<item><x>" * 300), ()),
    ],
)
def test_what_it_is_not_sure_of_is_left_to_feedparser(body: bytes, headers: Headers) -> None:
    """Flaws, other encodings, rules of bases and types, and names that feedparser reads in its own way."""
    assert quick_entries(body, headers, MOST) is None


def test_no_more_entries_are_read_than_asked_for() -> None:
    """A feed of a million entries is a feed of the first."""
    assert len(quick_entries(rss(ITEM * 30), (), 7) or ()) == 7


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import spiders.entries", "[]"),
        ("import spiders.sandbox as s; s._import('spiders.entries')", "['feedparser', 'lxml.etree']"),
    ],
)
def test_lxml_and_feedparser_are_loaded_once_and_where_feeds_are_read(code: str, expected: str) -> None:
    """By the fork server; the program that only fetches does without them."""
    code = f"import sys; {code}; print(sorted({{'lxml.etree', 'feedparser'}} & set(sys.modules)))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert expected == done.stdout.strip()
