"""Guesses where a page lists its news: markup that repeats, with a headline in each. Pure; the page is hostile.

A guess is a proposal to a person. It is made of what `spiders/listing.py` asks for, and tried on the page first.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parsel import Selector

from spiders.dates import parse_date, zone_of
from spiders.html import clean_line
from spiders.selecting import attribute
from spiders.urls import canonical, is_letter, same_site

#: An element of lxml, which ships no types.
Element = Any

#: Links looked at, levels climbed from each, and layouts tried.
_MAX_LINKS = 1500
_MAX_LEVELS = 6
_MAX_TRIED = 12
#: Entries that a selector is tried on, and elements of an entry that may hold its date.
_MAX_ITEMS = 100
_MAX_ELEMENTS = 40
#: A headline has this many words; "Read more" and the names of sections have fewer.
_HEADLINE = 4
#: Fewer entries than this are a coincidence.
_FEWEST = 3
#: A selector has to fit this share of what it matches.
_MOST = 0.7
#: Some entries have no date, and the rest of the page still does.
_HALF = 0.5
_LONGEST_DATE = 60
_FRAME = frozenset({"nav", "footer", "aside", "header", "form", "script", "style", "noscript"})
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# Word processors leave elements such as `o:p`, which CSS would read as something else.
_USABLE_TAG = re.compile(r"[a-z][a-z0-9-]*")
# A class that numbers its element (`post-4711`, `node--12`) fits one entry; others need escapes in CSS.
_USABLE_CLASS = re.compile(r"[A-Za-z_](?:[A-Za-z_-]*[A-Za-z_])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """The selectors of a listing's stanza, and what they find on the page."""

    item: str
    link: str
    date: str | None
    items: int
    newest: datetime | None


def guess_listing(markup: str, url: str, now: datetime) -> Guess | None:
    """Return where the page lists links to its own pages, or None when nothing repeats."""
    page = Selector(text=markup or "<html></html>", type="html", base_url=url)
    groups: dict[str, dict[Element, set[str]]] = defaultdict(lambda: defaultdict(set))
    for anchor, target in _headlines(page, url):
        for element in _around(anchor):
            for selector in _selectors(element):
                groups[selector][element].add(target)
    likely = sorted(
        (selector for selector, found in groups.items() if _repeats(found)),
        # The most entries first; of selectors for the same ones that which reaches furthest, as a date stands there.
        key=lambda selector: (-len(groups[selector]), _depth(next(iter(groups[selector])))),
    )
    guesses = [guess for item in likely[:_MAX_TRIED] if (guess := _tried(page, item, url, now))]
    return max(guesses, key=lambda guess: guess.items * (2 if guess.date else 1), default=None)


def _headlines(page: Selector, url: str) -> Iterator[tuple[Element, str]]:
    for anchor in page.css("a[href]")[:_MAX_LINKS]:
        target = _target(anchor, url)
        if target and not _framed(anchor.root):
            yield anchor.root, target


def _framed(element: Element) -> bool:
    return any(parent.tag in _FRAME for parent in element.iterancestors())


def _target(anchor: Selector, url: str) -> str | None:
    if len(_words(anchor).split()) < _HEADLINE:
        return None
    target = canonical(attribute(anchor, "href"), url)
    if target is None or target == canonical(url):
        return None
    return target if same_site(target, url) or is_letter(target) else None


def _around(anchor: Element) -> Iterator[Element]:
    for _, element in zip(range(_MAX_LEVELS), anchor.iterancestors(), strict=False):
        if element.tag in {"body", "html", "main"}:
            return
        yield element


def _selectors(element: Element) -> Iterator[str]:
    """Return the selectors that name this element by what its like share with it."""
    tag = str(element.tag)
    if not _USABLE_TAG.fullmatch(tag):
        return
    names = _classes(element)
    yield from (f"{tag}.{name}" for name in names[:3])
    if names:
        return
    parent = element.getparent()
    above = _classes(parent) if parent is not None else []
    if above:
        yield f"{parent.tag}.{above[0]} > {tag}"
    elif tag in {"article", "li", "tr"}:
        yield tag


def _classes(element: Element) -> list[str]:
    """Return the classes by which a selector can name this element together with its tag."""
    if not _USABLE_TAG.fullmatch(str(element.tag)):
        return []
    return [name for name in (element.get("class") or "").split() if _USABLE_CLASS.fullmatch(name)]


def _repeats(found: dict[Element, set[str]]) -> bool:
    # An element with many headlines is the list, not an entry of it.
    alone = sum(len(targets) == 1 for targets in found.values())
    return len(found) >= _FEWEST and alone >= _MOST * len(found) and len(set().union(*found.values())) >= _FEWEST


def _depth(element: Element) -> int:
    return sum(1 for _ in element.iterancestors())


def _tried(page: Selector, item: str, url: str, now: datetime) -> Guess | None:
    matched = page.css(item)
    if any(_framed(one.root) for one in matched):
        return None
    items = matched[:_MAX_ITEMS]
    link = next((link for link in _links(items) if _share(items, link, url) >= _MOST), None)
    if link is None:
        return None
    date = next((date for date in _dates(items) if len(_dated(items, date, url)) >= _HALF * len(items)), None)
    stated = _dated(items, date, url) if date else []
    return Guess(
        item=item,
        link=link,
        date=date,
        items=len(matched),
        newest=max((moment for moment in stated if moment <= now), default=None),
    )


def _links(items: Sequence[Selector]) -> Iterator[str]:
    yield from (f"{heading} a" for heading in _HEADINGS if items[0].css(f"{heading} a"))
    yield "a[href]"
    for anchor in items[0].css("a[href]")[:5]:
        yield from (f"a.{name}" for name in _classes(anchor.root)[:2])
        parent = anchor.root.getparent()
        if parent is not None:
            yield from (f"{parent.tag}.{name} a" for name in _classes(parent)[:2])


def _share(items: Sequence[Selector], link: str, url: str) -> float:
    first = (next(iter(item.css(link)), None) for item in items)
    return sum(anchor is not None and _target(anchor, url) is not None for anchor in first) / len(items)


def _dates(items: Sequence[Selector]) -> Iterator[str]:
    if any(item.css("time") for item in items):
        yield "time"
    for element in items[0].css("*")[:_MAX_ELEMENTS]:
        words = _words(element)
        if 0 < len(words) <= _LONGEST_DATE and parse_date(words):
            yield from (f"{element.root.tag}.{name}" for name in _classes(element.root)[:2])


def _dated(items: Sequence[Selector], date: str, url: str) -> list[datetime]:
    """Return the dates as the listing would read them."""
    marks = (next(iter(item.css(date)), None) for item in items)
    claims = (
        next(
            (
                found
                for text in (attribute(mark, "datetime"), _words(mark))
                if (found := parse_date(text, zone_of(url)))
            ),
            None,
        )
        for mark in marks
        if mark is not None
    )
    return [found for found in claims if found is not None]


def _words(element: Selector) -> str:
    return clean_line(" ".join(element.xpath(".//text()").getall()))
