"""A site's sitemap: where there is no feed, or one that shows less than a day brings. What it names is followed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from fnmatch import fnmatchcase
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field

from facts.places import Place
from facts.visit import Harvest, Link, LinkKind, Remembered, Shape
from spiders.fetching import Fetch, Leaf
from spiders.settings import SourceSettings
from spiders.sitemap_reading import Entry
from spiders.sitemap_walk import Walk, past, walk
from spiders.urls import is_letter, is_news

#: Links of one visit, and of one page of the past.
_MAX_LINKS = 1000
_MAX_PAST_LINKS = 10_000
#: Entries without any day that are read, from either end: new ones are added at one of them.
_MAX_UNDATED = 100


class Settings(SourceSettings):
    """A sitemap's stanza: which of its pages are wanted, by the path of their address, and how far back."""

    #: Plain patterns with `*` and `?`, such as "/news/*"; none: every path.
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    #: Days.
    since: Annotated[int, Field(ge=1, le=365)] = 2


class Spider:
    """Reads one sitemap and the newest ones of an index; what they name are links."""

    def __init__(self, *, source: str, settings: Settings, places: tuple[Place, ...]) -> None:
        self._source = source
        self._settings = settings
        self._places = places

    async def visit(self, fetch: Fetch, memory: Mapping[str, Remembered], now: datetime) -> Harvest:
        """Look at the sitemap once.

        Raises:
            SourceError: it, or each one that its index names, could not be fetched or is no sitemap.
        """
        since = now.date() - timedelta(days=self._settings.since)
        found = await walk(fetch, self._settings.url, memory, since, now)
        wanted = tuple(entry for entry in found.entries if self._wants(entry))
        dated = [entry for entry in wanted if entry.span is not None and entry.span.meets(since, date.max)]
        # Stable: of one day the first named comes first.
        newest = sorted(dated, key=lambda entry: entry.span.last if entry.span else date.min, reverse=True)[:_MAX_LINKS]
        undated = [entry for entry in wanted if entry.span is None]
        ends = undated if len(undated) <= 2 * _MAX_UNDATED else [*undated[:_MAX_UNDATED], *undated[-_MAX_UNDATED:]]
        return replace(
            found.harvest,
            links=self._links((*newest, *ends)),
            warnings=(*found.harvest.warnings, *_odd(found, wanted), *_left_out(dated, undated)),
            shape=_shape(wanted, now) if found.reads else None,
            # Of an index only a part is read, and of what has no date.
            listed=tuple(dict.fromkeys(entry.url for entry in newest)) if found.is_one else (),
        )

    async def history(self, fetch: Fetch, cursor: str | None, since: date, until: date, now: datetime) -> Leaf:  # noqa: ARG002 (the protocol's signature)
        """Read one sitemap of the past, after its index; see `spiders.fetching.Historian`."""
        page = await past(fetch, self._settings.url, cursor, since, until)
        inside = [
            entry
            for entry in page.entries
            if self._wants(entry) and (entry.span is None or entry.span.meets(since, until))
        ]
        cut = (
            (f"only the first {_MAX_PAST_LINKS} pages of one sitemap are read",)
            if len(inside) > _MAX_PAST_LINKS
            else ()
        )
        warnings = (*page.leaf.harvest.warnings, *cut)
        harvest = replace(page.leaf.harvest, links=self._links(inside[:_MAX_PAST_LINKS]), warnings=warnings)
        return replace(page.leaf, harvest=harvest)

    def _wants(self, entry: Entry) -> bool:
        path = urlsplit(entry.url).path
        if not is_news(entry.url) or any(fnmatchcase(path, pattern) for pattern in self._settings.exclude):
            return False
        include = self._settings.include
        return not include or any(fnmatchcase(path, pattern) for pattern in include)

    def _links(self, entries: Iterable[Entry]) -> tuple[Link, ...]:
        distinct: dict[str, Entry] = {}
        for entry in entries:
            distinct.setdefault(entry.url, entry)
        return tuple(
            Link(
                source=self._source,
                url=entry.url,
                kind=LinkKind.LETTER if is_letter(entry.url) else LinkKind.PAGE,
                parent=self._settings.url,
                title=entry.title,
                summary="",
                published_at=entry.published_at,
                places=self._places,
            )
            for entry in distinct.values()
        )


def _odd(found: Walk, wanted: tuple[Entry, ...]) -> tuple[str, ...]:
    if found.reads and not found.entries:
        return ("the sitemap is valid and names no page",)
    return ("include and exclude leave none of its pages",) if found.entries and not wanted else ()


def _left_out(dated: list[Entry], undated: list[Entry]) -> tuple[str, ...]:
    many = (f"{len(dated)} pages are new or changed; only the newest {_MAX_LINKS} are read",)
    bare = (f"{len(undated)} pages have no date; only the first and the last {_MAX_UNDATED} are read",)
    return (*(many if len(dated) > _MAX_LINKS else ()), *(bare if len(undated) > 2 * _MAX_UNDATED else ()))


def _shape(entries: tuple[Entry, ...], now: datetime) -> Shape:
    """Return what the sitemap looks like; its pages have their words themselves."""
    days = [entry.span.last for entry in entries if entry.span is not None and entry.span.last <= now.date()]
    noon = now.replace(hour=12, minute=0, second=0, microsecond=0)
    newest = noon - timedelta(days=(now.date() - max(days)).days) if days else None
    return Shape(
        items=len(entries),
        dated=sum(entry.span is not None for entry in entries),
        titled=sum(bool(entry.title) for entry in entries),
        worded=0,
        newest=min(newest, now) if newest is not None else None,
    )
