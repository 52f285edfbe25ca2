"""What reads documents of strangers, in a child process or, like the first looks at an answer, in the program itself.

A function takes an input, calls one reader and returns; it raises AssertionError where what was read breaks a promise.
"""

from __future__ import annotations

import pickle
import re
from contextlib import suppress
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings

from facts.document import Capture, Headers
from facts.errors import PursestringsError, Unreadable
from spiders import entries
from spiders.answers import failure, fresh_for, media_type, missing, retry_at
from spiders.bulletins import is_bulletin, own_words
from spiders.dates import zone_of
from spiders.entries import read_feed
from spiders.flaws import mend
from spiders.follow import read_text
from spiders.handing_over import Returned, _packed, opened, value_of
from spiders.html import read_page
from spiders.inflate import BadEncoding, Body, TooLarge
from spiders.opportunities import read_opportunities
from spiders.page_layout import read_layout
from spiders.pdf import read_pdf
from spiders.quick_feed import quick_entries
from spiders.recognising import recognise
from spiders.register_reading import read_register
from spiders.releases import read_releases
from spiders.robots_rules import PRODUCT, read_rules
from spiders.selecting import Selectors, read_listing, selected_text
from spiders.sitemap_reading import read_sitemap
from spiders.ttl import feed_ttl
from spiders.wall import login_redirect, wall
from tests.fuzz.material import ADDRESSES, HEADERS, chosen, one_of, parts
from tests.spiders.made_feeds import made_feeds

NOW = datetime(2026, 8, 6, 12, 0, tzinfo=UTC)
_CAP = 256 * 1024
_SELECTORS = (
    Selectors(item="li", link="a[href]", title=None, date="time"),
    Selectors(item="div.item", link="a[href]", title="h2", date=".date"),
    Selectors(item="a[href]", link="a[href]", title=None, date=None),
    Selectors(item="*", link="[href]", title="*", date="*"),
)
_ENCODINGS = ("gzip", "deflate", "br", "zstd", "gzip, br", "zstd, deflate, x-gzip")
#: No control but the end of a line, no half of a character: `spiders.html.clean`.
_BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\ud800-\udfff]")


def handed_over(value: object) -> None:
    """Check that the program gets from a reader what the parser returned, and that its texts can be kept and shown."""
    assert value_of(opened(_packed(Returned(value)))) == value
    _clean(value)


def feed(data: bytes) -> None:
    """Read a feed by whichever reader takes it."""
    body, headers, url = _served(data)
    handed_over(read_feed(body, headers, url, NOW))


def quick_feed(data: bytes) -> None:
    """Compare the two readers where the quick one answers."""
    body, headers, url = _served(data)
    whole, _ = mend(body, headers)
    quick = quick_entries(whole, headers, entries._MAX_ENTRIES)
    if quick is not None:
        assert quick == entries._patiently(whole, headers, url)


@settings(database=None, deadline=None, suppress_health_check=list(HealthCheck))
@given(made_feeds())
def _made_feed(body: bytes) -> None:
    quick_feed(body + bytes(2))


def made_feed(data: bytes) -> None:
    """Compare the two readers on a feed that is made of the input, well-formed as a rule."""
    _made_feed.hypothesis.fuzz_one_input(data)  # type: ignore[attr-defined]  # Hypothesis adds it


def feedparser(data: bytes) -> None:
    """Read a feed by the patient reader."""
    body, headers, url = _served(data)
    whole, _ = mend(body, headers)
    entries._patiently(whole, headers, url)


def page(data: bytes) -> None:
    """Read a page: its title, date, text and letters."""
    body, headers, url = _served(data)
    handed_over(read_page(body, headers, url, zone_of(url)))


def layout(data: bytes) -> None:
    """Read how a page is laid out."""
    body, headers, _ = _served(data)
    handed_over(read_layout(body, headers))


def listing(data: bytes) -> None:
    """Read a listing, and the part of a page that a selector names."""
    rest, (choice,) = chosen(data, 1)
    body, headers, url = _served(rest)
    selectors = one_of(_SELECTORS, choice)
    with suppress(Unreadable):
        handed_over(read_listing(body, headers, url, selectors))
    handed_over(selected_text(body, headers, url, selectors.item))


def pdf(data: bytes) -> None:
    """Read a letter."""
    handed_over(read_pdf(data))


def sitemap(data: bytes) -> None:
    """Read a sitemap, packed or not, or a robots.txt that names some."""
    body, headers, url = _served(data)
    handed_over(read_sitemap(body, headers, url, zone_of(url)))


