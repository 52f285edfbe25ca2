"""Hosts as they are read from a header."""

from __future__ import annotations

import pytest
from starlette.types import Receive, Scope, Send

from archive.security import Guard, allowed_hosts, host_name


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("localhost", "localhost"),
        ("LocalHost:8080", "localhost"),
        ("[::1]:8080", "::1"),
        ("archive.newsroom.example:443", "archive.newsroom.example"),
        ("", None),
        ("localhost@evil.example", None),
        ("localhost:80:80", None),
        ("localhost:", None),
        ("local host", None),
        ("localhost\n", None),
        ("[::1", None),
        ("localhost/evil", None),
    ],
)
def test_a_host_is_read_or_refused(value: str, expected: str | None) -> None:
    """Port and brackets are taken off; what is not a host is None."""
    assert expected == host_name(value)


def test_addresses_become_host_names() -> None:
    """A public address, a bind address, and always the loopback names."""
    assert {"archive.newsroom.example", "10.0.0.7", "localhost", "127.0.0.1", "::1"} == allowed_hosts(
        "https://archive.newsroom.example/", "10.0.0.7:8080"
    )


async def test_what_is_no_request_passes_through() -> None:
    """A server's start and stop reach the app."""
    passed: list[str] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        passed.append(scope["type"])

    await Guard(app, headers={}, hosts=())({"type": "lifespan"}, lambda: None, lambda _: None)  # type: ignore[arg-type,return-value]  # not called

    assert passed == ["lifespan"]
