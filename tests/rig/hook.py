"""A webhook's receiver on loopback that does as it is told and keeps a ledger of what arrived."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from aiohttp import web


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How the next request is answered; `drop` and `hang` come after the request was recorded."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    #: What a Slack answer says in `error`, "" for `ok: true`.
    code: str = ""
    #: Close the connection without an answer.
    drop: bool = False
    #: Never answer.
    hang: bool = False
    #: This very body instead of a proper one, with its type.
    body: bytes | None = None
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Loopback:
    """A small HTTP server on 127.0.0.1 whose verdicts are scripted; without any left it says yes."""

    def __init__(self, *, port: int = 0) -> None:
        self._wanted_port = port
        self._script: deque[Verdict] = deque()
        self._runner: web.AppRunner | None = None
        self.port = 0
        self.received: list[Received] = []

    def script(self, *verdicts: Verdict) -> None:
        """Put verdicts in the queue, one for each coming request."""
        self._script.extend(verdicts)

    async def start(self) -> None:
        """Listen."""
        app = web.Application(client_max_size=8 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._wanted_port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.received.append(
            Received(method=request.method, path=request.path_qs, headers=dict(request.headers), body=body)
        )
        verdict = self._script.popleft() if self._script else Verdict()
        answer = self.answer(self.received[-1], verdict)
        if verdict.hang:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.Event().wait(), 30)
        if (verdict.drop or verdict.hang) and request.transport is not None:
            request.transport.abort()
        return answer

    def answer(self, received: Received, verdict: Verdict) -> web.Response:  # noqa: ARG002  a subclass looks at it
        """Return the answer to one request; it is built also when it is then dropped."""
        return web.Response(
            status=verdict.status,
            headers=verdict.headers,
            body=b"{}" if verdict.body is None else verdict.body,
            content_type=verdict.content_type,
        )


class FakeHook(Loopback):
    """A webhook's receiver."""

    @property
    def url(self) -> str:
        """The address to post to."""
        return f"http://127.0.0.1:{self.port}/hook?token=hook-canary"
