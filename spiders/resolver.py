"""Names looked up in threads of their own: a name server that hangs must not take the threads that storage runs in."""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

#: Look-ups at once; one that hangs holds its thread for the system resolver's own limit, some 10 to 30 seconds.
_THREADS = 32


class Resolver(AbstractResolver):
    """The system's resolver."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="resolver")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of a name, for stream sockets.

        Raises:
            OSError: there are none.
            UnicodeError: it cannot be a name.
        """
        found = await asyncio.get_running_loop().run_in_executor(self._threads, _look_up, host, port, family)
        return [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=port,
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, protocol, _, address in found
        ]

    async def close(self) -> None:
        """Take no more names; a look-up that hangs is left behind."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _look_up(host: str, port: int, family: socket.AddressFamily) -> list[tuple[Any, ...]]:
    try:
        return socket.getaddrinfo(host, port, family, socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    except socket.gaierror:
        raise
    except OSError as error:
        # A name server that refuses us is none; unchanged, it would read as if the host itself had refused.
        raise socket.gaierror(socket.EAI_AGAIN, str(error)) from error
