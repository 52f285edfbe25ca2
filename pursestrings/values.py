"""The written forms of the configuration's values: durations, times, zones, networks, addresses.

Every parser raises ValueError with "what is wrong; expected what"; the value itself is quoted by the caller.
"""

from __future__ import annotations

import contextlib
import difflib
import ipaddress
import re
import zoneinfo
from collections.abc import Callable, Iterable
from datetime import time, timedelta
from typing import Annotated, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, PlainValidator

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_DURATION = re.compile(r"([0-9]{1,9})([smhd])")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::00)?")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]+")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_PLAIN = re.compile(r"[\x21-\x7e]+")
#: RFC 5321, 4.5.3.1.3: the longest path an address can have.
_ADDRESS_LENGTH = 254
_MAX_PORT = 65535
#: No source, digest or timeout is meant to wait longer.
LONGEST = timedelta(days=365)


class Bind(NamedTuple):
    """Where a server listens."""

    host: str
    port: int

    def __str__(self) -> str:
        """Return the address as it stands in a URL."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_duration(text: str) -> timedelta:
    """Return the duration that a number and a unit name: "90s", "10m", "1h", "1d"."""
    match = _DURATION.fullmatch(text)
    if not match:
        problem = 'is not a duration; expected a number and a unit, such as "90s", "10m", "1h" or "1d"'
        raise ValueError(problem)
    number, unit = match.groups()
    # Nine digits of days overflow a timedelta, so the number is held against the limit first.
    if int(number) > LONGEST / timedelta(**{_UNITS[unit]: 1}):
        problem = 'is too long; expected at most "365d"'
        raise ValueError(problem)
    return timedelta(**{_UNITS[unit]: int(number)})


def format_duration(duration: timedelta) -> str:
    """Return the shortest written form of whole seconds: 600 seconds are "10m"."""
    seconds = int(duration.total_seconds())
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def parse_clock(text: str) -> time:
    """Return the time of day that "HH:MM" names."""
    match = _CLOCK.fullmatch(text)
    if not match:
        problem = 'is not a time of day; expected "HH:MM" from "00:00" to "23:59"'
        raise ValueError(problem)
    return time(int(match[1]), int(match[2]))


def parse_zone(text: str) -> ZoneInfo:
    """Return the time zone of an IANA name."""
    names = zoneinfo.available_timezones()
    # Asking the list first: ZoneInfo raises six kinds of error, among them for the names of folders.
    if text not in names:
        problem = f'is not a time zone{did_you_mean(text, names)}; expected an IANA name, such as "America/Denver"'
        raise ValueError(problem)
    return ZoneInfo(text)


def parse_network(text: str) -> Network:
    """Return the network of a CIDR block; the bits after the prefix must be zero."""
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        problem = 'is not a network; expected a CIDR block, such as "127.0.0.0/8" or "fd00::/8"'
        with contextlib.suppress(ValueError):
            problem = f'has bits set after the prefix; expected "{ipaddress.ip_network(text, strict=False)}"'
        raise ValueError(problem) from None


def parse_bind(text: str) -> Bind:
    """Return host and port of "127.0.0.1:8080" or "[::1]:8080"."""
    problem = 'is not an address to listen on; expected host:port, such as "127.0.0.1:8080"'
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError(problem) from None
    if port is None or parts.netloc != text or "@" in text or not (":" in host or _HOST.fullmatch(host)):
        raise ValueError(problem)
    return Bind(host, port)


def parse_web_url(text: str) -> str:
    """Return the absolute http(s) URL without a closing slash."""
    problem = 'is not a web address; expected an absolute URL, such as "https://example.org/archive"'
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        raise ValueError(problem) from None
    if not usable or not _PLAIN.fullmatch(text):
        raise ValueError(problem)
    if parts.username is not None or parts.query or parts.fragment:
        problem = "holds a user name, a query or a fragment; expected scheme, host and path alone"
        raise ValueError(problem)
    return text.rstrip("/")


def parse_mail(text: str) -> str:
    """Return the e-mail address."""
    if not _ADDRESS.fullmatch(text) or len(text) > _ADDRESS_LENGTH:
        problem = 'is not an e-mail address; expected one such as "editors@example.org"'
        raise ValueError(problem)
    return text


def parse_contact(text: str) -> str:
    """Return what a site's owner can write to: an e-mail address or a web address."""
    try:
        return parse_mail(text) if "@" in text else parse_web_url(text)
    except ValueError:
        problem = 'is neither an e-mail address nor a web address; expected one such as "newsroom@example.org"'
        raise ValueError(problem) from None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint such as ' (did you mean "every"?)', or nothing when no known word is near."""
    near = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f' (did you mean "{near[0]}"?)' if near else ""


def _written(parse: Callable[[str], object], *ready: type) -> PlainValidator:
    """Return a validator that parses text, lets a ready value pass and refuses what TOML writes without quotes."""

    def read(value: object) -> object:
        if isinstance(value, str):
            return parse(value)
        if isinstance(value, ready):
            return value
        problem = "is not text; expected text in quotes"
        raise ValueError(problem)

    return PlainValidator(read)


Duration = Annotated[timedelta, _written(parse_duration, timedelta)]
Clock = Annotated[time, _written(parse_clock, time)]
Zone = Annotated[ZoneInfo, _written(parse_zone, ZoneInfo)]
NetworkField = Annotated[Network, _written(parse_network, ipaddress.IPv4Network, ipaddress.IPv6Network)]
BindField = Annotated[Bind, _written(parse_bind, Bind)]
WebUrl = Annotated[str, _written(parse_web_url)]
Mail = Annotated[str, _written(parse_mail)]
Contact = Annotated[str, _written(parse_contact)]
Port = Annotated[int, Field(ge=1, le=_MAX_PORT)]
