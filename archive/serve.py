"""Both web servers inside the running loop; signals belong to the service, not to them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

from facts.errors import ConfigError

#: Seconds that answers under way get to finish when the service stops.
_GRACE = 3
_BACKLOG = 128
_LAST_PORT = 65_535
#: Requests at once, beyond which a server answers 503.
_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """The addresses that answer, as base addresses: "http://127.0.0.1:8080"."""

    app: str
    replay: str


@asynccontextmanager
async def serve(app: ASGIApp, replay_app: ASGIApp, bind: str, replay_bind: str) -> AsyncIterator[Serving]:
    """Serve both apps while the context lasts; a port of 0 takes a free one, read from `Serving`.

    Raises:
        ConfigError: a bind address makes no sense, is not ours, or is taken.
    """
    with _listening(bind, "[web] bind") as first, _listening(replay_bind, "[web] replay_bind") as second:
        servers = (GuestServer(_config(app)), GuestServer(_config(replay_app)))
        tasks = [
            asyncio.create_task(server.serve(sockets=[listener]))
            for server, listener in zip(servers, (first, second), strict=True)
        ]
        try:
            for server in servers:
                await server.ready.wait()
            yield Serving(app=_address(first), replay=_address(second))
        finally:
            for server in servers:
                server.should_exit = True
            await asyncio.gather(*tasks)


class GuestServer(uvicorn.Server):
    """A server that is a guest in somebody else's loop: signals stay with the host."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        #: Set once it answers.
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets)
        self.ready.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 takes a free one.

    Raises:
        OSError: the address is not ours, or is taken.
    """
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=socket.AI_PASSIVE
    )[0]
    # asyncio sends small answers at once only on sockets whose protocol is named; socket.create_server leaves it out,
    # and each answer then waits 40 ms for an acknowledgement.
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
        listener.setblocking(False)
    except OSError:
        listener.close()
        raise
    return listener


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        lifespan="off",
        ws="none",
        http="h11",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_AT_ONCE,
        timeout_graceful_shutdown=_GRACE,
    )


@contextmanager
def _listening(bind: str, where: str) -> Iterator[socket.socket]:
    host, port = parse_bind(bind, where)
    try:
        listener = listen(host, port)
    except OSError as error:
        reason = error.strerror or str(error)
        msg = f"cannot listen on {bind}: {reason}; stop what uses it, or set another address"
        raise ConfigError(msg, where=where) from error
    with listener:
        yield listener


def parse_bind(bind: str, where: str) -> tuple[str, int]:
    """Return host and port of an address such as "127.0.0.1:8080" or "[::1]:8080".

    Raises:
        ConfigError: it is not of this form.
    """
    host, colon, port = bind.rpartition(":")
    name = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    valid = colon and name and (name == host) == (":" not in name) and port.isascii() and port.isdigit()
    if not valid or int(port) > _LAST_PORT:
        msg = f"expected an address such as 127.0.0.1:8080, not {bind!r}"
        raise ConfigError(msg, where=where)
    return name, int(port)


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
