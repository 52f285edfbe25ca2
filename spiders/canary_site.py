"""The canary's own site: a feed of one invented letter on loopback, whose text changes each interval.

It is read as any feed of the web is: through the guarded fetcher, in a child process, over a socket.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus

from facts.canary import CANARY, published_at
from facts.errors import PursestringsError
from facts.visit import Harvest, Remembered
from spiders import feed
from spiders.fetching import Fetch
from spiders.own_feed import OwnFeed

#: The address the letter is archived under. Nobody can be asked for it (RFC 6761, section 6.4), and nobody is.
LETTER_URL = "https://canary.invalid/letter"
#: The longest time until the feed is looked at again, so that another interval in the configuration is soon kept to.
LONGEST_WAIT = timedelta(minutes=10)

_HOST = "127.0.0.1"
_ROBOTS = "/robots.txt"
_LONGEST_HEAD = 16 * 1024
#: Seconds that a request and its answer may take.
_PATIENCE = 10.0
#: Ports that are tried until one is not among those that may be dialled anyway.
_TRIES = 100
# The conditions are what the classifier looks for, the first paragraph is for whoever opens it in the archive.
_LETTER = """\
<p>This is a test of the bot that watches for such letters. Nobody sent this letter, and no city received it. \
It was published at {hour}.</p>
<p>The Justice Department sent a letter to the city of Canary Falls, Calif., warning that it will lose its Byrne JAG \
grant unless it gives immigration agents access to its jails and 48 hours notice before it releases people wanted by \
ICE. The city must certify its compliance within 30 days or its federal funding will be withheld.</p>"""
_FEED = """\
<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>Canary</title><link>https://canary.invalid/</link>
<description>A test of the bot.</description>
<item><title>A test of the bot: the Justice Department warns Canary Falls, {hour}</title><link>{url}</link>
<guid isPermaLink="false">canary</guid><pubDate>{date}</pubDate>
<description><![CDATA[{letter}]]></description></item></channel></rss>
"""


class CanarySpider:
    """Reads the canary's feed, as the spider of every feed does."""

    def __init__(self, url: str) -> None:
        self._feed = feed.Spider(source=CANARY, settings=feed.Settings(url=url), places=())

    async def visit(self, fetch: Fetch, memory: Mapping[str, Remembered], now: datetime) -> Harvest:
        """Look at the feed once; nothing is remembered of it, since each run of the service has another address.

        Raises:
            SourceError: it could not be fetched, or is no feed.
        """
        del memory
        return replace(await self._feed.visit(fetch, {}, now), remembered=())


def canary_feed(now: datetime, every: timedelta) -> bytes:
    """Return the feed as it is published at this time."""
    published = published_at(now, every)
    hour = f"{published:%H:%M} UTC on {published:%Y-%m-%d}"
    letter = _LETTER.format(hour=hour)
    return _FEED.format(hour=hour, url=LETTER_URL, date=format_datetime(published), letter=letter).encode()


@asynccontextmanager
async def open_canary_site(
    every: timedelta, clock: Callable[[], datetime], taken: Collection[int]
) -> AsyncIterator[OwnFeed]:
    """Publish on a free port of loopback, none of those in `taken`, until the block ends.

    Raises:
        PursestringsError: there is no such port.
    """
    # Nobody but this process can know it, so nobody can lead another source here.
    path = f"/{secrets.token_hex(16)}/feed.xml"

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                async with asyncio.timeout(_PATIENCE):
                    head = await reader.readuntil(b"\r\n\r\n")
                    writer.write(_answer(head, path, every, clock()))
                    await writer.drain()
        finally:
            writer.close()

    server = await _listen(serve, taken)
    port = server.sockets[0].getsockname()[1]
    try:
        yield OwnFeed(url=f"http://{_HOST}:{port}{path}")
    finally:
        server.close()


async def _listen(
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]], taken: Collection[int]
) -> asyncio.Server:
    try:
        for _ in range(_TRIES):
            server = await asyncio.start_server(serve, _HOST, 0, limit=_LONGEST_HEAD)
            if server.sockets[0].getsockname()[1] not in taken:
                return server
            server.close()
    except OSError as error:
        msg = f"the canary cannot listen on {_HOST} ({error}); free a port, or set enabled = false under [canary]"
        raise PursestringsError(msg) from error
    msg = f"the canary finds no port on {_HOST} that is not among allow_ports; shorten allow_ports under [fetch]"
    raise PursestringsError(msg)


def _answer(head: bytes, path: str, every: timedelta, now: datetime) -> bytes:
    asked = head.split(b"\r\n", 1)[0].split(b" ")
    get, target = asked[0] == b"GET", asked[1].decode("latin-1") if len(asked) > 1 else ""
    if get and target == path:
        return _response(
            HTTPStatus.OK, "application/rss+xml; charset=utf-8", canary_feed(now, every), _wait(now, every)
        )
    if get and target == _ROBOTS:
        return _response(HTTPStatus.OK, "text/plain", b"User-agent: *\nAllow: /\n", 0)
    return _response(HTTPStatus.NOT_FOUND, "text/plain", b"", 0)


def _wait(now: datetime, every: timedelta) -> int:
    """Return the seconds until there is something new, or until it should be looked whether there is."""
    left = published_at(now, every) + every - now
    return int(-(-min(left, LONGEST_WAIT) // timedelta(seconds=1)))


def _response(status: HTTPStatus, media_type: str, body: bytes, max_age: int) -> bytes:
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: {media_type}\r\n"
        f"Content-Length: {len(body)}\r\nCache-Control: max-age={max_age}\r\nConnection: close\r\n\r\n"
    )
    return head.encode("latin-1") + body
