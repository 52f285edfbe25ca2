"""The guard: 43 ways to write loopback, and a name that changes its mind."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from ipaddress import ip_network
from pathlib import Path

import pytest

from facts.errors import SourceError
from spiders.fetcher import Fetcher, FetchSettings, open_fetcher
from spiders.fetching import BodyCap
from spiders.guard import AddressRefused, guarded_socket
from tests.rig.site import html, open_site, redirect
from tests.spiders.conftest import NOW

CORPORA = Path(os.environ.get("PURSESTRINGS_CORPORA", Path(__file__).parents[3] / "shared" / "corpora"))


def spellings(port: int) -> list[str]:
    """Return the ways to write loopback as addresses with this port."""
    path = CORPORA / "loopback-hosts.txt"
    if not path.exists():
        pytest.skip("43 spellings of loopback: loopback-hosts.txt is not there (PURSESTRINGS_CORPORA)")
    hosts = [line.replace("38509", str(port)) for line in path.read_text(encoding="utf-8").splitlines() if line]
    assert len(hosts) == 43
    return [f"http://{host}/canary" if f":{port}" in host else f"http://{host}:{port}/canary" for host in hosts]


async def attempt(fetch: Fetcher, url: str) -> None:
    with pytest.raises(SourceError):
        await fetch(url, cap=BodyCap.PAGE)


async def test_S1_no_spelling_of_loopback_reaches_a_canary() -> None:
    """Directly, through a redirect, and through the redirect of a robots.txt: 0 requests."""
    async with open_site("0.0.0.0") as canary, open_site("127.0.0.9") as site:
        canary.serve("/canary", html("<p>reached"))
        # The redirecting site is the one address of loopback that may be dialled.
        settings = FetchSettings(
            user_agent="x",
            allow_networks=(ip_network("127.0.0.9/32"),),
            allow_ports=frozenset({80, 443, canary.port, site.port}),
            deadline=2,
        )
        async with open_fetcher(settings, lambda: NOW) as fetch:
            for number, url in enumerate(spellings(canary.port)):
                await attempt(fetch, url)
                await attempt(fetch, site.serve(f"/{number}", redirect(url)))
                site.serve("/robots.txt", redirect(url))

        assert canary.log == []
        assert len([seen for seen in site.log if seen.path != "/robots.txt"]) == 43


async def test_many_spellings_reach_the_canary_when_its_network_is_allowed() -> None:
    """Otherwise the test above would prove nothing."""
    async with open_site() as canary:
        canary.serve("/canary", html("<p>reached"))
        settings = FetchSettings(
            user_agent="x",
            allow_networks=(ip_network("127.0.0.0/8"), ip_network("0.0.0.0/8")),
            allow_ports=frozenset({80, canary.port}),
            deadline=2,
        )
        async with open_fetcher(settings, lambda: NOW) as fetch:
            for url in spellings(canary.port):
                with suppress(SourceError):
                    await fetch(url, cap=BodyCap.PAGE)

        assert len(canary.asked("/canary")) >= 10


def test_the_address_is_judged_where_it_is_dialled() -> None:
    """The socket is refused by its number, whatever name led to it, and by its port."""
    make = guarded_socket((), frozenset({80}))

    with pytest.raises(AddressRefused) as raised:
        make((socket.AF_INET, socket.SOCK_STREAM, 0, "public.example.org", ("127.0.0.1", 80)))
    assert "loopback" in raised.value.reason
    with pytest.raises(AddressRefused) as raised:
        make((socket.AF_INET6, socket.SOCK_STREAM, 0, "", ("fe80::1%lo", 80, 0, 1)))
    assert "link-local" in raised.value.reason
    with pytest.raises(AddressRefused) as raised:
        make((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("8.8.8.8", 22)))
    assert "port 22" in raised.value.reason
    make((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("8.8.8.8", 80))).close()
