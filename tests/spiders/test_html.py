"""Text, titles, dates and links out of pages as they are."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.dates import EASTERN
from spiders.html import MAX_TITLE, clean, clean_line, decode, read_page, text_of

URL = "https://www.city.example/news/1"
BODY = "<p>" + "The city will not sign the terms of the award, the mayor said on Monday. " * 5 + "</p>"


@pytest.mark.parametrize(
    ("body", "header", "expected"),
    [
        ("City\u2019s".encode(), "text/html; charset=utf-8", "City\u2019s"),
        ("City\u2019s".encode("cp1252"), "text/html; charset=iso-8859-1", "City\u2019s"),
        ("City\u2019s".encode("cp1252"), "text/html; charset=utf-8", "City\u2019s"),
        ("City\u2019s".encode("cp1252"), "text/html; charset=no-such-thing", "City\u2019s"),
        (b"<meta charset='windows-1252'>City\x92s", "text/html", "City\u2019s"),
        (b"\xef\xbb\xbfCity\xe2\x80\x99s", "text/html; charset=iso-8859-1", "City\u2019s"),
        ("City\u2019s".encode("utf-16"), "text/html", "City\u2019s"),
        (b"", "", ""),
    ],
)
def test_bytes_become_text(body: bytes, header: str, expected: str) -> None:
    """By mark, header, meta or looks; a wrong header does not garble it."""
    assert decode(body, (("Content-Type", header),)).endswith(expected)


def test_the_main_content_is_read_without_what_is_hidden() -> None:
    """Menus, scripts and what no reader sees stay out; paragraphs stay apart."""
    page = read_page(
        f"<html><nav>Menu</nav><main><h1>Answer</h1>{BODY}<p hidden>secret</p><p style='display:none'>trap</p>"
        f"<p>Second.</p><script>track()</script></main><footer>About</footer></html>".encode(),
        (),
        URL,
    )

    assert "will not sign" in page.text
    assert "\n\nSecond." in page.text
    for word in ("secret", "trap", "track", "Menu", "About"):
        assert word not in page.text


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("<meta property='og:title' content='The &amp;quot;terms&amp;quot;'><title>x</title><h1>y</h1>", 'The "terms"'),
        ("<title>Office | x</title></head><h1>The <em>answer</em></h1>", "The answer"),
        ("<title>Office of Awards | The Standard Terms of Award | Agency</title>", "The Standard Terms of Award"),
        ("<meta property='og:title' content='The answer - Ledger'><meta property='og:site_name' content='Ledger'>",
         "The answer"),
        ("<meta property='og:title' content='The answer | City of X'></head><h1>The answer</h1>", "The answer"),
        ("<meta property='og:title' content='Jail - or grant'></head><h1>Choose</h1>", "Jail - or grant"),
        ("<title>Twenty-four answers</title></head><h1>a</h1><h1>b</h1>", "Twenty-four answers"),
        ("", ""),
    ],
)  # fmt: skip
def test_the_title_is_the_headline(head: str, expected: str) -> None:
    """What the page states, its one heading, or the longest part of its window's title."""
    assert expected == read_page(f"<html><head>{head}".encode(), (), URL).title


