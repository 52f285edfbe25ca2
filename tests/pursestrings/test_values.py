"""The written forms of values."""

from __future__ import annotations

import re
from datetime import time, timedelta
from ipaddress import ip_network
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pursestrings.values import (
    LONGEST,
    Bind,
    did_you_mean,
    format_duration,
    parse_bind,
    parse_clock,
    parse_contact,
    parse_duration,
    parse_mail,
    parse_network,
    parse_web_url,
    parse_zone,
)


@given(st.integers(0, int(LONGEST.total_seconds())))
def test_durations_read_back_as_they_were_written(seconds: int) -> None:
    """Every whole number of seconds has a written form, and it means the same."""
    duration = timedelta(seconds=seconds)

    assert duration == parse_duration(format_duration(duration))


@given(st.integers(0, 31_536_000), st.sampled_from("smhd"))
def test_a_duration_is_its_number_of_units(number: int, unit: str) -> None:
    """Or it is longer than a year and refused."""
    size = {"s": 1, "m": 60, "h": 3600, "d": 86400}[unit]
    if number * size > LONGEST.total_seconds():
        with pytest.raises(ValueError, match='is too long; expected at most "365d"'):
            parse_duration(f"{number}{unit}")
    else:
        assert timedelta(seconds=number * size) == parse_duration(f"{number}{unit}")


@given(st.text(max_size=3) | st.from_regex("[0-9]{1,2}[smhd]", fullmatch=True))
def test_any_text_is_a_duration_or_a_mistake(text: str) -> None:
    """Nothing else comes out of the parser, and what it takes has a form that it takes again."""
    if re.fullmatch("[0-9]{1,2}[smhd]", text):
        assert parse_duration(text) == parse_duration(format_duration(parse_duration(text)))
    else:
        with pytest.raises(ValueError, match="; expected "):
            parse_duration(text)


@pytest.mark.parametrize(
    "text", ["", "10", "m", "10 m", "-1h", "1.5h", "1h30m", "1w", "10M", "\u0661\u0660m", "1m\n", "9999999999s"]
)
def test_other_forms_of_durations_are_refused(text: str) -> None:
    """A sign, a fraction, a foreign digit, a second unit."""
    with pytest.raises(ValueError, match="is not a duration; expected a number and a unit"):
        parse_duration(text)


def test_the_longest_durations_do_not_overflow() -> None:
    """Nine digits of days are more than a timedelta holds."""
    with pytest.raises(ValueError, match="is too long"):
        parse_duration("999999999d")


@pytest.mark.parametrize(("text", "expected"), [("07:00", time(7)), ("23:59", time(23, 59)), ("00:05:00", time(0, 5))])
def test_clock_times(text: str, expected: time) -> None:
    """Hours and minutes, or a TOML time without seconds."""
    assert expected == parse_clock(text)


@pytest.mark.parametrize(
    "text", ["7:00", "24:00", "07:60", "07:00:30", "7pm", "", "07:00 ", "\u0660\u0667:\u0660\u0660"]
)
def test_other_clock_times_are_refused(text: str) -> None:
    """One written form alone."""
    with pytest.raises(ValueError, match="is not a time of day"):
        parse_clock(text)


def test_zones() -> None:
    """IANA names are zones."""
    assert ZoneInfo("America/Denver") == parse_zone("America/Denver")


@pytest.mark.parametrize("text", ["", "America", "../etc/passwd", "/etc/localtime", "EDT4", "Mars/Base", "a\0b"])
def test_other_zones_are_refused(text: str) -> None:
    """Folders, paths and invented names alike."""
    with pytest.raises(ValueError, match="is not a time zone"):
        parse_zone(text)


def test_networks() -> None:
    """CIDR blocks of both families, and single addresses."""
    assert [ip_network("127.0.0.0/8"), ip_network("fd00::/8"), ip_network("10.0.0.1/32")] == [
        parse_network(text) for text in ("127.0.0.0/8", "fd00::/8", "10.0.0.1")
    ]


def test_other_networks_are_refused() -> None:
    """Host bits get the block that was probably meant."""
    with pytest.raises(ValueError, match=r'has bits set after the prefix; expected "127\.0\.0\.0/8"'):
        parse_network("127.0.0.1/8")
    with pytest.raises(ValueError, match="is not a network; expected a CIDR block"):
        parse_network("localhost/8")


@pytest.mark.parametrize(
    ("text", "bind"),
    [
        ("127.0.0.1:8080", Bind("127.0.0.1", 8080)),
        ("[::1]:80", Bind("::1", 80)),
        ("localhost:0", Bind("localhost", 0)),
    ],
)
def test_binds_read_back_as_they_were_written(text: str, bind: Bind) -> None:
    """Host and port, an IPv6 address in brackets."""
    assert (bind, text) == (parse_bind(text), str(bind))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "8080",
        ":8080",
        "127.0.0.1",
        "127.0.0.1:",
        "h:99999",
        "h:x",
        "u@h:1",
        "h:1/p",
        "::1:80",
        "[::1:80",
        "h h:1",
        "h:1?q",
    ],
)
def test_other_binds_are_refused(text: str) -> None:
    """What a server could not listen on."""
    with pytest.raises(ValueError, match="is not an address to listen on"):
        parse_bind(text)


def test_web_addresses_lose_their_closing_slash() -> None:
    """Paths are put behind them."""
    assert parse_web_url("https://a.example/archive/") == "https://a.example/archive"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.example",
        "//a.example",
        "ftp://a.example",
        "https://",
        "https://a:b",
        "http://[::1",
        "http://a b",
        "http://é.example",
    ],
)
def test_other_web_addresses_are_refused(text: str) -> None:
    """A relative address, another scheme, a blank."""
    with pytest.raises(ValueError, match="is not a web address; expected an absolute URL"):
        parse_web_url(text)


@pytest.mark.parametrize("text", ["https://u:p@a.example", "https://a.example/?q=1", "https://a.example/#f"])
def test_web_addresses_are_scheme_host_and_path(text: str) -> None:
    """Anything behind the path would stand in the middle of a link."""
    with pytest.raises(ValueError, match="holds a user name, a query or a fragment"):
        parse_web_url(text)


def test_contacts() -> None:
    """A mail address or a web address."""
    assert [
        parse_contact("desk@news.example"),
        parse_contact("https://news.example/bot"),
    ] == ["desk@news.example", "https://news.example/bot"]


@pytest.mark.parametrize(
    "text", ["", "desk", "@desk", "a@b", "a@b.example\r\nX-Header: 1", "Desk <a@b.example>", "a@" + "b." * 130 + "c"]
)
def test_other_contacts_are_refused(text: str) -> None:
    """What would break a header or reach nobody."""
    with pytest.raises(ValueError, match="is neither an e-mail address nor a web address"):
        parse_contact(text)
    with pytest.raises(ValueError, match="is not an e-mail address"):
        parse_mail(text)


def test_hints_name_the_nearest_word() -> None:
    """And nothing when none is near."""
    assert (did_you_mean("evry", ["every", "url"]), did_you_mean("x", ["every"])) == (' (did you mean "every"?)', "")