def releases(data: bytes) -> None:
    """Read a page of the Department's API."""
    found = read_releases(_capture(data))
    handed_over(found)
    found.newest(NOW)


def register(data: bytes) -> None:
    """Read a page of the Federal Register's API."""
    found = read_register(_capture(data))
    handed_over(found)
    assert found.newest_first in {True, False}


def opportunities(data: bytes) -> None:
    """Read a page of Grants.gov's API."""
    found = read_opportunities(_capture(data))
    handed_over(found)
    assert found.skipped >= 0


def bulletin(data: bytes) -> None:
    """Cut the frame off a bulletin."""
    text, address = parts(data, 2)
    assert set(own_words(text).split()) <= set(text.split())
    is_bulletin(address)


def walled(data: bytes) -> None:
    """Look for a wall."""
    rest, (choice,) = chosen(data, 1)
    body, headers, url = _served(rest)
    handed_over(wall(one_of((200, 403, 503), choice), headers, body))
    login_redirect(url, body[:200].decode("latin-1"))


def text(data: bytes) -> None:
    """Read a body that is text and nothing else."""
    body, headers, _ = _served(data)
    handed_over(read_text(body, headers))


def robots(data: bytes) -> None:
    """Read a robots.txt and ask it, as the fetcher does."""
    body, (choice,) = chosen(data, 1)
    rules = read_rules(body)
    rules.can_fetch(one_of(ADDRESSES, choice), PRODUCT)
    delay = rules.crawl_delay(PRODUCT)
    assert delay is None or delay <= 0 or float(delay) >= 0 or delay != delay  # noqa: PLR0124 (what is no number)
    assert all(isinstance(address, str) for address in rules.sitemaps)


def recognised(data: bytes) -> None:
    """Tell what stands at an address that was asked for the first time."""
    body, headers, url = _served(data)
    handed_over(recognise(body, headers, url, NOW))


def ttl(data: bytes) -> None:
    """Read how long a feed asks to be left alone."""
    asked = feed_ttl(data)
    assert asked is None or asked > timedelta(0)


def inflated(data: bytes) -> None:
    """Inflate a body as it arrives, in two pieces."""
    body, (choice, cut) = chosen(data, 2)
    whole = Body(one_of(_ENCODINGS, choice), _CAP)
    try:
        whole.feed(body[:cut])
        whole.feed(body[cut:])
        assert len(whole.close()) <= _CAP
    except (TooLarge, BadEncoding):
        return


def answered(data: bytes) -> None:
    """Judge an answer by its headers, its address and its title."""
    value, other, address, title = parts(data, 4)
    headers: Headers = tuple(
        (name, each)
        for name, each in (
            ("Retry-After", value),
            ("Cache-Control", value),
            ("Content-Type", other),
            ("Expires", other),
            ("Date", value),
        )
    )
    again, fresh = retry_at(headers, NOW), fresh_for(headers)
    assert again is None or NOW < again <= NOW + timedelta(days=7)
    assert fresh is None or timedelta(0) < fresh <= timedelta(hours=24)
    assert media_type(headers).isascii()
    failure(ADDRESSES[1], 429, headers, None, NOW)
    with suppress(ValueError):
        # An address that was fetched was taken apart before.
        missing(ADDRESSES[1], address, title, value)


def answer_of_a_reader(data: bytes) -> None:
    """Unpack what a reader sent that is no longer ours."""
    try:
        outcome = opened(data)
    except pickle.UnpicklingError:
        return
    with suppress(PursestringsError, RuntimeError):
        value_of(outcome)


def broken(data: bytes) -> None:
    """Break on a word."""
    assert b"<item>" not in data


def _served(data: bytes) -> tuple[bytes, Headers, str]:
    body, (first, second) = chosen(data, 2)
    return body, one_of(HEADERS, first), one_of(ADDRESSES, second)


def _capture(data: bytes) -> Capture:
    body, headers, url = _served(data)
    return Capture(url=url, status=200, headers=headers, body=body, media_type="application/json", fetched_at=NOW)


def _clean(value: object) -> None:
    if isinstance(value, str):
        assert _BROKEN.search(value) is None, ascii(value[:200])
    elif isinstance(value, datetime):
        assert value.utcoffset() == timedelta(0)
    elif isinstance(value, tuple | list):
        for each in value:
            _clean(each)
    elif is_dataclass(value) and not isinstance(value, Capture):
        for field in fields(value):
            _clean(getattr(value, field.name))
