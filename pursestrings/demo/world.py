"""World: all that the invented web publishes, and what each address of it answers at a moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final

from facts.times import require_aware
from pursestrings.demo import cities, doj, papers
from pursestrings.demo.publication import Kind, Page, Publication
from pursestrings.demo.shells import fill

_HTML: Final = "text/html; charset=utf-8"
_ROBOTS: Final = b"User-agent: *\nAllow: /\n"

#: What answers each address that shows more than one publication.
_INDEXES: Final[Mapping[str, Callable[[Sequence[Publication], str, str], Page]]] = {
    "/doj/api/v1/press_releases.json": doj.press_releases,
    "/doj/news/rss": doj.news_feed,
    "/albuquerque-city/mayor/statements": cities.statements_page,
    "/baltimore-mayor/news": cities.news_listing,
    **{paper.feed_path: paper.feed for paper in papers.PAPERS},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything published, oldest first, and the time that the demo plays through."""

    publications: tuple[Publication, ...]
    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        """Put the publications in the order of their moments."""
        ordered = sorted(self.publications, key=lambda each: (each.at, each.key))
        object.__setattr__(self, "publications", tuple(ordered))

    def moved(self, times: Mapping[str, datetime]) -> World:
        """Return the same world with some publications at other moments, by key.

        Raises:
            KeyError: no publication has this key.
        """
        unknown = times.keys() - {each.key for each in self.publications}
        if unknown:
            raise KeyError(*sorted(unknown))
        moved = (replace(each, at=times.get(each.key, each.at)) for each in self.publications)
        return replace(self, publications=tuple(moved))

    def seen(self, now: datetime) -> tuple[Publication, ...]:
        """Return what can be read at this moment, oldest first."""
        require_aware(now, "now")
        return tuple(each for each in self.publications if each.at <= now)

    def turns(self) -> tuple[datetime, ...]:
        """Return the moments between start and end at which something appears, each once."""
        return tuple(sorted({each.at for each in self.publications if self.start < each.at <= self.end}))


def answer(
    world: World, target: str, now: datetime, *, base: str = "http://127.0.0.1"
) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of one address at one moment.

    `target` is a path with its query; `base` the scheme and host that every absolute link begins with.
    """
    path, _, query = target.partition("?")
    page = _page(world.seen(now), path, query, base)
    headers = {"Content-Type": page.media_type}
    if page.modified:
        headers["ETag"] = page.etag
        headers["Last-Modified"] = format_datetime(page.modified.astimezone(UTC), usegmt=True)
    return page.status, headers, page.body


def _page(seen: Sequence[Publication], path: str, query: str, base: str) -> Page:
    if path == "/robots.txt":
        return Page(status=200, media_type="text/plain; charset=utf-8", body=_ROBOTS)
    if path in _INDEXES:
        return _INDEXES[path](seen, query, base)
    found = next((each for each in seen if each.path == path), None)
    if path.startswith("/doj/") and (found is None or found.kind is not Kind.LETTER):
        return _walled(path, base)
    return _missing(base) if found is None else _single(found, seen, base)


def _walled(path: str, base: str) -> Page:
    return _missing(base) if path.startswith(("/doj/api/", "/doj/opa/media/")) else doj.bot_wall(path, base)


def _single(found: Publication, seen: Sequence[Publication], base: str) -> Page:
    if found.kind is Kind.LETTER:
        return Page(status=200, media_type="application/pdf", body=found.body, modified=found.at)
    if found.kind is Kind.NEWS:
        return cities.news_page(found, base)
    paper = next(each for each in papers.PAPERS if each.site == found.site)
    return paper.article(found, seen, base)


def _missing(base: str) -> Page:
    return Page(status=404, media_type=_HTML, body=fill("missing.html", base=base).encode())
