"""Dialling: how alerts leave this machine. The address rule is applied to the address that is really dialled.

Every channel that speaks over the network opens its sockets here, so a name that resolves to a private address, or a
redirect, reaches nothing.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorError,
    ClientError,
    ClientMiddlewareType,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    InvalidURL,
    TCPConnector,
)

from alerts.delivery import ANSWER_LOST, LONGEST_RETRY_AFTER
from facts.address import Network, refusal, refusal_of_url
from facts.errors import DeliveryError, DeliveryLater, DeliveryRefused

#: Seconds to wait for a connection; the whole exchange has the channel's own time.
CONNECT_TIMEOUT = 10.0

#: What getaddrinfo returns: family, kind, protocol, canonical name, address.
AddressInfo = tuple[int, int, int, str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DialRule:
    """Where one channel may connect to: public addresses and the networks allowed by name, on the allowed ports."""

    channel: str
    allow_networks: tuple[Network, ...]
    allow_ports: Collection[int]

    def check_url(self, url: str) -> None:
        """Refuse a URL by its looks: its scheme, credentials in it, its port.

        Raises:
            DeliveryRefused: with what to change; the URL itself may be a secret and is not repeated.
        """
        reason = refusal_of_url(url, self.allow_ports)
        if reason:
            msg = f"the channel's address is not used: {reason}; correct it, or fetch.allow_ports, in the configuration"
            raise DeliveryRefused(msg, channel=self.channel)

    def open_socket(self, info: AddressInfo) -> socket.socket:
        """Make the socket for one resolved address.

        Raises:
            PermissionError: the address or the port is not to be dialled; the text says why and what to do.
        """
        family, kind, protocol, _, (ip, port, *_) = info
        reason = refusal(ip.partition("%")[0], self.allow_networks)
        if reason:
            msg = f"{reason}; if this is meant, add its network to fetch.allow_networks"
            raise PermissionError(errno.EACCES, msg)
        if port not in self.allow_ports:
            raise PermissionError(errno.EACCES, f"port {port} is not among fetch.allow_ports; if it is meant, add it")
        return socket.socket(family, kind, protocol)

    async def dial(self, host: str, port: int) -> socket.socket:
        """Return a socket connected to the first address of the host that may be dialled and answers.

        Raises:
            OSError: no address answered; PermissionError when the rule refused every one.
        """
        loop = asyncio.get_running_loop()
        refused: OSError | None = None
        silent: OSError | None = None
        for info in await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            try:
                return await _connect(loop, self.open_socket(info), info[4])
            except PermissionError as error:
                refused = error
            except OSError as error:
                silent = error
        raise silent or refused or OSError(f"{host} has no address")

    def session(self, *, timeout: float, middlewares: Sequence[ClientMiddlewareType] = ()) -> ClientSession:
        """Return an HTTP session whose every connection obeys the rule; needs a running loop.

        No proxy from the environment (it would hide the target from the rule), no cookies, and a connection for each
        message: one that idled away would lose a message and not say whether it arrived.
        """
        return ClientSession(
            connector=TCPConnector(socket_factory=self.open_socket, force_close=True, happy_eyeballs_delay=None),
            timeout=ClientTimeout(total=timeout, sock_connect=CONNECT_TIMEOUT),
            cookie_jar=DummyCookieJar(),
            trust_env=False,
            middlewares=middlewares,
        )


def trouble(channel: str, error: ClientError | OSError) -> DeliveryError:
    """Return what a failed exchange means for the message: try later, or never while the rule refuses the address.

    Once connected, a failure leaves it open whether the message arrived. The error's own text can hold a secret URL
    and is not repeated, but for the operating system's reason.
    """
    if isinstance(error, ClientConnectorCertificateError):
        return DeliveryLater("the server's certificate is not trusted; nothing was sent", channel=channel)
    if isinstance(error, ClientConnectorError):
        reason = error.os_error
        if isinstance(reason, PermissionError):
            return DeliveryRefused(reason.strerror or "not to be dialled", channel=channel)
        return DeliveryLater(f"no connection ({reason.strerror or type(reason).__name__})", channel=channel)
    if isinstance(error, InvalidURL):
        return DeliveryRefused("the channel's address is not one; correct it in the configuration", channel=channel)
    if isinstance(error, ConnectionTimeoutError):
        return DeliveryLater(f"no connection within {CONNECT_TIMEOUT:.0f} seconds", channel=channel)
    msg = f"{ANSWER_LOST} ({type(error).__name__}); the message may have arrived and is sent again"
    return DeliveryLater(msg, channel=channel, in_doubt=True)


def judge_status(channel: str, status: int, retry_after: str | None, now: datetime) -> DeliveryError | None:
    """Return what an HTTP status means for the message, None for success."""
    if status in range(200, 300):
        return None
    if status in (408, 425, 429) or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        wait = seconds_named(retry_after, now)
        return DeliveryLater(f"the server answered {status}", channel=channel, retry_after=wait)
    if status in range(300, 400):
        msg = f"the server answered {status}, a redirect, which is not followed; configure the final address"
        return DeliveryRefused(msg, channel=channel)
    msg = f"the server answered {status}; check the address and what it expects"
    return DeliveryRefused(msg, channel=channel)


def seconds_named(retry_after: str | None, now: datetime) -> float | None:
    """Return the seconds a Retry-After header names (RFC 9110, section 10.2.3), at most an hour.

    None when it names no time to come: missing, past, zero or nonsense; then the back-off decides.
    """
    value = (retry_after or "").strip()
    if value.isascii() and value.isdigit():
        # Twelve digits are past any cap; more would be a number too long to read.
        seconds = float(value[:12])
    else:
        try:
            seconds = (parsedate_to_datetime(value) - now).total_seconds()
        except (ValueError, TypeError, OverflowError):
            return None
    return min(seconds, LONGEST_RETRY_AFTER) if seconds > 0 else None


async def _connect(loop: asyncio.AbstractEventLoop, sock: socket.socket, address: tuple[Any, ...]) -> socket.socket:
    try:
        sock.setblocking(False)
        async with asyncio.timeout(CONNECT_TIMEOUT):
            await loop.sock_connect(sock, address)
    except BaseException:
        sock.close()
        raise
    return sock


def agent(bot_name: str) -> str:
    """Return the User-Agent of a channel: header values are latin-1, and a bot may be named in any script."""
    return f"Pursestrings ({bot_name.encode('ascii', 'replace').decode()})"
