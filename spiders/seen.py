"""What was seen at an address that was asked for the first time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from spiders.layouts import Guess
from spiders.platforms import Platform


class Sort(StrEnum):
    """What stands at an address."""

    RSS = "rss"
    ATOM = "atom"
    JSON_FEED = "json feed"
    DOJ_API = "doj api"
    FEDERAL_REGISTER = "federal register api"
    JSON = "json"
    SITEMAP = "sitemap"
    NEWS_SITEMAP = "news sitemap"
    PDF = "pdf"
    LISTING = "listing"
    PAGE = "page"
    NOTHING = "nothing"
    OTHER = "something else"

    @property
    def is_feed(self) -> bool:
        """Whether the kind `feed` reads it."""
        return self in {Sort.RSS, Sort.ATOM}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was read out of one answer."""

    sort: Sort
    platform: Platform
    #: Entries, rows or addresses in it; None where there is nothing to count.
    items: int | None = None
    #: The latest date that does not lie ahead.
    newest: datetime | None = None
    #: What is odd, one line each.
    notes: tuple[str, ...] = ()
    #: Feeds that a page itself names.
    feeds: tuple[str, ...] = ()
    #: Where a page lists its news.
    listing: Guess | None = None
    #: Whether its entries say so little that their pages are worth reading.
    brief: bool = False
    #: Whether a page shows hardly anything before its scripts have run.
    scripted: bool = False
