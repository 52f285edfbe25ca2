"""Failed connections in a sentence: which host, and what it did, as an operator would say it. Pure."""

from __future__ import annotations

import os
import socket
import ssl
from urllib.parse import urlsplit

import aiohttp

#: The longest host that is written out.
_HOST_SHOWN = 80


def no_answer(url: str, error: Exception) -> str:
    """Return why `url` gave no answer, from the error that was raised; its own words name objects."""
    name = shown_host(url)
    if isinstance(error, aiohttp.ClientConnectorError | UnicodeError):
        return f"{name} could not be reached: {_unreached(error)}"
    if isinstance(error, aiohttp.ClientPayloadError):
        return f"{name} broke off in the middle of its answer"
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return f"{name} closed the connection without an answer"
    if isinstance(error, aiohttp.ClientResponseError):
        return f"{name} answered what cannot be read as HTTP"
    if isinstance(error, OSError):
        return f"{name} broke the connection: {_system(error)}"
    return f"{name} gave no answer ({type(error).__name__})"


def late(url: str, seconds: float) -> str:
    """Return that the deadline passed."""
    return f"{shown_host(url)} gave no complete answer within {seconds:g} seconds"


def unreached(error: BaseException) -> bool:
    """Return whether the host itself was out of reach, so that nothing more is to be said of the page asked for."""
    return isinstance(error.__cause__, aiohttp.ClientConnectorError | UnicodeError | TimeoutError)


def shown_host(url: str) -> str:
    """Return the host of a URL with its port, as it is shown to an operator."""
    return urlsplit(url).netloc[:_HOST_SHOWN] or "it"


def _unreached(error: aiohttp.ClientConnectorError | UnicodeError) -> str:
    if isinstance(error, UnicodeError):
        return "it cannot be the name of a host"
    reason: OSError = error.os_error
    if isinstance(reason, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({reason.verify_message.rstrip('.')})"
    if isinstance(reason, ssl.SSLError):
        said = (reason.reason or "no reason given").replace("_", " ").lower()
        return f"it speaks no TLS that we do ({said})"
    if isinstance(reason, socket.gaierror):
        return _unresolved(reason)
    return _system(reason)


def _unresolved(reason: socket.gaierror) -> str:
    if reason.errno == socket.EAI_AGAIN:
        return "no name server answered (DNS); is this machine online?"
    return "no host has this name (DNS)"


def _system(reason: OSError) -> str:
    # Of several addresses that failed in different ways asyncio makes one error without a number.
    return os.strerror(reason.errno).lower() if reason.errno else "none of its addresses answered"
