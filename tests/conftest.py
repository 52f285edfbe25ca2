"""What holds for every test."""

from __future__ import annotations

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
        if host and host != "localhost":
            # Raises for what is no number.
            look_up(host, None, flags=socket.AI_NUMERICHOST)
        return look_up(host, *rest, **named)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", getaddrinfo)
        yield
