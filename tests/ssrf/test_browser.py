"""S1 in the browser: a page that tries every door of Chromium reaches nothing but what the guarded fetch allows."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_network

import pytest

import spiders.chromium
from spiders.browser import Rendered
from spiders.fetcher import FetchSettings, open_fetcher
from spiders.fetching import BodyCap
from tests.rig.browser import NOW, browser, needs_chromium
from tests.rig.site import Reply, Site, open_site
from tests.ssrf.ground import Canary, loopbacks, open_canary
from tests.ssrf.hostile_page import hostile

SITE = "127.0.0.9"
WORDS = Reply(headers=(("Content-Type", "text/plain"),), body=b"that was all")


@dataclass
class Datagrams(asyncio.DatagramProtocol):
    """A port of UDP, and what came there."""

    port: int = 0
    hits: list[bytes] = field(default_factory=list)

    def datagram_received(self, data: bytes, addr: object) -> None:
        """Note a datagram."""
        del addr
        self.hits.append(data)


@asynccontextmanager
async def open_datagrams() -> AsyncIterator[Datagrams]:
    """Listen on a free port of loopback."""
    transport, heard = await asyncio.get_running_loop().create_datagram_endpoint(Datagrams, ("127.0.0.1", 0))
    heard.port = transport.get_extra_info("sockname")[1]
    try:
        yield heard
    finally:
        transport.close()


async def attack(site: Site, canary: Canary, heard: Datagrams, *networks: str) -> str:
    """Show the hostile page with these networks open to the fetch; return what it showed at its end."""
    site.serve("/end", WORDS)
    url = site.serve("/", hostile(canary.port, heard.port, "/end"))
    settings = FetchSettings(
        user_agent="x",
        allow_networks=tuple(ip_network(network) for network in networks),
        allow_ports=frozenset({80, 443, site.port, canary.port}),
    )
    async with open_fetcher(settings, lambda: NOW) as fetch:
        answer = await Rendered(inner=fetch, browser=browser(), wait_for="#done")(url, cap=BodyCap.PAGE)
    await canary.settle()
    assert answer.capture is not None
    assert answer.final_url == url
    shown = re.search(rb'<p id="done">(\d+) ([^<]*)</p></main>', answer.capture.body)
    assert shown is not None
    return shown[0].decode()


@needs_chromium
async def test_S1_a_page_in_the_browser_reaches_nothing_that_the_fetch_refuses() -> None:
    """58 tries of scripts (requests, sockets, workers, peers, windows, navigations) and 22 of markup: nothing comes."""
    async with open_site(SITE) as site, open_canary(loopbacks()) as canary, open_datagrams() as heard:
        shown = await attack(site, canary, heard, f"{SITE}/32")

    assert (canary.hits, heard.hits) == ([], [])
    assert [(seen.method, seen.path) for seen in site.log if seen.path != "/robots.txt"] == [
        ("GET", "/"),
        ("GET", "/end"),
    ]
    assert shown == '<p id="done">58 that was all</p></main>'


@needs_chromium
@pytest.mark.nightly
async def test_the_page_would_reach_them_if_it_were_let(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the test above would prove nothing: with the network open to it, it knocks by TCP and by UDP."""
    monkeypatch.setattr(spiders.chromium, "_ARGUMENTS", ())
    monkeypatch.setattr(spiders.chromium, "_NO_PROXY", "direct://")
    async with open_site(SITE) as site, open_canary(loopbacks()) as canary, open_datagrams() as heard:
        await attack(site, canary, heard, "127.0.0.0/8")

    assert canary.hits
    assert heard.hits
