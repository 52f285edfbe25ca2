"""The ground of an attack: a site, canaries, the program's parts, and a record of every address that is dialled."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from facts.address import Network
from spiders.fetcher import FetchSettings, open_fetcher
from spiders.follow import follow
from spiders.forking import ForkServer
from spiders.parsing import Parsers
from tests.facts.samples import NOON
from tests.rig.site import open_site
from tests.scheduler.rig import rig
from tests.ssrf.doors import Ground


@dataclass(kw_only=True)
class Canary:
    """Listens on many addresses and remembers who came."""

    port: int
    hits: list[tuple[str, int]] = field(default_factory=list)

    async def hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Note a connection and end it."""
        del reader
        self.hits.append(writer.get_extra_info("sockname")[:2])
        writer.close()

    async def settle(self) -> None:
        """Let those be heard who came and went at once."""
        for _ in range(10):
            await asyncio.sleep(0)


def loopbacks() -> list[str]:
    """Return the addresses of loopback that this machine has."""
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as tried:
            tried.bind(("::1", 0))
    except OSError:
        return ["127.0.0.1"]
    return ["127.0.0.1", "::1"]


@asynccontextmanager
async def open_canary(hosts: Collection[str], port: int = 0) -> AsyncIterator[Canary]:
    """Listen on one port of all these addresses; any free port unless one is named."""
    canary = Canary(port=port)
    servers = []
    try:
        for host in hosts:
            servers.append(await asyncio.start_server(canary.hear, host, canary.port))
            canary.port = servers[0].sockets[0].getsockname()[1]
        yield canary
    finally:
        for server in servers:
            server.close()


@asynccontextmanager
async def open_ground(  # noqa: PLR0913 (each is named at the call)
    folder: Path,
    *,
    host: str,
    port: int = 0,
    allow: tuple[Network, ...],
    ports: Collection[int],
    server: ForkServer | None = None,
) -> AsyncIterator[Ground]:
    """Open a site and all that may ask it; `allow` and `ports` are what the configuration allows beside the rule.

    What is fetched is read by processes of `server`.
    """
    async with open_site(host, port) as site:
        settings = FetchSettings(
            user_agent="x", allow_networks=allow, allow_ports=frozenset({80, 443, *ports, site.port}), deadline=10
        )
        ground: Ground | None = None
        parsers = Parsers(server=server)
        async with open_fetcher(settings, lambda: ground.now if ground else NOON, parsers=parsers) as fetch:
            with rig(folder, {}, fetch=fetch, follow=follow) as made:
                ground = Ground(
                    site=site,
                    fetch=fetch,
                    pipeline=made.pipeline,
                    allow_networks=allow,
                    allow_ports=settings.allow_ports,
                )
                yield ground


@contextmanager
def record_dials(patch: pytest.MonkeyPatch, allowed: Collection[str]) -> Iterator[set[tuple[Any, ...]]]:
    """Collect every address that is dialled during the block, but for those of the site; none of them is reached.

    Every name that is no number leads to loopback, as the name of an attacker would.
    """
    dialled: set[tuple[Any, ...]] = set()
    connect = asyncio.SelectorEventLoop.sock_connect
    look_up = socket.getaddrinfo

    async def sock_connect(self: asyncio.SelectorEventLoop, sock: socket.socket, address: tuple[Any, ...]) -> None:
        if sock.family != socket.AF_UNIX and address[0] not in allowed:
            dialled.add(address)
            raise ConnectionRefusedError
        await connect(self, sock, address)

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> list[Any]:
        try:
            look_up(host, 80, flags=socket.AI_NUMERICHOST)
        except socket.gaierror:
            host = "127.0.0.1"
        return look_up(host, *args, **kwargs)

    with patch.context() as patched:
        patched.setattr(asyncio.SelectorEventLoop, "sock_connect", sock_connect)
        patched.setattr(socket, "getaddrinfo", getaddrinfo)
        yield dialled
