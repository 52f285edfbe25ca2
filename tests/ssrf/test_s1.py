"""S1: no address that strangers wrote leads into this machine or its network, at any door, in any way."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from facts.address import refusal
from facts.errors import SourceError
from spiders.canary_site import open_canary_site
from spiders.fetcher import FetchSettings, open_fetcher
from spiders.fetching import BodyCap
from spiders.forking import ForkServer
from spiders.guard import AddressRefused, guarded_socket
from spiders.own_feed import OwnFeed
from tests.facts.samples import NOON
from tests.rig.site import Reply, open_site, redirect
from tests.spiders.test_guard import spellings
from tests.ssrf import doors
from tests.ssrf.doors import FULL, OTHERS, STATUSES, Entry, Ground, knock, page_naming
from tests.ssrf.enclosed import PUBLIC
from tests.ssrf.ground import loopbacks, open_canary, open_ground, record_dials
from tests.ssrf.targets import made_up, own_forms

SITE = "127.0.0.9"
MADE_UP = 200
#: Which ways lead through a door where all of them may be dialled: the address itself, redirects by 301, 302, 303, 307
#: and 308, a page that refreshes, and what names the address in the door's own format.
LEADS: dict[Entry, str] = {
    doors.feed_poll: "++++++-+",
    doors.followed_page: "++++++++",
    # A sitemap speaks for its own host alone.
    doors.sitemap_child: "-+++++--",
    doors.followed_letter: "++++++--",
    doors.robots_txt: "++++++--",
    doors.register_text: "++++++--",
    doors.bulletin_link: "++++++++",
    # A question is carried to no other host, and a message and a mail to none but the configured one.
    doors.grants_question: "+-------",
    doors.past_of_a_feed: "++++++--",
    doors.past_of_a_sitemap: "-+++++--",
    doors.second_look: "++++++--",
    doors.probed_candidate: "++++++--",
    doors.webhook: "+-------",
    doors.mail_host: "+-------",
}


def ways(ground: Ground, url: str, naming: Callable[[str], Reply]) -> Iterator[str]:
    """Yield where a door is sent so that it ends at `url`."""
    yield url
    for status in STATUSES:
        yield ground.serve(redirect(url, status))
    yield ground.serve(page_naming(url))
    yield ground.serve(naming(url))


async def attack(ground: Ground, door: Entry, port: int) -> int:
    """Try everything at one door; return how many addresses were tried."""
    tried = [*spellings(port), *own_forms(port)]
    if door in FULL:
        tried += [way for url in spellings(port) for way in list(ways(ground, url, FULL[door]))[1:]]
        tried += made_up(port, MADE_UP)
    elif LEADS[door][2] == "+":
        tried += [ground.serve(redirect(url)) for url in spellings(port)]
    for url in tried:
        await knock(ground, door, url)
    return len(tried)


@pytest.mark.parametrize("door", LEADS, ids=lambda door: door.__name__)
async def test_S1_nothing_but_the_site_is_dialled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fork_server: ForkServer, door: Entry
) -> None:
    """Over all doors 4,101 tries, 662 of them at each of three, and no address but the site's is even dialled."""
    network = (ip_network(f"{SITE}/32"),)
    async with (
        open_canary(loopbacks()) as canary,
        open_ground(tmp_path, host=SITE, allow=network, ports=[canary.port], server=fork_server) as ground,
    ):
        with record_dials(monkeypatch, {SITE}) as dialled:
            tried = await attack(ground, door, canary.port)

    assert (dialled, canary.hits) == (set(), [])
    assert tried >= (43 * 8 + MADE_UP if door in FULL else 43 + 100)


@pytest.mark.parametrize("door", [*FULL, *OTHERS], ids=lambda door: door.__name__)
async def test_every_door_leads_to_the_canary_when_it_may_be_dialled(
    tmp_path: Path, fork_server: ForkServer, door: Entry
) -> None:
    """Otherwise the test above would prove nothing: each door asks what it is given, and follows what it reads."""
    reached = ""
    async with (
        open_canary(["127.0.0.1"]) as canary,
        open_ground(
            tmp_path, host=SITE, allow=(ip_network("127.0.0.0/8"),), ports=[canary.port], server=fork_server
        ) as ground,
    ):
        for way in ways(ground, f"http://127.0.0.1:{canary.port}/canary", FULL.get(door, page_naming)):
            canary.hits.clear()
            await knock(ground, door, way)
            await canary.settle()
            reached += "+" if canary.hits else "-"

    assert reached == LEADS[door]


async def test_S1_the_canary_feed_opens_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of this machine its own feed and robots.txt are asked for: no other path, spelling, port or way there."""
    network = (ip_network(f"{SITE}/32"),)
    async with open_site(SITE) as site, open_canary(["127.0.0.1"]) as canary:
        ports = frozenset({80, 443, site.port, canary.port})
        async with open_canary_site(timedelta(hours=1), lambda: NOON, ports) as own:
            settings = FetchSettings(user_agent="x", allow_networks=network, allow_ports=ports, own_feed=own)
            async with open_fetcher(settings, lambda: NOON) as fetch:
                assert (await fetch(own.url, cap=BodyCap.FEED)).capture is not None
                with record_dials(monkeypatch, {SITE}) as dialled:
                    for tried in beside(own.url, own.address[1], canary.port):
                        for url in (tried, site.serve("/away", redirect(tried))):
                            with pytest.raises(SourceError):
                                await fetch(url, cap=BodyCap.FEED)

    # Its robots.txt may be looked at before a redirect to another of its paths is refused.
    assert (dialled - {own.address}, canary.hits) == (set(), [])


def beside(own: str, port: int, other: int) -> list[str]:
    """Return addresses beside the canary's own feed."""
    path = own.removeprefix(f"http://127.0.0.1:{port}")
    hosts = ("127.0.0.1", "localhost", "2130706433", "127.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "x.example")
    urls = [f"http://{host}:{number}{end}" for host in hosts for number in (port, other) for end in (path, "/", "/x")]
    return [*(url for url in urls if url != own), f"{own}?x", f"{own}/", f"https://127.0.0.1:{port}{path}"]


def test_the_socket_of_the_canary_feed_is_one_address() -> None:
    """That very address and port are let through where it is dialled, and no neighbour."""
    own = OwnFeed(url="http://127.0.0.1:4321/feed")
    make = guarded_socket((), frozenset({80}), own)
    for host, port in (
        ("127.0.0.1", 80),
        ("127.0.0.2", 4321),
        ("::ffff:127.0.0.1", 4321),
        ("::1", 4321),
        ("8.8.8.8", 4321),
    ):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with pytest.raises(AddressRefused):
            make((family, socket.SOCK_STREAM, 0, "", (host, port)))
    make((socket.AF_INET, socket.SOCK_STREAM, 0, "", own.address)).close()


def test_S1_public_addresses_may_be_dialled() -> None:
    """The rule refuses none of twenty hosts that anybody may ask."""
    assert [(address, refusal(address)) for address in PUBLIC] == [(address, None) for address in PUBLIC]
    assert len(PUBLIC) == 20
