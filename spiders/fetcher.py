"""The one guarded fetcher: every address that a spider or a follower wants goes through it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from facts.address import Network
from facts.document import Capture, Headers
from facts.errors import Unreachable, Unreadable
from facts.visit import Remembered
from spiders.answers import failure, fresh_for, is_not_modified, media_type, validator
from spiders.engine import MAX_REDIRECTS, download, open_engine
from spiders.engine import settings as engine_settings
from spiders.fetching import Answer, BodyCap, P, T, request_name
from spiders.guard import DEADLINE, MAX_SIZE, SERVED, WIRE_BYTES, Deadline, not_fetched, refused
from spiders.hosts import HostBook, Hosts, NoBook
from spiders.inflate import ACCEPT_ENCODING
from spiders.own_feed import OwnFeed
from spiders.parsing import Parsers
from spiders.robots import RobotsMiddleware
from spiders.robots_rules import PRODUCT
from spiders.trouble import late
from spiders.wall import LOOKED_AT, is_html, login_redirect, wall

_ACCEPT = {
    BodyCap.FEED: "application/atom+xml, application/rss+xml, application/json, application/xml;q=0.9, */*;q=0.8",
    BodyCap.PAGE: "text/html, application/xhtml+xml, application/pdf;q=0.9, */*;q=0.8",
    BodyCap.LETTER: "application/pdf, text/html;q=0.9, */*;q=0.8",
}
_JSON = "application/json"
#: The longest Crawl-delay that a page waits for after the last request to its host, in seconds; one site asks for 420.
MAX_CRAWL_DELAY = 60.0
#: The longest that a feed waits for, in seconds: it is asked for once an interval, and other sources wait behind it.
MAX_FEED_DELAY = 10.0
#: Hosts remembered; above it those at rest are forgotten.
_MAX_HOSTS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """The `[fetch]` and `[bot]` sections as far as fetching goes."""

    user_agent: str
    #: Non-global networks that may be dialled all the same.
    allow_networks: tuple[Network, ...] = ()
    allow_ports: frozenset[int] = frozenset({80, 443})
    #: The feed that this process serves to itself: it alone may be asked on its host and port.
    own_feed: OwnFeed | None = None
    #: Seconds for one fetch, over all redirects and the whole body.
    deadline: float = 30.0


def user_agent(*, version: str, contact: str, name: str = "") -> str:
    """Return an honest User-Agent: what we are, and whom to ask. `Pursestrings/1.0 (+desk@example.org; Metro desk)`."""
    words = "; ".join(filter(None, (f"+{contact}" if contact else "", name)))
    comment = "".join(c if " " <= c <= "~" and c not in "()\\" else "_" for c in words)
    return f"{PRODUCT}/{version} ({comment})" if comment else f"{PRODUCT}/{version}"


@dataclass(slots=True)
class _Host:
    """One request at a time, with the rest that the host asks for."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    #: Loop time of the end of the last request.
    last: float = float("-inf")
    #: Its path: the pages of one API are one feed.
    path: str = ""

    async def rest(self, delay: float, path: str, cap: BodyCap) -> None:
        """Wait until the host has had the rest that it asks for, in seconds."""
        if cap is BodyCap.FEED:
            delay = 0.0 if path == self.path else min(delay, MAX_FEED_DELAY)
        left = self.last + min(delay, MAX_CRAWL_DELAY) - asyncio.get_running_loop().time()
        if left > 0:
            await asyncio.sleep(left)
        self.path = path


