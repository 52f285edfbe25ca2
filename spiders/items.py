"""One item of a feed, an API or a page, and the documents and links made of it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from facts.document import Capture, Document
from facts.places import Place
from facts.visit import Link, LinkKind, Shape
from spiders.html import Anchor, clean

#: Letters followed from one page.
MAX_LETTERS = 10
_ENOUGH_WORDS = 3
#: A longer guid names nothing: it is a text, or an attack.
_MAX_GUID = 1000


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
    #: What its feed or API names it by, which may outlive its address; None when it does not.
    guid: str | None = None


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
        guid=item.guid,
    )


def usable_guid(stated: str) -> str | None:
    """Return what a feed or an API names an item by, None when it is empty or too long to be a name."""
    return (clean(stated).strip() or None) if len(stated) <= _MAX_GUID else None


def shape_of(items: Collection[Item], now: datetime, layout: str | None = None) -> Shape:
    """Return what a feed or an API looked like when these were read from it."""
    dates = [item.published_at for item in items if item.published_at is not None]
    return Shape(
        items=len(items),
        dated=len(dates),
        titled=sum(bool(item.title) for item in items),
        worded=sum(bool(item.text) for item in items),
        newest=max((date for date in dates if date <= now), default=None),
        layout=layout,
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
