from __future__ import annotations

import errno
import socket

import pytest

from spiders.resolver import Resolver


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), socket.EAI_AGAIN),
        (socket.gaierror(socket.EAI_NONAME, "unknown"), socket.EAI_NONAME),
    ],
)
async def test_a_name_server_that_refuses_is_no_host_that_does(
    monkeypatch: pytest.MonkeyPatch, raised: OSError, code: int
) -> None:
    """What fails in a look-up is told as the look-up's failure."""

    def fail(*_: object, **__: object) -> None:
        raise raised

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    resolver = Resolver()

    with pytest.raises(socket.gaierror) as caught:
        await resolver.resolve("news.example")
    await resolver.close()

    assert caught.value.errno == code
