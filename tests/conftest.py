"""What holds for every test."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

from spiders.forking import ForkServer

# A time says more of the machine than of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def fork_server() -> Iterator[ForkServer]:
    """One for all tests: its start costs as much as most of them."""
    server = ForkServer()
    yield server
    server.close()


@pytest.fixture(scope="session", autouse=True)
def no_name_server() -> Iterator[None]:
    """No test asks a name server: some answer every name, and what is looked up leaves the machine."""
    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, *rest: Any, **named: Any) -> Any:
        if not host or host == "localhost" or _is_address(host):
            return look_up(host, *rest, **named)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", getaddrinfo)
        yield


def _is_address(host: str | bytes) -> bool:
    try:
        ipaddress.ip_address(host.decode() if isinstance(host, bytes) else host)
    except ValueError:
        return False
    return True
