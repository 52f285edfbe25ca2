"""The guard: the engine's download handler, refusing at the socket what the address rule forbids, and cutting bodies.

Every request of the engine goes through it, those for robots.txt and those after a redirect too. What counts is the
address that is dialled, after DNS: a name that resolves differently the second time gains nothing. Scrapy's own handler
for aiohttp has no place for a socket factory, inflates afterwards, and sends an empty body with each GET.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cached_property, lru_cache
from typing import Any

import aiohttp
from aiohttp.typedefs import RawHeaders
from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.ssl import _make_ssl_context

from facts.address import Network, refusal, refusal_of_url
from facts.document import Headers
from facts.errors import Forbidden, SourceError, Unreachable, Unreadable
from spiders.inflate import BadEncoding, Body, TooLarge
from spiders.own_feed import OwnFeed
from spiders.resolver import Resolver
from spiders.trouble import late, no_answer

_MIB = 1024 * 1024

#: Keys of `Request.meta` and of the settings that this handler reads or writes.
DEADLINE = "deadline"
MAX_SIZE = "download_maxsize"
SERVED = "served_headers"
WIRE_BYTES = "wire_bytes"
CLOCK = "PURSESTRINGS_CLOCK"
ALLOW_NETWORKS = "PURSESTRINGS_ALLOW_NETWORKS"
ALLOW_PORTS = "PURSESTRINGS_ALLOW_PORTS"
OWN_FEED = "PURSESTRINGS_OWN_FEED"

# Some sites send more and longer headers than aiohttp's defaults of 128 and 8 kB (docs/sources.md).
_MAX_HEADERS = 1000
_MAX_HEADER_SIZE = 64 * 1024
#: All of them together, in bytes: each answer's are kept with its capture.
_MAX_HEADERS_SIZE = 256 * 1024
#: What stands around a header's name and value on the wire: ": " and the end of the line.
_AROUND = len(": \r\n")

_AddressInfo = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[Any, ...]]


class AddressRefused(OSError):
    """The address rule forbids dialling this address.

    An OSError, so that of a name's several addresses a public one may still be dialled. All have the same words, so
    that the connector raises the first of them unchanged when every address was refused.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(errno.EACCES, "refused by the address rule")
        self.reason = reason


def guarded_socket(
    allow: tuple[Network, ...], ports: frozenset[int], own: OwnFeed | None = None
) -> Callable[[_AddressInfo], socket.socket]:
    """Return a socket factory that refuses what may not be dialled; `own` is let through, its very host and port."""

    def make(info: _AddressInfo) -> socket.socket:
        family, kind, protocol, _, (host, port, *_) = info
        is_own = own is not None and (host, port) == own.address
        reason = None if is_own else refusal(host, allow)
        if reason is None and not is_own and port not in ports:
            reason = f"port {port} is not among allow_ports"
        if reason is not None:
            raise AddressRefused(reason)
        return socket.socket(family, kind, protocol)

    return make


