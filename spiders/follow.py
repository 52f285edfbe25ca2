"""Reads one page or letter that a visit found."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from facts.document import Capture, CaptureKind, Document, Headers
from facts.errors import Unreachable, Unreadable
from facts.text import normalise
from facts.visit import Harvest, Link, LinkKind, Remembered
from spiders.answers import is_binary, missing
from spiders.bulletins import is_bulletin, own_words
from spiders.dates import zone_of
from spiders.fetching import BodyCap, Fetch
from spiders.html import clean, decode, read_page
from spiders.items import letters_of
from spiders.pdf import is_pdf, read_pdf
from spiders.polling import Poll, poll
from spiders.scans import Recognised, Recogniser, unread_words
from spiders.urls import canonical

_GONE = 404
#: The header of a summary's record that says whose words it holds.
COMMENT = "Comment"


async def follow(
    fetch: Fetch,
    link: Link,
    now: datetime,
    *,
    before: Remembered | None = None,
    recognise: Recogniser | None = None,
) -> Harvest:
    """Read the link: a document, and the letters that its page links; nothing when it answers as it did `before`.

    `recognise` reads the pages of a letter that are pictures; without it they stay unread, and that is a warning.

    Raises:
        SourceError: it could not be fetched, or is neither a page nor a PDF.
    """
    cap = BodyCap.LETTER if link.kind is LinkKind.LETTER else BodyCap.PAGE
    look = await poll(fetch, link.url, cap, {link.url: before} if before is not None else {})
    capture, found = look.capture, look.harvest()
    if capture is None:
        return found
    if is_pdf(capture.body):
        letter, warnings = await _letter(fetch, link, capture, recognise)
        return replace(found, documents=(letter,), warnings=warnings)
    if is_binary(capture.body):
        msg = f"expected a page or a PDF, found {capture.media_type}"
        raise Unreadable(msg, url=link.url)
    if capture.media_type == "text/plain":
        text = await fetch.parse(read_text, capture.body, capture.headers)
        return replace(found, documents=(_document(link, capture, text=text),))
    return await _page(fetch, link, look, found, now)


def read_text(body: bytes, headers: Headers) -> str:
    """Return a body that is text and nothing else."""
    return clean(decode(body, headers))


def from_summary(link: Link, now: datetime) -> Document | None:
    """Return what the feed itself said as the document, for a page that refuses us; None when it said nothing.

    Its capture is a resource, because the page's server never sent these words.
    """
    if not normalise(link.summary):
        return None
    capture = Capture(
        url=link.url,
        status=0,
        headers=((COMMENT, _said_by(link)),),
        body=link.summary.encode("utf-8", "replace"),
        media_type="text/plain",
        fetched_at=now,
        kind=CaptureKind.RESOURCE,
    )
    return _document(link, capture, text=link.summary)


def _said_by(link: Link) -> str:
    return f"the summary of this address that {link.parent or 'its source'} gave; its own text could not be read"


async def _letter(
    fetch: Fetch, link: Link, capture: Capture, recognise: Recogniser | None
) -> tuple[Document, tuple[str, ...]]:
    """Return the letter, and what of it could not be read."""
    letter = await fetch.parse(read_pdf, capture.body)
    read = Recognised(text=letter.text, by=None, unread=len(letter.pictures))
    if recognise is not None and letter.pictures:
        read = await recognise(capture.body, letter)
    document = replace(
        _document(link, capture, text=read.text),
        title=link.title or letter.title,
        scanned=letter.scanned,
        recognised_by=read.by,
    )
    return document, unread_words(letter, read, installed=recognise is not None)


async def _page(fetch: Fetch, link: Link, look: Poll, found: Harvest, now: datetime) -> Harvest:
    capture = look.capture
    assert capture is not None
    page = await fetch.parse(read_page, capture.body, capture.headers, look.final_url, zone_of(look.final_url))
    gone = missing(link.url, look.final_url, page.window_title, page.text)
    if gone is not None:
        msg = f"the page is gone: {gone}"
        raise Unreachable(msg, url=link.url, status=_GONE)
    # A page made by scripts has no words of its own; where it has any, they stand, however few.
    text = own_words(page.text) if is_bulletin(look.final_url) else page.text
    said = None if normalise(text) else from_summary(link, now)
    document = replace(
        said or _document(link, capture, text=text),
        url=page.canonical or canonical(look.final_url) or link.url,
        title=link.title or page.title,
        published_at=link.published_at or page.published_at,
    )
    # A page found where a letter was expected ends the chain.
    letters = () if link.kind is LinkKind.LETTER else letters_of(document, page.letters)
    return replace(found, documents=(document,), links=letters)


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
        guid=link.guid,
    )
