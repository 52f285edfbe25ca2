"""robots.txt, as RFC 9309 has it: kept for a day, over restarts too; an error of the server is no leave."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from facts.errors import Forbidden, Held, Unreachable, Unreadable
from spiders.answers import retry_at, status_words
from spiders.guard import CLOCK, DEADLINE, MAX_SIZE, SERVED, not_fetched
from spiders.hosts import MOST_HOSTS, Hosts, NoBook, host_of, is_blocked
from spiders.robots_rules import MOST_BYTES, PRODUCT, rules_of
from spiders.trouble import unreached

#: How long a copy is good (RFC 9309, section 2.4: no more than a day).
_GOOD_FOR = timedelta(hours=24)
#: How long an old copy stands in for one that could not be read, before it is asked for again.
_AGAIN_AFTER = timedelta(minutes=10)
#: Characters of an address that rules are held against: a redirect may name one of 256 KB.
_MOST_MATCHED = 8 * 1024
#: The longest file that is kept over a restart, in characters; one of the usual length has some hundred.
_MOST_KEPT = 16 * 1024

_IS_ROBOTS = "is_robots"
_TOO_MANY_REQUESTS = 429
_CLIENT_ERROR, _SERVER_ERROR = 400, 500


@dataclass(frozen=True, slots=True)
class _Known:
    #: None: the host has no rules.
    rules: Protego | None
    good_until: datetime
    #: It stands in for a newer copy that could not be read.
    old: bool = False


class RobotsMiddleware:
    """Lets through what the host's robots.txt permits, when the host may be asked at all."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._clock = crawler.settings[CLOCK]
        #: What the hosts asked for; the fetcher puts those in that outlive it.
        self.hosts = Hosts(NoBook(), {}, self._clock)
        self._known: dict[str, _Known] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it the way Scrapy does."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let the request pass.

        Raises:
            Forbidden: robots.txt disallows it.
            Held: the host named a time before which it wants no request.
            Unreachable: robots.txt cannot be read, and no earlier copy is known.
        """
        self.hosts.require_free(request.url)
        if request.meta.get(_IS_ROBOTS):
            return
        known = await self._rules(request)
        if known.rules is None or known.rules.can_fetch(request.url[:_MOST_MATCHED], PRODUCT):
            return
        if known.old:
            # Its rules may have changed since: a refusal for good has to wait until they can be read.
            msg = "an old copy of its site's robots.txt disallows it, and the present one could not be read"
            raise Unreachable(msg, url=request.url)
        raise not_fetched(request.url, "the robots.txt of its site disallows it")

    def crawl_delay(self, url: str) -> float:
        """Return the seconds that the host wants between two requests, 0 when it says nothing or is not known yet."""
        known = self._known.get(host_of(url))
        delay = known.rules.crawl_delay(PRODUCT) if known is not None and known.rules is not None else None
        # "nan" is a number too, and less than nothing is nothing.
        return float(delay) if delay is not None and delay > 0 else 0.0

    async def _rules(self, request: Request) -> _Known:
        origin = host_of(request.url)
        known = self._known.get(origin) or self._kept(origin)
        if known is not None and self._clock() < known.good_until:
            return known
        async with self._locks.setdefault(origin, asyncio.Lock()):
            # Another request may have read it while this one waited.
            now = self._known.get(origin)
            if now is None or now is known:
                self._forget_old()
                self._known[origin] = await self._read(origin, request, known)
        return self._known[origin]

    def _kept(self, origin: str) -> _Known | None:
        """Return the copy that was kept before this process began, taken up as its own."""
        state = self.hosts.state(origin)
        if state.robots_until is None or state.robots_until > self._clock() + _GOOD_FOR:
            return None
        self._forget_old()
        rules = rules_of(state.robots) if state.robots is not None else None
        known = self._known[origin] = _Known(rules, state.robots_until)
        return known

    async def _read(self, origin: str, request: Request, known: _Known | None) -> _Known:
        meta = {_IS_ROBOTS: True, DEADLINE: request.meta[DEADLINE], MAX_SIZE: MOST_BYTES}
        try:
            response = await self._crawler.engine.download_async(Request(f"{origin}/robots.txt", meta=meta))
        except (Unreadable, Forbidden, IgnoreRequest):
            # Too long, or redirects that lead nowhere: as if there were none. The guard judges the page by itself.
            return self._good(origin, None)
        except Held:
            raise
        except Unreachable as error:
            if known is not None:
                return self._old(known)
            why = str(error) if unreached(error) else _unread(origin, str(error))
            raise Unreachable(why, url=request.url) from error
        return self._judge(origin, response, request, known)

    def _judge(self, origin: str, response: Response, request: Request, known: _Known | None) -> _Known:
        headers = response.meta.get(SERVED, ())
        self.hosts.answered(response.url, response.status, headers)
        if response.status >= _SERVER_ERROR or response.status == _TOO_MANY_REQUESTS:
            held = is_blocked(self.hosts.state(origin), self._clock())
            if known is not None and not held:
                return self._old(known)
            again = retry_at(headers, self._clock())
            message = _unread(origin, status_words(response.status))
            raise Unreachable(message, url=request.url, status=response.status, retry_at=again)
        if response.status >= _CLIENT_ERROR:
            return self._good(origin, None)
        return self._good(origin, response.body.decode("utf-8-sig", "replace"))

    def _good(self, origin: str, text: str | None) -> _Known:
        until = self._clock() + _GOOD_FOR
        if text is None or len(text) <= _MOST_KEPT:
            self.hosts.put(replace(self.hosts.state(origin), robots=text, robots_until=until))
        return _Known(rules_of(text) if text is not None else None, until)

    def _old(self, known: _Known) -> _Known:
        # RFC 9309, section 2.4: past its day a copy holds only while there is no other.
        return _Known(known.rules, self._clock() + _AGAIN_AFTER, old=True)

    def _forget_old(self) -> None:
        if len(self._known) >= MOST_HOSTS:
            last = sorted(self._known.items(), key=lambda item: item[1].good_until, reverse=True)
            self._known = dict(last[: MOST_HOSTS // 2])
            self._locks = {o: lock for o, lock in self._locks.items() if lock.locked()}


def _unread(origin: str, why: str) -> str:
    return f"{origin}/robots.txt could not be read ({why}), so nothing is fetched there until it can (RFC 9309)"