class Deadline:
    """The end of one fetch: every transfer that is made for it ends with it.

    The engine does not stop a transfer whose caller has gone away, and its host would stay busy for as long.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._at = asyncio.get_running_loop().time() + seconds
        self._transfers: set[asyncio.Timeout] = set()

    @asynccontextmanager
    async def transfer(self) -> AsyncIterator[None]:
        """Hold a transfer to the deadline; raises TimeoutError."""
        async with asyncio.timeout_at(self._at) as limit:
            self._transfers.add(limit)
            try:
                yield
            finally:
                self._transfers.discard(limit)

    def end(self) -> None:
        """End what is under way, and all that would still begin."""
        self._at = asyncio.get_running_loop().time()
        for limit in self._transfers:
            limit.reschedule(self._at)


class GuardedHandler(BaseDownloadHandler):
    """The one way out of the engine, for http and https; in place of Scrapy's own aiohttp handler."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self._ports = frozenset(settings[ALLOW_PORTS])
        self._own: OwnFeed | None = settings[OWN_FEED]
        self._resolver = Resolver()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=self._resolver,
                limit=settings.getint("CONCURRENT_REQUESTS"),
                limit_per_host=settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"),
                socket_factory=guarded_socket(settings[ALLOW_NETWORKS], self._ports, self._own),
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
            timeout=aiohttp.ClientTimeout(total=None),
            max_headers=_MAX_HEADERS,
            max_line_size=_MAX_HEADER_SIZE,
            max_field_size=_MAX_HEADER_SIZE,
        )

    @cached_property
    def _verified(self) -> ssl.SSLContext:
        """Made when it is first needed: it takes 40 ms to read the system's certificates."""
        return _make_ssl_context(self.crawler.settings)

    async def download_request(self, request: Request) -> Response:
        """Fetch one hop.

        Raises:
            Forbidden: the address rule.
            Unreachable: no answer, or not all of it before the deadline.
            Unreadable: the body is over the cap, or not in its encoding.
        """
        # Nothing leads there but the fetcher itself: a redirect is somebody else's wish.
        own = None if request.meta.get("redirect_times") else self._own
        reason = refused(request.url, self._ports, own)
        if reason is not None:
            raise not_fetched(request.url, reason)
        cap: int = request.meta[MAX_SIZE]
        deadline: Deadline = request.meta[DEADLINE]
        try:
            async with deadline.transfer():
                return await self._exchange(request, cap)
        except TimeoutError as error:
            raise Unreachable(late(request.url, deadline.seconds), url=request.url) from error
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError) as error:
            raise not_fetched(request.url, "it is not a URL") from error
        except aiohttp.ClientResponseError as error:
            # aiohttp has one error for every answer that it cannot read, and only words to tell them apart.
            if error.message.startswith(("Too many headers", "Got more than")):
                raise _too_many_headers(request.url) from error
            raise _no_answer(request.url, error) from error
        except (aiohttp.ClientError, UnicodeError) as error:
            raise _no_answer(request.url, error) from error
        except TooLarge as error:
            msg = f"the body is longer than the cap of {cap / _MIB:g} MiB"
            raise Unreadable(msg, url=request.url) from error
        except BadEncoding as error:
            raise Unreadable(str(error), url=request.url) from error

    async def _exchange(self, request: Request, cap: int) -> Response:
        async with self._session.request(
            request.method,
            request.url,
            # None, not b"": a GET has no body, and no Content-Length of 0 either.
            data=request.body or None,
            headers=request.headers.to_tuple_list(),
            ssl=self._verified if request.url.startswith("https:") else True,
            allow_redirects=False,
        ) as answer:
            size = _head_size(answer)
            request.meta[WIRE_BYTES] = request.meta.get(WIRE_BYTES, 0) + size
            if size > _MAX_HEADERS_SIZE:
                raise _too_many_headers(request.url)
            headers = request.meta[SERVED] = served_headers(answer.raw_headers)
            body = await self._read(answer, request, cap)
            return Response(request.url, status=answer.status, headers=headers, body=body)

    async def _read(self, answer: aiohttp.ClientResponse, request: Request, cap: int) -> bytes:
        if (answer.content_length or 0) > cap:
            raise TooLarge
        body = Body(",".join(answer.headers.getall("Content-Encoding", [])), cap)
        received = 0
        async for chunk in answer.content.iter_any():
            received += len(chunk)
            request.meta[WIRE_BYTES] = request.meta.get(WIRE_BYTES, 0) + len(chunk)
            if received > cap:
                raise TooLarge
            body.feed(chunk)
        return body.close()

    async def close(self) -> None:
        """Close every connection."""
        await self._session.close()
        await self._resolver.close()


def _no_answer(url: str, error: Exception) -> SourceError:
    refused = getattr(error, "os_error", None)
    if isinstance(refused, AddressRefused):
        return not_fetched(url, f"{refused.reason}; if this is meant, add its network to allow_networks of [fetch]")
    return Unreachable(no_answer(url, error), url=url)


def _head_size(answer: aiohttp.ClientResponse) -> int:
    """Return the bytes of the status line and the headers, as they came but for odd spaces."""
    status = len(f"HTTP/1.1 {answer.status} {answer.reason}\r\n\r\n")
    return status + sum(len(name) + len(value) + _AROUND for name, value in answer.raw_headers)


def _too_many_headers(url: str) -> Unreadable:
    msg = f"its headers are more than {_MAX_HEADERS}, or longer than {_MAX_HEADERS_SIZE // 1024} KiB"
    return Unreadable(msg, url=url)


def refused(url: str, ports: frozenset[int], own: OwnFeed | None) -> str | None:
    """Return why this URL may not be fetched by its looks alone, or None."""
    return None if own is not None and url in own.urls else _by_looks(url, ports)


@lru_cache(maxsize=4096)  # asked of the same addresses, twice a fetch
def _by_looks(url: str, ports: frozenset[int]) -> str | None:
    return refusal_of_url(url, ports)


def not_fetched(url: str, reason: str) -> Forbidden:
    """Return the refusal in words."""
    return Forbidden(f"{url[:200]!r} is not fetched: {reason}", url=url)


def served_headers(raw: RawHeaders) -> Headers:
    """Return the headers as served, in order."""
    return tuple((_text(name), _text(value)) for name, value in raw)


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
