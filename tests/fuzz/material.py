"""What the fuzzed functions begin with, and how bytes become their arguments.

A seed is what a parser reads, with its choices behind it: one byte each, so that a saved sample is a seed as it stands.
"""

from __future__ import annotations

import gzip
import json
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TypeVar

from facts.document import Headers
from tests.classifier.scenario import ANSWER_STORIES, LETTER_STORIES
from tests.rig.corpora import CORPORA
from tests.spiders.golden import SAMPLES

T = TypeVar("T")

#: What parts one text from the next in an input.
PART = b"\x1e"
#: Seeds of one kind that are taken of a corpus, the shortest first.
_MOST = 200

ADDRESSES = (
    "https://www.justice.gov/feeds/opa",
    "https://ledger.example.org/news/2026/",
    "http://127.0.0.1/robots.txt",
    "https://content.govdelivery.com/accounts/USDOJ/bulletins/3d5a1c2",
    "https://ledger.example.org/sitemap.xml",
)
HEADERS: tuple[Headers, ...] = (
    (),
    *(
        (("Content-Type", value),)
        for value in (
            "application/xml",
            "text/xml; charset=utf-8",
            "text/html; charset=windows-1252",
            "application/rss+xml; charset=utf-16",
            "text/html; charset=iso-2022-jp",
            "text/html; charset=x-none",
            "application/json",
            "text/plain; charset=gb18030",
            "application/atom+xml; charset=utf-7",
        )
    ),
    (("cf-mitigated", "challenge"), ("Content-Type", "text/html")),
)

#: What Slack, mail and terminals would obey.
_OBEYED = (
    "<!channel> <@U1> <#C1|general> <https://evil.example|justice.gov> &lt;!here&gt; *bold* @everyone",
    "line\r\n*New story*\x00\x1b[31mred\u202egnp.exe\ufeff\u3164",
    "=?utf-8?q?=0d=0aBcc:_x?=",
    "\ud800<!channel>" + "<" * 300,
)


def chosen(data: bytes, count: int) -> tuple[bytes, list[int]]:
    """Return the input without its last bytes, and these as so many choices; a short input chooses the first."""
    cut = max(len(data) - count, 0)
    return data[:cut], list(data[cut:].ljust(count, b"\0"))


def one_of(values: Sequence[T], choice: int) -> T:
    """Return what a choice picks."""
    return values[choice % len(values)]


def parts(data: bytes, count: int) -> list[str]:
    """Return so many texts; bytes that are no UTF-8 become lone surrogates, as JSON may hold them."""
    pieces = data.split(PART, count - 1)
    return [piece.decode("utf-8", "surrogateescape") for piece in (*pieces, *[b""] * (count - len(pieces)))]


def with_choices(bodies: Iterable[bytes], count: int) -> Iterator[bytes]:
    """Yield seeds of these bodies: the first choices behind each."""
    return (body + bytes(count) for body in bodies)


def joined(*texts: str) -> bytes:
    """Return a seed of these texts."""
    return PART.join(text.encode("utf-8", "surrogatepass") for text in texts)


def samples(*endings: str) -> list[bytes]:
    """Return the saved samples whose names end so."""
    names = sorted(path for path in SAMPLES.iterdir() if path.name.endswith(endings) and "golden" not in path.name)
    return [path.read_bytes() for path in names]


def pages() -> list[bytes]:
    """Return the saved pages of papers and cities."""
    return [*samples(".html"), *(path.read_bytes() for path in sorted((SAMPLES.parent / "pages").glob("*_1.html")))]


def feeds() -> list[bytes]:
    """Return the saved feeds, and short ones of the corpus."""
    return [*samples("feed.xml", "feed_atom.xml", "govdelivery.xml"), *_packed("feedparser-feeds.tar.gz")]


def sitemaps() -> list[bytes]:
    """Return sitemaps, one of them packed, their index, and a robots.txt that names one."""
    made = samples("sitemap_news.xml")
    index = b"<sitemapindex><sitemap><loc>/a-2026-08.xml</loc><lastmod>2026-08-05</lastmod></sitemap></sitemapindex>"
    return [*made, *map(gzip.compress, made), index, *robots()]


def robots() -> list[bytes]:
    """Return files for robots."""
    return [
        b"User-agent: *\nDisallow: /private*\nAllow: /private/open$\nCrawl-delay: 2.5\nSitemap: /sitemap.xml\n",
        b"User-agent: GPTBot\nUser-agent: pursestrings\nDisallow: /\n\nuser agent: *\nDissallow: /a?b=*&c\n",
        b"\xef\xbb\xbfUser-agent: *\r\nRequest-rate: 1/10s\rVisit-time: 0600-0845\nHost: x\n",
    ]


def letters() -> list[bytes]:
    """Return PDFs: made ones, and the shortest of the corpus."""
    from tests.spiders.test_pdf import letter

    made = [letter("Dear Mayor Okafor:\nThe award is conditional."), letter(""), letter("a", password="p")]
    return [*made, *_packed("pdfs.tar")[:60]]


def documents() -> list[bytes]:
    """Return titles and texts that the judge reads with all it has."""
    return [joined(story[0], story[1]) for story in (*LETTER_STORIES, *ANSWER_STORIES)]


def odd_texts() -> list[str]:
    """Return texts that trip programs, the longest ones left out."""
    path = CORPORA / "naughty-strings.json"
    naughty = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return [text for text in (*_OBEYED, *naughty) if len(text) < 500]


@cache
def _packed(name: str) -> list[bytes]:
    path = CORPORA / name
    if not path.exists():
        return []
    with tarfile.open(path) as archive:
        files = sorted((member for member in archive if member.isfile()), key=lambda member: member.size)
        read = [
            file.read() for member in files[:: max(len(files) // _MOST, 1)] if (file := archive.extractfile(member))
        ]
    return [body for body in read if body]
