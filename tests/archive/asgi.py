"""One request to an ASGI app, path and headers byte for byte as given, with no client to tidy them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from parsel import Selector
from starlette.types import ASGIApp


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def page(self) -> Selector:
        """The body as parsed HTML."""
        return Selector(text=self.text)


async def ask(
    app: ASGIApp,
    target: str,
    *,
    method: str = "GET",
    host: str | None = "localhost:8080",
    answered: Callable[[Answer], None] | None = None,
) -> Answer:
    """Send one request; `host` None leaves the header out, `answered` hears the answer even when the app raises."""
    path, _, query = target.partition("?")
    sent: list[dict[str, Any]] = []

    requests: list[dict[str, Any]] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> dict[str, Any]:
        if requests:
            return requests.pop()
        gone: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        return await gone

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode("utf-8", "replace"),
        "query_string": query.encode("utf-8", "replace"),
        "root_path": "",
        "headers": [(b"host", host.encode("latin-1"))] if host is not None else [],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8080),
    }
    try:
        await app(scope, receive, send)
    finally:
        answer = _answer(sent)
        if answered:
            answered(answer)
    return answer


def _answer(sent: list[dict[str, Any]]) -> Answer:
    start = sent[0]
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in start["headers"]}
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return Answer(status=start["status"], headers=headers, body=body)
