"""What every answer of both origins carries, and what no request gets past: one piece of ASGI middleware."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_COMMON = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
}

#: For our own pages: our style sheet, our pictures, our search form, and nothing else.
APP_HEADERS = {
    **_COMMON,
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "private, no-cache",
}

#: For what strangers wrote: it loads, runs and sends nothing, and is not kept by a browser.
REPLAY_HEADERS = {
    **_COMMON,
    "Content-Security-Policy": "default-src 'none'; form-action 'none'; sandbox",
    "Cache-Control": "no-store",
}

#: What may name a document in an address: an id, or a beginning of one that `Catalogue.snapshot` takes.
SNAPSHOT_ID = re.compile(r"\A[0-9a-f]{6,64}\Z")

_READING = frozenset({"GET", "HEAD"})
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_HOST = re.compile(r"\A(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]+))(?::\d{1,5})?\Z")


def allowed_hosts(*addresses: str) -> frozenset[str]:
    """Return the host names of these addresses ("host:port" or an http(s) address), and the loopback names.

    A page of another name that was made to resolve to us (DNS rebinding) carries that other name, and is refused.
    """
    hosts = (host_name(urlsplit(address).netloc if "://" in address else address) for address in addresses)
    return frozenset((*_LOOPBACK, *(host for host in hosts if host)))


def host_name(value: str) -> str | None:
    """Return the host of a Host header in lower case, without port and brackets, or None for a malformed one."""
    match = _HOST.match(value)
    return (match[1] or match[2]).lower() if match else None


class Guard:
    """Refuses writing methods (405) and foreign hosts (400), and sets the headers on every answer."""

    def __init__(self, app: ASGIApp, *, headers: Mapping[str, str], hosts: Iterable[str]) -> None:
        self._app = app
        self._headers = dict(headers)
        self._hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or pass on one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await (self._refusal(scope) or self._app)(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        if scope["method"] not in _READING:
            return PlainTextResponse("Only GET and HEAD are answered here.\n", 405, {"Allow": "GET, HEAD"})
        hosts = Headers(scope=scope).getlist("host")
        if len(hosts) != 1 or host_name(hosts[0]) not in self._hosts:
            return PlainTextResponse("This host name is not served here; see [web] public_url.\n", 400)
        return None
