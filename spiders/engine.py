"""The resident engine: Scrapy without a Twisted reactor, inside the loop that is already running, open and idle."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import scrapy
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.logformatter import LogFormatter

from facts.address import Network
from spiders.fetching import BodyCap
from spiders.own_feed import OwnFeed

#: Redirects followed before a fetch is given up (docs/reliability.md, S7).
MAX_REDIRECTS = 5
#: Transfers at once: above any number of hosts that hang together (S6), below a usual limit of files.
_MAX_TRANSFERS = 256


# What a poll does not need costs CPU on every poll.
_STOCK = "scrapy.downloadermiddlewares"
_MIDDLEWARES = {
    "spiders.robots.RobotsMiddleware": 100,
    "spiders.redirects.SafeRedirectMiddleware": 600,
    f"{_STOCK}.redirect.RedirectMiddleware": None,
    f"{_STOCK}.offsite.OffsiteMiddleware": None,
    f"{_STOCK}.robotstxt.RobotsTxtMiddleware": None,
    f"{_STOCK}.httpauth.HttpAuthMiddleware": None,
    f"{_STOCK}.downloadtimeout.DownloadTimeoutMiddleware": None,
    f"{_STOCK}.defaultheaders.DefaultHeadersMiddleware": None,
    f"{_STOCK}.stats.DownloaderStats": None,
}


def settings(  # noqa: PLR0913 (one parameter for each thing that is configured)
    *,
    user_agent: str,
    allow_networks: tuple[Network, ...],
    allow_ports: frozenset[int],
    own_feed: OwnFeed | None = None,
    deadline: float,
    clock: Callable[[], datetime],
) -> Mapping[str, Any]:
    """Return every Scrapy setting that differs from its default, each with the reason."""
    handler = "spiders.guard.GuardedHandler"
    return {
        # One asyncio loop for everything: no reactor to start, and none that could not be started twice.
        "TWISTED_REACTOR_ENABLED": False,
        # The address rule sits in the handler. Other schemes would read local files or hang without a timeout (F3, F4).
        "DOWNLOAD_HANDLERS": {
            **dict.fromkeys(("http", "https"), handler),
            **dict.fromkeys(("file", "data", "ftp", "s3")),
        },
        "PURSESTRINGS_ALLOW_NETWORKS": allow_networks,
        "PURSESTRINGS_ALLOW_PORTS": allow_ports,
        "PURSESTRINGS_OWN_FEED": own_feed,
        # A function, because Scrapy copies its settings: a clock that is an object would stand still.
        "PURSESTRINGS_CLOCK": lambda: clock(),  # noqa: PLW0108 (for that reason)
        # Both would listen on a port of this machine.
        "REMOTE_CONTROL_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        # Scrapy does not verify certificates by default.
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "USER_AGENT": user_agent,
        # robots.txt is obeyed by our own middleware: Scrapy's keeps it for ever and takes an error for leave.
        "ROBOTSTXT_OBEY": True,
        # An environment's proxy would hide the address from the guard.
        "HTTPPROXY_ENABLED": False,
        # Nothing that could identify or follow a reader is sent.
        "COOKIES_ENABLED": False,
        "REFERER_ENABLED": False,
        # Redirects by header only, and few.
        "REDIRECT_MAX_TIMES": MAX_REDIRECTS,
        "METAREFRESH_ENABLED": False,
        # Retries are the scheduler's, which knows Retry-After; Scrapy's retry does not.
        "RETRY_ENABLED": False,
        # The guard inflates while it reads; Scrapy would inflate afterwards.
        "COMPRESSION_ENABLED": False,
        # One request at a time to a host.
        "CONCURRENT_REQUESTS": _MAX_TRANSFERS,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        # The default is 1 GiB; each fetch names its own cap (F5).
        "DOWNLOAD_MAXSIZE": BodyCap.PAGE.value,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_TIMEOUT": deadline,
        "DOWNLOADER_MIDDLEWARES": _MIDDLEWARES,
        "SCHEDULER": "spiders.engine.NothingScheduled",
        "EXTENSIONS_BASE": {},
        "SPIDER_MIDDLEWARES_BASE": {},
        "STATS_DUMP": False,
        "LOG_FORMATTER": "spiders.engine.QuietFormatter",
        # Logging belongs to the application.
        "LOG_ENABLED": False,
    }


class NothingScheduled(BaseScheduler):
    """A scheduler with nothing in it: every fetch is asked for directly."""

    def has_pending_requests(self) -> bool:
        """Return False."""
        return False

    def enqueue_request(self, request: scrapy.Request) -> bool:  # noqa: ARG002 (Scrapy's signature)
        """Refuse the request."""
        return False

    def next_request(self) -> scrapy.Request | None:
        """Return None."""
        return None


class QuietFormatter(LogFormatter):
    """Writes no line for each answer: visits are recorded by the scheduler."""

    def crawled(self, request: scrapy.Request, response: Response, spider: scrapy.Spider) -> None:  # type: ignore[override]  # Scrapy takes None for "no line"
        """Return nothing."""


class ResidentSpider(scrapy.Spider):
    """Holds the engine open without any request of its own."""

    name = "resident"

    def __init__(self, *, opened: asyncio.Future[None]) -> None:
        super().__init__()
        self._opened = opened

    async def start(self) -> AsyncIterator[Any]:
        """Wait until the engine stops, which cancels the wait; an engine stopped before it came here never ends."""
        self._opened.set_result(None)
        await asyncio.get_running_loop().create_future()
        yield


@asynccontextmanager
async def open_engine(values: Mapping[str, Any]) -> AsyncIterator[Crawler]:
    """Open an idle engine in the running loop, and close it with everything that is still under way."""
    _quieten()
    crawler = Crawler(ResidentSpider, dict(values))
    opened = asyncio.get_running_loop().create_future()
    crawl = asyncio.create_task(crawler.crawl_async(opened=opened))
    try:
        await asyncio.wait({opened, crawl}, return_when=asyncio.FIRST_COMPLETED)
        if crawl.done():
            crawl.result()
        yield crawler
    finally:
        await crawler.stop_async()
        await crawl


async def download(crawler: Crawler, request: scrapy.Request) -> Response:
    """Fetch through the engine's middlewares and its handler, redirects included.

    Without the engine's queue, slots and signals, which serve a crawl: they are a quarter of the CPU of a fetch
    (`benchmarks/poll`), and each host has its turn with the fetcher already.
    """
    engine = crawler.engine
    assert engine is not None
    downloader = engine.downloader
    while True:
        answer = await downloader.middleware.download_async(downloader.handlers.download_request_async, request)
        if isinstance(answer, Response):
            answer.request = answer.request or request
            return answer
        request = answer


def _quieten() -> None:
    """Keep Scrapy's loggers to warnings, and those that repeat what the settings say on purpose to errors."""
    logging.getLogger("scrapy").setLevel(logging.WARNING)
    for name in ("downloadermiddlewares.redirect", "core.downloader.handlers._base_streaming"):
        # "found no RefererMiddleware", "is experimental": both are our choice.
        logging.getLogger(f"scrapy.{name}").setLevel(logging.ERROR)
