"""The tests of alerts.plain."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.plain import LONGEST, host_of, line, shorten, web_address


def test_line_is_one_line() -> None:
    """Every run of white space and controls is one blank."""
    assert line(" a\r\n\x00b\u2028\u2029\tc ") == "a b c"


def test_line_drops_what_cannot_be_seen() -> None:
    """Bidirectional controls, zero-width characters and fillers are gone; a lone surrogate is shown as such."""
    assert line("\u202eexe.\u200bpng\u2069\u3164\ufeff\ud800") == "exe.png\ufffd"


@given(st.text(st.characters()))
def test_line_holds_nothing_invisible(text: str) -> None:
    """Whatever comes in, no control, format or surrogate character comes out, and a second pass changes nothing."""
    shown = line(text)

    assert not {unicodedata.category(each) for each in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert shown == line(shown)
    assert shown == shown.encode().decode()


def test_line_ends_somewhere() -> None:
    """A string of any size is looked at only to the longest that is ever shown."""
    assert len(line("a" * 1_000_000)) == LONGEST


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("short", 5, "short"),
        ("one two three", 8, "one two…"),
        ("one two three", 9, "one two…"),
        ("one twothree", 9, "one twot…"),
        ("a bcdefghijk", 8, "a bcdef…"),
    ],
)
def test_shorten_cuts_at_words(text: str, limit: int, expected: str) -> None:
    """A cut falls on a word's end where one is near."""
    assert expected == shorten(text, limit)


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_shorten_keeps_the_limit(text: str, limit: int) -> None:
    """The result is never longer than asked."""
    assert limit >= len(shorten(text, limit))


@pytest.mark.parametrize(
    ("url", "address", "host"),
    [
        ("https://www.justice.gov/a?b=c&d#e", "https://www.justice.gov/a?b=c&d#e", "www.justice.gov"),
        ("HTTPS://Example.ORG:8443/", "https://example.org:8443/", "example.org"),
        ("https://justice.gov@evil.example/", "https://evil.example/", "evil.example"),
        ("https://u:secret@evil.example/x", "https://evil.example/x", "evil.example"),
        (
            "https://\u0440\u0430ypal.example/",
            "https://xn--ypal-43d9g.example/",
            "xn--ypal-43d9g.example",
        ),
        ("https://straße.example/", "https://xn--strae-oqa.example/", "xn--strae-oqa.example"),
        ("https://①②⑦。0。0。1/", "https://127.0.0.1/", "127.0.0.1"),
        ("https://[2001:DB8::1]/x", "https://[2001:db8::1]/x", "[2001:db8::1]"),
        ("https://a.example/x|y>z<\"' `é", "https://a.example/x%7Cy%3Ez%3C%22%27%20%60%C3%A9", "a.example"),
        ("https://a.example/%7Calready", "https://a.example/%7Calready", "a.example"),
        ("https://a.example/" + "x" * 3_000, None, "a.example"),
        ("https://evil.example\\@justice.gov/", None, ""),
        ("https://evil.example\n/", None, ""),
        ("https://a b.example/", None, ""),
        ("https://[fe80::1%25eth0]/", None, ""),
        ("https://[::1", None, ""),
        ("https://a.example:99999/", None, ""),
        ("https:///x", None, ""),
        ("javascript:alert(1)", None, ""),
        ("ftp://a.example/", None, ""),
        ("", None, ""),
        ("https://\ud800.example/", None, ""),
        ("https://a.example/b\ud800c", "https://a.example/b%EF%BF%BDc", "a.example"),
    ],
)
def test_addresses_lead_where_they_say(url: str, address: str | None, host: str) -> None:
    """A link shows the host it goes to, or is not made."""
    assert (address, host) == (web_address(url), host_of(url))


@given(st.text(st.characters(), max_size=80).map("https://a.example/".__add__) | st.text(st.characters(), max_size=80))
def test_no_address_can_end_its_link(url: str) -> None:
    """What is linked is printable ASCII without the characters that end a link in Slack, HTML or plain text."""
    address = web_address(url) or ""

    assert address.isascii()
    assert not set(address) & set("<>|\"'` \n\r\t\\")
