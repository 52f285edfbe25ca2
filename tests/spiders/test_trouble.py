"""Failed connections in words: the host, and what it did, with nothing of the library's own in it."""

from __future__ import annotations

import errno
import socket

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey

from facts.errors import Unreachable
from spiders.trouble import late, no_answer, unreached

URL = "http://news.example:81/feed?key=1"
KEY = ConnectionKey(
    host="news.example",
    port=81,
    is_ssl=False,
    ssl=True,
    proxy=None,
    proxy_auth=None,
    proxy_headers_hash=None,
    server_hostname=None,
)


def dns(number: int) -> Exception:
    return aiohttp.ClientConnectorDNSError(KEY, socket.gaierror(number, "x"))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (dns(socket.EAI_NONAME), "could not be reached: no host has this name (DNS)"),
        (dns(socket.EAI_AGAIN), "could not be reached: no name server answered (DNS); is this machine online?"),
        (aiohttp.ClientConnectorError(KEY, OSError("Multiple exceptions: [Errno 111], [Errno 13]")),
         "could not be reached: none of its addresses answered"),
        (aiohttp.ClientConnectorError(KEY, OSError(errno.ENETUNREACH, "x")),
         "could not be reached: network is unreachable"),
        (aiohttp.ClientOSError(errno.ECONNRESET, "x"), "broke the connection: connection reset by peer"),
        (aiohttp.ServerDisconnectedError(), "closed the connection without an answer"),
        (aiohttp.ClientPayloadError("<object at 0x1>"), "broke off in the middle of its answer"),
        (aiohttp.ClientError("<object at 0x1>"), "gave no answer (ClientError)"),
        (UnicodeError("label too long"), "could not be reached: it cannot be the name of a host"),
    ],
)  # fmt: skip
def test_each_failure_is_one_sentence_with_the_host(error: Exception, words: str) -> None:
    """Not the address, whose query may hold a key."""
    assert f"news.example:81 {words}" == no_answer(URL, error)


def test_a_deadline_names_its_seconds() -> None:
    """Without a trailing zero."""
    assert late(URL, 30.0) == "news.example:81 gave no complete answer within 30 seconds"


def test_a_host_out_of_reach_is_told_from_a_broken_page() -> None:
    """Only of the latter there is more to say."""
    told = {}
    for cause in (dns(socket.EAI_NONAME), TimeoutError(), aiohttp.ServerDisconnectedError()):
        error = Unreachable("x")
        error.__cause__ = cause
        told[type(cause)] = unreached(error)

    assert list(told.values()) == [True, True, False]
