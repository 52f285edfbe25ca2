"""What the robots.txt of a host says, for people to read; the fetcher keeps its rules by itself."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

from facts.errors import Forbidden, SourceError
from spiders.fetching import BodyCap, Fetch
from spiders.robots_rules import PRODUCT, read_rules

_NAME = "robots.txt"
#: RFC 9309, section 2.3.1.3: a client error means that there are no rules.
_NO_FILE = range(400, 500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Robots:
    """What the robots.txt of a host says of us and one address."""

    #: "allowed", "disallowed", "none" where there is no such file, "unreadable", "not asked".
    says: str
    #: Seconds between two pages that it asks for.
    delay: float | None = None
    #: Those it names, which stand on any host.
    sitemaps: tuple[str, ...] = ()


class RobotsFiles:
    """The files of the hosts that were asked, each read once."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._files: dict[str, asyncio.Task[Protego | str]] = {}

    async def of(self, url: str, error: SourceError | None) -> Robots:
        """Return what is said of an address; `error` is what asking for it came to, None when it answered.

        A host that did not answer is not asked again, and one that must not be asked not at all.
        """
        if isinstance(error, Forbidden):
            return Robots(says="disallowed" if by_robots(error) else "not asked")
        if error is not None and error.status is None:
            return Robots(says="not asked")
        rules = await self._file(url)
        if isinstance(rules, str):
            return Robots(says=rules)
        delay = rules.crawl_delay(PRODUCT)
        return Robots(
            says="allowed" if rules.can_fetch(url, PRODUCT) else "disallowed",
            delay=float(delay) if delay else None,
            sitemaps=tuple(rules.sitemaps),
        )

    async def _file(self, url: str) -> Protego | str:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._files:
            self._files[origin] = asyncio.ensure_future(self._read(f"{origin}/{_NAME}"))
        return await asyncio.shield(self._files[origin])

    async def _read(self, url: str) -> Protego | str:
        """Return the rules of a host, or in a word why there are none."""
        try:
            answer = await self._fetch(url, cap=BodyCap.FEED)
        except SourceError as error:
            return "none" if error.status in _NO_FILE else "unreadable"
        assert answer.capture is not None
        return read_rules(answer.capture.body)


def by_robots(error: Forbidden) -> bool:
    """Return whether robots.txt is what forbids it, and not the address itself."""
    return _NAME in str(error)
