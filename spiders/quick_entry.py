"""The entries of the fast reader: each element as feedparser would take it, quirks and all. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from spiders.feed_entry import FeedEntry, chosen
from spiders.feed_names import Role

#: An element of lxml, which ships no types.
Element = Any

_CONTENT_TYPES = frozenset({"text", "html", "plain", "text/plain", "text/html"})
_LINK_ATTRIBUTES = frozenset({"rel", "type", "href", "hreflang", "title", "length"})
_HTML_TYPES = frozenset({"html", "text/html", "xhtml", "application/xhtml+xml"})
_SLASHES = re.compile(r"^([A-Za-z][A-Za-z0-9+-.]*://)/*")
_ENTITY_IN_LINK = re.compile(r"&([A-Za-z0-9_]+);")
_C1 = re.compile("[\x80-\x9f]")
_CP1252 = {code: bytes((code,)).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0)}
#: How Clark's notation begins the attributes of XML itself.
XML = "{http://www.w3.org/XML/1998/namespace}"


class Hard(Exception):
    """Something that feedparser has to judge."""


@dataclass(slots=True)
class Reading:
    """An entry while it is read; `depth` is that of an element below the entry."""

    values: dict[str, str] = field(default_factory=dict)
    depths: dict[str, int] = field(default_factory=dict)
    contents: list[str] = field(default_factory=list)
    enclosures: list[str] = field(default_factory=list)
    title_depth: int = -1
    has_content: bool = False

    def keep(self, name: str, value: str, depth: int) -> None:
        """Keep a value unless one from further out is there."""
        if depth <= self.depths.get(name, depth):
            self.depths[name] = depth
            self.values[name] = value

    def done(self) -> FeedEntry:
        """Return what was read."""
        get = self.values.get
        return FeedEntry(
            title=get("title", ""),
            link=get("link", ""),
            guid=get("id", ""),
            markup=chosen(self.contents, get("summary", "")),
            dates=tuple(date for name in ("published", "updated", "created") if (date := get(name))),
            enclosures=tuple(self.enclosures),
        )


def require_leaf(element: Element) -> None:
    """Raise Hard for an element that holds others: feedparser may read those as the entry's own."""
    if len(element):
        raise Hard


def _title(entry: Reading, element: Element, depth: int) -> None:
    value = content_text(element)
    if not -1 < entry.title_depth <= depth:
        entry.keep("title", value, depth)
    if value:
        entry.title_depth = depth


def _media_title(entry: Reading, element: Element, depth: int) -> None:
    before = entry.title_depth
    _title(entry, element, depth)
    entry.title_depth = before


def _link(entry: Reading, element: Element, _: int) -> None:
    stated = {name.lower(): value for name, value in element.items()}
    if not stated.keys() <= _LINK_ATTRIBUTES or len(stated) < len(element.keys()):
        raise Hard
    rel = stated.get("rel", "alternate").lower()
    href = stated.get("href")
    if href is None:
        address = _resolved(_text(element))
        address = _settled(address).replace("&amp;", "&")
        entry.values["link"] = address = _ENTITY_IN_LINK.sub(r"&\1", address)
    else:
        address = _resolved(href)
        if rel == "alternate" and stated.get("type", "text/html").lower() in _HTML_TYPES:
            entry.values["link"] = address
    if rel == "enclosure":
        entry.enclosures.append(address)


def _guid(entry: Reading, element: Element, depth: int) -> None:
    permanent = "true"
    for name, value in element.items():
        if name.lower() != "ispermalink":
            raise Hard
        permanent = value
    text = _text(element)
    value = _settled(_resolved(text) if permanent == "true" else text)
    entry.keep("id", value, depth)
    if permanent == "true":
        entry.values.setdefault("link", value)


def _date(name: str, entry: Reading, element: Element, depth: int) -> None:
    entry.keep(name, _settled(_text(element)), depth)


def _summary(entry: Reading, element: Element, depth: int) -> None:
    if "summary" in entry.values and not entry.has_content:
        _content(entry, element, depth)
    else:
        entry.keep("summary", content_text(element), depth)


def _content(entry: Reading, element: Element, _: int) -> None:
    entry.has_content = True
    value = content_text(element)
    entry.contents.append(value)
    entry.values.setdefault("summary", value)


def _enclosure(entry: Reading, element: Element, _: int) -> None:
    stated = {name.lower(): value for name, value in element.items()}
    if len(stated) < len(element.keys()) or any(name.startswith("{") for name in stated):
        raise Hard
    address = stated.get("url", stated.get("uri", ""))
    entry.enclosures.append(address or stated.get("href", ""))


def content_text(element: Element) -> str:
    """Return the text of a title, a summary or a content, whose type may ask for more than is done here."""
    for name, value in element.items():
        if not (name == "type" and value.lower() in _CONTENT_TYPES) and not name.startswith(XML):
            raise Hard
    return _settled(_text(element))


def _text(element: Element) -> str:
    return (element.text or "").strip()


def _resolved(address: str) -> str:
    return _SLASHES.sub(r"\1", address)


def _settled(text: str) -> str:
    """Mend, as feedparser does, a text encoded twice, and the characters of Windows among those of Latin-1."""
    if text.isascii():
        return text
    try:
        text = text.encode("iso-8859-1").decode("utf-8")
    except UnicodeError:
        return text if _C1.search(text) is None else text.translate(_CP1252)
    return text if _C1.search(text) is None else text.translate(_CP1252)


#: What to do with each element of an entry that is read; the third argument is its depth below the entry.
RULES: dict[Role, Callable[[Reading, Element, int], None]] = {
    Role.TITLE: _title,
    Role.MEDIA_TITLE: _media_title,
    Role.LINK: _link,
    Role.GUID: _guid,
    Role.PUBLISHED: partial(_date, "published"),
    Role.UPDATED: partial(_date, "updated"),
    Role.CREATED: partial(_date, "created"),
    Role.SUMMARY: _summary,
    Role.DESCRIPTION: _summary,
    Role.CONTENT: _content,
    Role.ENCLOSURE: _enclosure,
}
