"""One item of a feed, an API or a page, and the documents and links made of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from facts.document import Capture, Document
from facts.places import Place
from facts.visit import Link, LinkKind
from spiders.html import Anchor

#: Letters followed from one page.
MAX_LETTERS = 10
_ENOUGH_WORDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of a feed, or one row of an API."""

    #: The canonical address; for an entry without one, the feed's with a fragment that names the entry.
    url: str
    title: str
    text: str
    published_at: datetime | None
    #: Links in its text and its enclosures that look like letters.
    letters: tuple[Anchor, ...]
    #: Whether there is a page to follow.
    has_page: bool = True


def document_of(item: Item, *, source: str, places: tuple[Place, ...], capture: Capture) -> Document:
    """Return the item as a document, read from this capture."""
    return Document(
        source=source,
        url=item.url,
        title=item.title,
        text=item.text,
        capture=capture,
        published_at=item.published_at,
        places=places,
    )


def letters_of(document: Document, anchors: Iterable[Anchor]) -> tuple[Link, ...]:
    """Return the letters that a document links, named by the words of the link."""
    letters = (
        Link(
            source=document.source,
            url=anchor.url,
            kind=LinkKind.LETTER,
            parent=document.url,
            title=_named(anchor, document),
            summary="",
            published_at=document.published_at,
            places=document.places,
        )
        for anchor in anchors
        if anchor.url != document.url
    )
    return tuple(letters)[:MAX_LETTERS]


def _named(anchor: Anchor, document: Document) -> str:
    """Name a letter by its link where that says something: not "here", not "PDF"."""
    if len(anchor.text.split()) >= _ENOUGH_WORDS:
        return anchor.text
    return f"{document.title} ({anchor.text})" if anchor.text else document.title
