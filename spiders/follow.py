"""Reads one page or letter that a visit found."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime

from facts.document import Capture, Document
from facts.errors import Blocked, Forbidden, SourceError, Unreachable, Unreadable
from facts.text import normalise
from facts.visit import Harvest, Link, LinkKind
from spiders.answers import missing
from spiders.dates import zone_of
from spiders.fetching import Answer, BodyCap, Fetch
from spiders.html import clean, decode, read_page
from spiders.items import letters_of
from spiders.pdf import is_pdf, read_pdf
from spiders.urls import canonical

#: Statuses that will not change by asking again.
_FOR_GOOD = frozenset({401, 403, 404, 410, 451})
_GONE = 404
#: Bytes looked at to tell text from pictures and archives.
_HEAD = 1024
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_SCANNED = "scanned: no text could be read, so its title alone is judged; read it yourself"


async def follow(fetch: Fetch, link: Link, now: datetime) -> Harvest:  # noqa: ARG001 (the protocol's signature)
    """Read the link: a document, and the letters that its page links.

    Raises:
        SourceError: it could not be fetched, or is neither a page nor a PDF.
    """
    cap = BodyCap.LETTER if link.kind is LinkKind.LETTER else BodyCap.PAGE
    answer = await fetch(link.url, cap=cap)
    capture = answer.capture
    # Only a request with validators can be answered by 304.
    assert capture is not None
    found = Harvest(requests=1, bytes=answer.bytes)
    if is_pdf(capture.body):
        letter = await _letter(link, capture)
        return replace(found, documents=(letter,), warnings=(_SCANNED,) if letter.scanned else ())
    if b"\x00" in capture.body[:_HEAD] and not capture.body.startswith(_UTF_16):
        msg = f"expected a page or a PDF, found {capture.media_type}"
        raise Unreadable(msg, url=link.url)
    if capture.media_type == "text/plain":
        return replace(found, documents=(_document(link, capture, text=clean(decode(capture.body, capture.headers))),))
    return await _page(link, answer, capture, found)


def refused_for_good(error: SourceError) -> bool:
    """Return whether asking again is useless: a wall, robots.txt, or a status that means it."""
    return isinstance(error, Blocked | Forbidden) or error.status in _FOR_GOOD


def from_summary(link: Link, now: datetime) -> Document | None:
    """Return what the feed itself said as the document, for a page that refuses us; None when it said nothing."""
    if not normalise(link.summary):
        return None
    capture = Capture(
        url=link.url,
        status=200,
        headers=(("Content-Type", "text/plain; charset=utf-8"),),
        body=link.summary.encode("utf-8", "replace"),
        media_type="text/plain",
        fetched_at=now,
    )
    return _document(link, capture, text=link.summary)


async def _letter(link: Link, capture: Capture) -> Document:
    # PDFium can take seconds; the loop goes on meanwhile.
    letter = await asyncio.to_thread(read_pdf, capture.body)
    document = _document(link, capture, text=letter.text)
    return replace(document, title=link.title or letter.title, scanned=letter.scanned)


async def _page(link: Link, answer: Answer, capture: Capture, found: Harvest) -> Harvest:
    page = await asyncio.to_thread(
        read_page, capture.body, capture.headers, answer.final_url, zone_of(answer.final_url)
    )
    gone = missing(link.url, answer.final_url, page.window_title)
    if gone is not None:
        msg = f"the page is gone: {gone}"
        raise Unreachable(msg, url=link.url, status=_GONE)
    document = replace(
        _document(link, capture, text=_longer(page.text, link.summary)),
        url=page.canonical or canonical(answer.final_url) or link.url,
        title=link.title or page.title,
        published_at=link.published_at or page.published_at,
    )
    # A page found where a letter was expected ends the chain.
    letters = () if link.kind is LinkKind.LETTER else letters_of(document, page.letters)
    return replace(found, documents=(document,), links=letters)


def _longer(text: str, summary: str) -> str:
    return text if len(normalise(text)) >= len(normalise(summary)) else summary


def _document(link: Link, capture: Capture, *, text: str) -> Document:
    return Document(
        source=link.source,
        url=canonical(link.url) or link.url,
        title=link.title,
        text=text,
        capture=capture,
        published_at=link.published_at,
        places=link.places,
        parent=link.parent if link.kind is LinkKind.LETTER else None,
    )