@pytest.mark.parametrize(
    ("markup", "hour"),
    [
        ("<meta property='article:published_time' content='2026-08-05T10:00:00-04:00'>", 14),
        ('<script type=\'application/ld+json\'>{"datePublished": "2026-08-05T10:00:00Z"}</script>', 10),
        ("<div class='node-date'><time datetime='2026-08-05T12:00:00Z'>x</time></div>", 12),
        ("<meta name='date' content='nonsense'><time datetime='2026-08-05'>x</time>", 16),
        ("<p>August 5, 2026</p>", None),
    ],
)
def test_the_date_is_a_machine_readable_one(markup: str, hour: int | None) -> None:
    """The best of the page's own marks; nothing is guessed from its words."""
    expected = None if hour is None else datetime(2026, 8, 5, hour, tzinfo=UTC)

    assert expected == read_page(f"<html>{markup}</html>".encode(), (), URL, EASTERN).published_at


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("<link rel='canonical' href='/news/1-answer'>", "https://www.city.example/news/1-answer"),
        ("<link rel='canonical' href='https://city.example/n?utm_source=x'>", "https://city.example/n"),
        ("<link rel='canonical' href='https://elsewhere.example/n'>", None),
        ("<link rel='canonical' href='https://www.city.example/'>", None),
        ("<link rel='canonical' href='javascript:x'>", None),
        ("<meta property='og:url' content='https://www.city.example/n?utm_source=x'>", "https://www.city.example/n"),
        (
            "<link rel='canonical' href='https://elsewhere.example/n'><meta property='og:url' content='/own'>",
            "https://www.city.example/own",
        ),
        ("<meta property='og:url' content='https://elsewhere.example/n'>", None),
        ("", None),
    ],
)
def test_the_canonical_address_is_believed_on_its_own_site(link: str, expected: str | None) -> None:
    """Not when it leads elsewhere, and not when it is the front page."""
    assert expected == read_page(f"<html><head>{link}</head></html>".encode(), (), URL).canonical


def test_letters_are_found_in_the_content() -> None:
    """Each once, resolved against <base>, in their order, without those of menu and footer."""
    page = read_page(
        b"<html><head><base href='/files/'></head><nav><a href='menu.pdf'>m</a></nav><p><a href='a.pdf'>The letter</a>"
        b"<a href='/media/7/dl?inline'><b>Reply</b></a><a href='a.pdf#page=2'>again</a><a href='page.html'>page</a>"
        b"<a href='mailto:x@y'>mail</a><a>none</a></p><footer><a href='foot.pdf'>f</a></footer></html>",
        (),
        URL,
    )

    assert [(letter.url, letter.text) for letter in page.letters] == [
        ("https://www.city.example/files/a.pdf", "The letter"),
        ("https://www.city.example/media/7/dl", "Reply"),
    ]


def test_fragments_become_text_and_links() -> None:
    """As feeds and APIs carry them."""
    assert text_of("<p>One &amp; <b>two</b></p>\r\n<p>Three&nbsp;four</p>") == "One & two\n\nThree four"
    assert text_of("plain") == "plain"
    assert text_of("AT&amp;T") == "AT&T"
    assert text_of("") == ""


def test_lines_are_clean() -> None:
    """Entities resolved even when escaped twice, no tags, no control characters, no broken surrogates, one line."""
    assert clean_line("AG&amp;#039;s <b>Letter</b>\n\x0b&amp; more") == "AG's Letter & more"
    assert clean_line("5 < 6 and 7 > 3") == "5 < 6 and 7 > 3"
    assert clean("a\ud800b") == "a\ufffdb"
    assert len(clean_line("x" * 100_000)) == MAX_TITLE


@pytest.mark.parametrize("markup", ["<p><a href='/x.pdf'>y</a></p>", "<div>", "<b>", "<div><a href='/y'>", "<table>"])
def test_wide_and_deep_pages_take_seconds_and_not_minutes(markup: str) -> None:
    """Thousands of links, and elements nested without an end: the time goes with the length, not with its square."""
    body = f"<html><body>{BODY}{markup * 20_000}</body></html>".encode()
    began = time.process_time()

    page = read_page(body, (), URL)

    assert "will not sign" in page.text
    assert time.process_time() - began < 5


@given(st.binary(max_size=400), st.text(max_size=60))
@settings(max_examples=200)
def test_no_bytes_break_it(body: bytes, markup: str) -> None:
    """Any bytes are a page, with text that can be stored."""
    for raw in (body, f"<html><title>{markup}</title><a href='{markup}'>{markup}".encode("utf-8", "replace") + body):
        page = read_page(raw, (("Content-Type", f"text/html; charset={markup}"),), URL)
        f"{page.title}{page.text}{page.letters}".encode()
    text_of(markup).encode()
