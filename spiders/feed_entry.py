"""One entry of a feed as its publisher wrote it, whichever parser read it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """The strings of one entry; "" for what it does not say. All are hostile."""

    title: str
    #: As written: relative ones too.
    link: str
    guid: str
    #: HTML, or text that looks like it: the whole content where there is one, else the summary.
    markup: str
    #: Published, updated, created: those that are stated, in this order.
    dates: tuple[str, ...]
    #: The addresses of its enclosures.
    enclosures: tuple[str, ...]


def from_feedparser(entry: Mapping[str, Any]) -> FeedEntry:
    """Return an entry as feedparser read it."""
    # A plain dict, because its own makes up an "updated" where there is none, with a warning, and an "id" of a "guid".
    stated = dict(entry.items())
    contents = [str(content.get("value") or "") for content in _dicts(stated.get("content"))]
    links = [link for link in _dicts(stated.get("links")) if link.get("rel") == "enclosure"]
    return FeedEntry(
        title=str(stated.get("title") or ""),
        link=str(stated.get("link") or ""),
        guid=str(stated.get("id") or ""),
        markup=chosen(contents, str(stated.get("summary") or "")),
        # The strings, not feedparser's reading of them: it makes the year 1785 of an epoch.
        dates=tuple(str(date) for name in ("published", "updated", "created") if (date := stated.get(name))),
        enclosures=tuple(str(link.get("href") or "") for link in links),
    )


def chosen(contents: list[str], summary: str) -> str:
    """Return the first content that says anything, else the summary."""
    return next((content for content in contents if content.strip()), summary)


def _dicts(values: object) -> list[dict[str, Any]]:
    # An element of an unknown name stands under it as text: a feed with `<links>` has a string here.
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []
