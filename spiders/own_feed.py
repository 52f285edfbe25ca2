"""Own feed: the one address of this machine that the fetcher may ask, beside what the configuration allows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urljoin, urlsplit


@dataclass(frozen=True, kw_only=True)
class OwnFeed:
    """A feed that this process serves to itself, as `http://127.0.0.1:port/path`."""

    url: str

    @cached_property
    def address(self) -> tuple[str, int]:
        """The host and port that may be dialled."""
        parts = urlsplit(self.url)
        return parts.hostname or "", parts.port or 0

    @cached_property
    def urls(self) -> frozenset[str]:
        """What may be asked for there, letter by letter: the feed, and robots.txt."""
        return frozenset({self.url, urljoin(self.url, "/robots.txt")})
