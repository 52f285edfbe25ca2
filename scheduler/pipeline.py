"""Pipeline: all that the stage loops run on, put together once by `pursestrings`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.message import Channel
from alerts.router import Route
from facts.document import Document, Snapshot
from facts.event import Judgement
from facts.visit import Link
from scheduler.digests import DigestPlan
from spiders.fetching import Fetch, Follower, Spider
from storage.protocols import Catalogue, Store


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
    #: 0 to 1, anew at each call; spreads polls and retries.
    jitter: Callable[[], float]
