"""The invented web on loopback."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from archive.serve import GuestServer, listen
from pursestrings.demo.world import World, answer

_HOST: Final = "127.0.0.1"
_KEPT_ANSWERS: Final = 1024
#: When nothing was published.
_BEFORE: Final = datetime.min.replace(tzinfo=UTC)


@asynccontextmanager
async def serve_world(world: World, now: Callable[[], datetime], port: int = 0) -> AsyncIterator[str]:
    """Serve the world as it is at `now()`, asked at each request; yields the base URL, "http://127.0.0.1:PORT".

    Raises:
        OSError: the port is taken.
    """
    listener = listen(_HOST, port)
    base = f"http://{_HOST}:{listener.getsockname()[1]}"
    config = uvicorn.Config(
        _application(world, now, base), log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1
    )
    server = GuestServer(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield base
    finally:
        server.should_exit = True
        await serving


def _application(world: World, now: Callable[[], datetime], base: str) -> Starlette:
    moments = [each.at for each in world.publications]

    # Between two publications nothing changes, so an answer is made once for all that time.
    @lru_cache(maxsize=_KEPT_ANSWERS)
    def made(target: str, moment: datetime) -> tuple[int, dict[str, str], bytes]:
        return answer(world, target, moment, base=base)

    async def respond(request: Request) -> Response:
        past = bisect_right(moments, now())
        target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        status, headers, body = made(target, moments[past - 1] if past else _BEFORE)
        if is_current(request.headers, headers):
            return Response(status_code=304, headers=headers)
        return Response(body, status_code=status, headers=headers)

    return Starlette(routes=[Route("/{path:path}", respond)])


def is_current(asked: Mapping[str, str], served: Mapping[str, str]) -> bool:
    """Say whether a conditional request's validators name what is served now; the entity tag wins over the date."""
    if "if-none-match" in asked:
        return served.get("ETag") in [tag.strip() for tag in asked["if-none-match"].split(",")]
    return "Last-Modified" in served and asked.get("if-modified-since") == served["Last-Modified"]