class Fetcher:
    """Implements `spiders.fetching.Fetch`; made by `open_fetcher`."""

    def __init__(
        self,
        crawler: Crawler,
        settings: FetchSettings,
        clock: Callable[[], datetime],
        hosts: Hosts,
        parsers: Parsers,
    ) -> None:
        robots = crawler.get_downloader_middleware(RobotsMiddleware)
        assert robots is not None
        self._robots = robots
        robots.hosts = hosts
        self._crawler = crawler
        self._settings = settings
        self._clock = clock
        self._hosts: dict[str, _Host] = {}
        self._parsers = parsers
        self._running: set[asyncio.Timeout] = set()
        self._closed = False

    async def __call__(
        self, url: str, *, cap: BodyCap, validators: Remembered | None = None, data: bytes | None = None
    ) -> Answer:
        """Fetch one address, conditionally when there are validators; the errors are those of the protocol."""
        # A 304 answers GET alone (RFC 9110, section 13.2.1).
        validators = validators if data is None else None
        request = self._request(url, cap, validators, data)
        host = self._host(url)
        self._robots.hosts.require_free(url)
        async with host.turn:
            await host.rest(self._robots.crawl_delay(url), urlsplit(url).path, cap)
            try:
                response = await self._within_deadline(request)
            finally:
                host.last = asyncio.get_running_loop().time()
        return await self._answer(request_name(url, data), response, validators)

    async def parse(self, parser: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a parser in a child process, within its limits; the errors are those of the protocol."""
        return await self._parsers.run(parser, *args, **kwargs)

    def close(self) -> None:
        """End every fetch and every parser that is under way; its caller gets `Unreachable`."""
        self._closed = True
        self._parsers.close()
        for timeout in self._running:
            if not timeout.expired():
                timeout.reschedule(asyncio.get_running_loop().time())

    def _request(self, url: str, cap: BodyCap, validators: Remembered | None, data: bytes | None) -> Request:
        reason = refused(url, self._settings.allow_ports, self._settings.own_feed)
        if reason is not None:
            raise not_fetched(url, reason)
        headers = {"Accept": _ACCEPT[cap], "Accept-Encoding": ACCEPT_ENCODING}
        if validators is not None and validators.etag is not None:
            headers["If-None-Match"] = validators.etag
        if validators is not None and validators.last_modified is not None:
            headers["If-Modified-Since"] = validators.last_modified
        if data is not None:
            headers |= {"Accept": _JSON, "Content-Type": _JSON}
        method = "GET" if data is None else "POST"
        try:
            return Request(url, method=method, body=data, headers=headers, meta={MAX_SIZE: cap.value}, dont_filter=True)
        except ValueError as error:
            reason = f"it is not a URL ({error})"
            raise not_fetched(url, reason) from error

    def _host(self, url: str) -> _Host:
        if len(self._hosts) >= _MAX_HOSTS:
            resting = asyncio.get_running_loop().time() - MAX_CRAWL_DELAY
            self._hosts = {n: host for n, host in self._hosts.items() if host.turn.locked() or host.last > resting}
        return self._hosts.setdefault(urlsplit(url).hostname or "", _Host())

    async def _within_deadline(self, request: Request) -> Response:
        if self._closed:
            msg = "the fetcher is closed"
            raise Unreachable(msg, url=request.url)
        seconds = self._settings.deadline
        deadline = request.meta[DEADLINE] = Deadline(seconds)
        try:
            async with asyncio.timeout(seconds) as timeout:
                self._running.add(timeout)
                return await download(self._crawler, request)
        except TimeoutError as error:
            msg = "the fetcher was closed" if self._closed else late(request.url, seconds)
            raise Unreachable(msg, url=request.url) from error
        except IgnoreRequest as error:
            msg = f"more than {MAX_REDIRECTS} redirects"
            raise Unreachable(msg, url=request.url) from error
        finally:
            self._running.discard(timeout)
            deadline.end()

    async def _answer(self, url: str, response: Response, validators: Remembered | None) -> Answer:
        headers: Headers = response.meta.get(SERVED, ())
        self._robots.hosts.answered(response.url, response.status, headers)
        now = self._clock()
        etag, last_modified = validator(headers, "etag"), validator(headers, "last-modified")
        capture = None
        if validators is not None and is_not_modified(response.status):
            # A 304 may leave its validators out: then the old ones hold (RFC 9111, section 4.3.4).
            etag, last_modified = etag or validators.etag, last_modified or validators.last_modified
        else:
            login = login_redirect(url, response.url)
            walled = login or await self._wall(response.status, headers, response.body)
            error = failure(url, response.status, headers, walled, now)
            if error is not None:
                raise error
            capture = Capture(
                url=url,
                status=response.status,
                headers=headers,
                body=response.body,
                media_type=media_type(headers),
                fetched_at=now,
            )
        return Answer(
            url=url,
            final_url=response.url,
            capture=capture,
            etag=etag,
            last_modified=last_modified,
            fresh_for=fresh_for(headers),
            bytes=response.meta.get(WIRE_BYTES, 0),
        )

    async def _wall(self, status: int, headers: Headers, body: bytes) -> str | None:
        if not is_html(body):
            return wall(status, headers, body)
        try:
            return await self._parsers.run(wall, status, headers, body[:LOOKED_AT])
        except Unreadable:
            # What breaks a parser is no wall: its status says the rest, or its reader.
            return None


@asynccontextmanager
async def open_fetcher(
    settings: FetchSettings,
    clock: Callable[[], datetime],
    book: HostBook | None = None,
    *,
    parsers: Parsers | None = None,
) -> AsyncIterator[Fetcher]:
    """Open the fetcher in the running loop; it stays idle between fetches and leaves nothing behind.

    What hosts ask for is taken from the book and kept in it, so that no promise ends with the process. What is fetched
    is read by `parsers`, which are closed with the fetcher.
    """
    book = book or NoBook()
    hosts = Hosts(book, await asyncio.to_thread(book.load), clock)
    values = engine_settings(
        user_agent=settings.user_agent,
        allow_networks=settings.allow_networks,
        allow_ports=settings.allow_ports,
        own_feed=settings.own_feed,
        deadline=settings.deadline,
        clock=clock,
    )
    async with open_engine(values) as crawler:
        fetcher = Fetcher(crawler, settings, clock, hosts, parsers or Parsers())
        try:
            yield fetcher
        finally:
            fetcher.close()
            await hosts.close()
