"""Pipeline: all that the stage loops run on, put together once by `pursestrings`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.message import Channel
from alerts.router import Route
from facts.document import Document, Snapshot
from facts.event import Judgement
from facts.visit import Link, Remembered
from scheduler.digests import DigestPlan
from scheduler.gathering import Gathering
from scheduler.keeping import Lot
from spiders.fetching import Fetch, Follower, Spider
from storage.protocols import Catalogue, Store
from storage.work import Listing, VisitEnd

#: Seconds between two commits of ends of visits, at least: each costs a write to the disk for good.
END_PAUSE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """Whom the bot works for, as far as its words need it."""

    bot_name: str
    zone: ZoneInfo
    #: What alerts link to, without a closing slash.
    public_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """The stages and the store between them; a stage itself never sees this."""

    store: Store
    catalogue: Catalogue
    fetch: Fetch
    spiders: Mapping[str, Spider]
    #: How often each source is polled at the most.
    every: Mapping[str, timedelta]
    follow: Follower
    #: The document that a link's own summary makes, when its page refuses us.
    from_summary: Callable[[Link, datetime], Document | None]
    judge: Callable[[Snapshot, datetime], Judgement]
    routes: Sequence[Route]
    channels: Mapping[str, Channel]
    #: The channel that hears of failing sources.
    ops: str
    digests: Mapping[str, DigestPlan]
    newsroom: Newsroom
    #: How often the canary is published; None: there is none.
    canary: timedelta | None = None
    #: 0 to 1, anew at each call; spreads polls and retries.
    jitter: Callable[[], float]
    #: Set when something was archived: it can be judged before its visit is over.
    came: asyncio.Event = field(default_factory=asyncio.Event)
    #: What visits of one moment ask of the archive, and what they leave in it, is one transaction.
    memories: Gathering[str, Mapping[str, Remembered]] = field(default_factory=Gathering)
    lots: Gathering[Lot, int] = field(default_factory=Gathering)
    listed: Gathering[str, tuple[str, ...]] = field(default_factory=Gathering)
    listings: Gathering[Listing, None] = field(default_factory=Gathering)
    ends: Gathering[VisitEnd, None] = field(default_factory=Gathering)
