"""Recognition: whether a document is one that the archive holds already, under whatever name it comes. Pure.

The identity of a document, within its source: its guid where that proves stable, else its canonical link, else its
title and day. A source may change any of them, and some change one at every look, so none is trusted alone: what only
a guid, a title or a text says is believed where the contents agree. When in doubt two documents stay two. A wrong fold
would hide a story behind another; a missed one makes a second document, whose story the first one's alert already told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC

from facts.document import Document, Known
from facts.identity import make_id
from facts.text import alike, words_of
from facts.twins import twin_key, without_fragment

#: A text of fewer words may be furniture: "Read more", "This page requires scripts".
ENOUGH_WORDS = 40
#: A title of fewer words may head any number of documents: "Press release", "Arrest log".
ENOUGH_TITLE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """By what a document may be known beside its address; short, whatever the length of what they stand for."""

    #: The same for all twins of its address.
    link: str
    #: None when the source gives none. A guid that is an address is named as one: many are the link itself.
    guid: str | None
    #: Of the title and the day of publication in UTC, of the title alone where no day is claimed.
    title: str
    #: Of the normalised title and text.
    text: str

    @property
    def every(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(name for name in (self.link, self.guid, self.title, self.text) if name is not None)


def names_of(document: Document, digest: str) -> Names:
    """Return the names of a document whose text has this digest."""
    day = document.published_at.astimezone(UTC).date().isoformat() if document.published_at else ""
    return Names(
        link=link_name(document.url),
        guid=_guid_name(document.guid),
        title=_name("title", " ".join(words_of(document.title)), day),
        text=_name("text", digest),
    )


def link_name(url: str) -> str:
    """Return the name that an address shares with its twins."""
    return _name("link", twin_key(url))


def recognise(document: Document, digest: str, names: Names, known: Mapping[str, Known]) -> Known | None:
    """Return the archived document of the same source that this one is, or None for one never seen.

    `known` holds archived documents by their names, and by the address they are archived under.

    A document at its own address, or a twin's, is itself, however it was edited; an address that was only once given
    for a document is believed while guid, title or text agrees. Where entries share an address, the one that guid,
    title or text tells goes before the one that stands there. Elsewhere a document has moved when
    its guid is the same, the text alike, and the title or the claimed moment of publication the same; or
    its title and text are the same, of ENOUGH_WORDS; or
    its title, of ENOUGH_TITLE, and its day are the same, and the text alike.
    """
    linked = known.get(document.url) or known.get(names.link)
    if linked is not None and not (_at(linked, document) or _confirmed(linked, document, names, known)):
        linked = None
    if linked is not None and linked.digest == digest:
        return linked
    claims = ((names.guid, _by_guid), (names.text, _by_text), (names.title, _by_title))
    told = ((known.get(name), agrees) for name, agrees in claims if name is not None)
    for one, agrees in told:
        if one is None or (linked is not None and one is not linked and not _beside(one, document)):
            continue
        if one is linked or agrees(one, document, digest):
            return one
    return linked


def stand_apart(one: Known, document: Document, digest: str) -> bool:
    """Return whether a document is another one than `one`, since its source shows both at once, at two addresses.

    They are one where they are the same text at twins of one address, or the same of ENOUGH_WORDS. Else taking them
    for one would hide the second, or make each the next version of the other at every look.
    """
    same = one.digest == digest and (_at(one, document) or _long(document))
    return one.url != document.url and not same


def _confirmed(linked: Known, document: Document, names: Names, known: Mapping[str, Known]) -> bool:
    # A guid that is the link itself says nothing more.
    same_guid = names.guid not in {None, names.link} and known.get(names.guid or "") is linked
    return same_guid or (_telling(document) and _same_title(linked, document)) or _alike(linked, document)


def _by_guid(one: Known, document: Document, digest: str) -> bool:
    del digest
    instant = one.published_at is not None and one.published_at == document.published_at
    agrees = instant or _beside(one, document) or _same_title(one, document)
    return agrees and _alike(one, document)


def _by_text(one: Known, document: Document, digest: str) -> bool:
    return one.digest == digest and (_beside(one, document) or _long(document))


def _by_title(one: Known, document: Document, digest: str) -> bool:
    del digest
    dated = document.published_at is not None and _telling(document)
    return (dated or _beside(one, document)) and _alike(one, document)


def _long(document: Document) -> bool:
    return len(words_of(document.text)) >= ENOUGH_WORDS


def _telling(document: Document) -> bool:
    return len(words_of(document.title)) >= ENOUGH_TITLE


def _same_title(one: Known, document: Document) -> bool:
    return words_of(one.title) == words_of(document.title)


def _at(one: Known, document: Document) -> bool:
    return one.url == document.url or twin_key(one.url) == twin_key(document.url)


def _beside(one: Known, document: Document) -> bool:
    """Return whether both are entries of one address."""
    return twin_key(without_fragment(one.url)) == twin_key(without_fragment(document.url))


def _alike(one: Known, document: Document) -> bool:
    return alike(f"{one.title}\n{one.text}", f"{document.title}\n{document.text}")


def _guid_name(guid: str | None) -> str | None:
    if guid is None or not guid.strip():
        return None
    return link_name(guid) if guid.startswith(("http://", "https://")) else _name("guid", guid)


def _name(kind: str, *parts: str) -> str:
    return f"{kind}:{make_id(*parts)}"
