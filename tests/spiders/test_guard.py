"""The guard: 43 ways to write loopback, and a name that changes its mind."""

from __future__ import annotations

import socket
from contextlib import suppress
from ipaddress import ip_network

import pytest

from facts.errors import SourceError
from spiders.fetcher import Fetcher, FetchSettings, open_fetcher
from spiders.fetching import BodyCap
from spiders.guard import AddressRefused, guarded_socket
from spiders.own_feed import OwnFeed
from tests.rig.corpora import CORPORA
from tests.rig.site import html, open_site, redirect
from tests.spiders.conftest import NOW


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


OTHER_SPELLINGS = (
    *("localhost", "LOCALHOST", "127.1", "0", "0.0.0.0", "127.0.0.2", "2130706433", "0x7f.1", "0177.1", "127.0.0.1."),
    *("[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "x@127.0.0.1", "\u2460\u2461\u2466.\u24ea.\u24ea.\u2460"),
)


async def test_S1_of_loopback_the_own_feed_alone_is_let_through() -> None:
    """By its own letters: no other spelling, path, scheme or port, and no redirect."""
    async with open_site() as own, open_site() as other, open_site("127.0.0.9") as site:
        url = own.serve("/secret/feed.xml", html("<p>own"))
        other.serve("/secret/feed.xml", html("<p>reached"))
        settings = FetchSettings(
            user_agent="x",
            allow_networks=(ip_network("127.0.0.9/32"),),
            allow_ports=frozenset({80, 443, site.port, other.port}),
            own_feed=OwnFeed(url=url),
            deadline=2,
        )
        wrong = [
            *(url.replace("127.0.0.1", host) for host in OTHER_SPELLINGS),
            *(spelled.replace("/canary", "/secret/feed.xml") + "?" for spelled in spellings(own.port)),
            *(url + ending for ending in ("?", "?a=b", "/", "x")),
            own.url("/"),
            own.url("/robots.txt?"),
            other.url("/secret/feed.xml"),
            url.replace("http:", "https:"),
        ]
        async with open_fetcher(settings, lambda: NOW) as fetch:
            answer = await fetch(url, cap=BodyCap.FEED)
            for number, each in enumerate(wrong):
                await attempt(fetch, each)
                await attempt(fetch, site.serve(f"/{number}", redirect(each)))
            await attempt(fetch, site.serve("/led", redirect(url)))

    assert answer.capture is not None
    assert [seen.path for seen in own.log] == ["/robots.txt", "/secret/feed.xml"]
    assert other.log == []


def test_the_own_feed_is_dialled_by_its_very_host_and_port() -> None:
    """Where the socket is made, after DNS."""
    make = guarded_socket((), frozenset({80}), OwnFeed(url="http://127.0.0.1:4321/feed.xml"))
    refused = [("127.0.0.1", 4322), ("127.0.0.1", 80), ("127.0.0.2", 4321), ("0.0.0.0", 4321), ("10.0.0.1", 4321)]

    make((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 4321))).close()
    for address in [*refused, ("8.8.8.8", 4321)]:
        with pytest.raises(AddressRefused):
            make((socket.AF_INET, socket.SOCK_STREAM, 0, "", address))
    for host in ("::1", "::ffff:127.0.0.1"):
        with pytest.raises(AddressRefused):
            make((socket.AF_INET6, socket.SOCK_STREAM, 0, "", (host, 4321, 0, 0)))


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
