"""Every fuzzed function by its name, with the seeds it begins with and the longest input that it is given."""

from __future__ import annotations

import gzip
import pickle
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from random import Random

import brotli  # type: ignore[import-untyped]  # it ships no stubs

from facts.errors import Unreadable
from spiders.handing_over import Raised, Returned, _packed
from spiders.items import Item
from tests.fuzz import material, reading, strings, vocabulary
from tests.fuzz.material import joined, with_choices

_KB = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One function that is fuzzed."""

    #: Takes any bytes; raises nothing but errors of ours.
    run: Callable[[bytes], None]
    seeds: Callable[[], Iterable[bytes]]
    #: Bytes; a seed that is longer is cut.
    longest: int = 4 * _KB
    #: What its inputs are made of.
    words: tuple[str, ...] = vocabulary.TEXT


def _served(bodies: Callable[[], Iterable[bytes]]) -> Callable[[], Iterator[bytes]]:
    return lambda: with_choices(bodies(), 2)


def _texts(*texts: str) -> Callable[[], list[bytes]]:
    return lambda: [each.encode("utf-8", "surrogatepass") for each in (*texts, *material.odd_texts())]


def _packed_bodies() -> list[bytes]:
    words = b"The award is conditional on the terms. " * 40
    packed = (gzip.compress(words, mtime=0), zlib.compress(words), brotli.compress(words))
    return [body + bytes((number, 40)) for number, body in enumerate(packed)]


def _answers() -> list[bytes]:
    item = Item(url="https://a.example/", title="T", text="x", published_at=reading.NOW, letters=())
    raised = Raised(Unreadable, ("no feed",), {"url": "https://a.example/"})
    return [_packed(Returned((item, item))), _packed(raised), pickle.dumps({"a": [1, None]}, 2), _packed(Returned(2.5))]


def _noise() -> list[bytes]:
    return [Random(number).randbytes(2 * _KB) for number in range(20)]


_CONFIG = (
    '[bot]\nname = "Desk"\n[sources.a]\nplaces = ["A, CA", \'B\']\nx.y = {z = 1, "q" = [2]}\n'
    '[[routes]]\nto = """\na"""\n'
)
_OPML = (
    '<opml version="2.0"><body><outline text="A"><outline title="B" xmlUrl="https://a.example/feed"/></outline>'
    "</body></opml>"
)
_DATES = (
    "Wed, 05 Aug 2026 16:05:00 EDT", "2026-08-05T16:05:00-04:00", "Aug. 3, 2026 4 p.m. PT", "1785945600",
    "08/05/2026 - 08:00", '<time datetime="2026-08-05">5 Aug</time>', "Mon, 3 Aug 2026 10:00:00 +0000",
    "20260805T160500Z", "1785945600000",
)  # fmt: skip
_ADDRESSES = (
    "https://www.Example.org:443/a/../b?utm_source=x&id=1#top", "//m.example.org/caf\u00e9", "/media/4411/dl?inline",
    "https://links-1.govdelivery.com/CL0/https:%2F%2Fwww.justice.gov%2Fa/1/x", "http://[::1]:80/",
    "https://user:pw@a.example/", "https://\u0440\u0430.example/a b?c=d e", "http://a.example:65536/", "?page=2",
    "https://xn--80ak6aa92e.com/",
)  # fmt: skip
_QUERIES = [
    joined('jail "48-hour notice" OR deadline -grant', "The 48-hour notice", "2026-08-05"),
    joined('"" -', "", "7"),
]

TARGETS: dict[str, Target] = {
    "feed": Target(run=reading.feed, seeds=_served(material.feeds), words=vocabulary.FEED),
    "quick-feed": Target(run=reading.quick_feed, seeds=_served(material.feeds), words=vocabulary.FEED),
    "made-feed": Target(run=reading.made_feed, seeds=_noise),
    "feedparser": Target(run=reading.feedparser, seeds=_served(material.feeds), words=vocabulary.FEED),
    "page": Target(run=reading.page, seeds=_served(material.pages), longest=16 * _KB, words=vocabulary.PAGE),
    "layout": Target(run=reading.layout, seeds=_served(material.pages), longest=16 * _KB, words=vocabulary.PAGE),
    "listing": Target(
        run=reading.listing, seeds=lambda: with_choices(material.pages(), 3), longest=16 * _KB, words=vocabulary.PAGE
    ),
    "pdf": Target(run=reading.pdf, seeds=material.letters, longest=16 * _KB, words=vocabulary.PDF),
    "sitemap": Target(run=reading.sitemap, seeds=_served(material.sitemaps), words=vocabulary.SITEMAP),
    "releases": Target(
        run=reading.releases, seeds=_served(lambda: material.samples("first.json")), words=vocabulary.JSON
    ),
    "register": Target(
        run=reading.register,
        seeds=_served(lambda: material.samples("register.json", "inspection.json")),
        words=vocabulary.JSON,
    ),
    "opportunities": Target(
        run=reading.opportunities, seeds=_served(lambda: material.samples("grants_gov.json")), words=vocabulary.JSON
    ),
    "bulletin": Target(run=reading.bulletin, seeds=_texts("A grant.\nView it as a webpage\nUpdate your subscriptions")),
    "wall": Target(
        run=reading.walled, seeds=lambda: with_choices(material.pages(), 3), longest=16 * _KB, words=vocabulary.PAGE
    ),
    "text": Target(run=reading.text, seeds=_served(material.pages), words=vocabulary.PAGE),
    "robots": Target(run=reading.robots, seeds=lambda: with_choices(material.robots(), 1), words=vocabulary.ROBOTS),
    "recognise": Target(
        run=reading.recognised,
        seeds=_served(lambda: [*material.pages(), *material.feeds()]),
        words=vocabulary.PAGE + vocabulary.FEED + vocabulary.JSON,
    ),
    "ttl": Target(run=reading.ttl, seeds=material.feeds, words=vocabulary.FEED),
    "inflate": Target(run=reading.inflated, seeds=_packed_bodies),
    "answer": Target(
        run=reading.answered, seeds=lambda: [joined("max-age=60, no-cache", _DATES[0], "/404", "Not found")]
    ),
    "reader": Target(run=reading.answer_of_a_reader, seeds=_answers),
    "opml": Target(run=strings.opml, seeds=lambda: [_OPML.encode()], words=vocabulary.OPML),
    "date": Target(run=strings.date, seeds=lambda: with_choices((each.encode() for each in _DATES), 1), longest=200),
    "address": Target(run=strings.address, seeds=lambda: with_choices(_texts(*_ADDRESSES)(), 1)),
    "shown-address": Target(run=strings.shown_address, seeds=_texts(*_ADDRESSES)),
    "words": Target(run=strings.words, seeds=_texts()),
    "compare": Target(
        run=strings.texts_compared, seeds=lambda: [*material.documents(), *_texts()()], words=vocabulary.LETTER
    ),
    "alert": Target(run=strings.alert, seeds=_texts(*_ADDRESSES)),
    "search": Target(run=strings.search, seeds=lambda: [*_QUERIES, *_texts()()]),
    "marks": Target(run=strings.marks, seeds=lambda: with_choices(material.documents(), 2), words=vocabulary.LETTER),
    "toml": Target(run=strings.toml, seeds=lambda: [_CONFIG.encode()], words=vocabulary.TOML),
    "toml-written": Target(
        run=strings.toml_written,
        seeds=lambda: [joined("The Ledger", "https://a.example/", "read")],
        words=vocabulary.TOML,
    ),
    "judge": Target(run=strings.judged, seeds=lambda: with_choices(material.documents(), 2), words=vocabulary.LETTER),
}

#: Shows that the fuzzer finds what breaks.
BROKEN = Target(run=reading.broken, seeds=_noise, longest=64, words=vocabulary.FEED)
