"""S7: redirects without an end, of every sort, and what is never carried along them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from ipaddress import ip_network
from itertools import count
from pathlib import Path

import pytest

from facts.errors import SourceError, Unreachable
from spiders.engine import MAX_REDIRECTS
from spiders.fetcher import Fetcher, FetchSettings, open_fetcher
from spiders.fetching import BodyCap
from tests.rig.odd import certificate, serving
from tests.rig.site import NOT_FOUND, Reply, Seen, Site, html, open_site
from tests.spiders.conftest import NOW

#: A server that wants to be known again, by whoever comes back or is sent on.
COOKIES = (("Set-Cookie", "id=1"), ("Set-Cookie", "id=2; Domain=127.0.0.1; Path=/"), ("WWW-Authenticate", "Basic"))
#: Where each request is sent on to, by a number that grows.
SHAPES: dict[str, Callable[[str, int], str]] = {
    "to itself": lambda url, _: f"{url}/same",
    "to itself by nothing": lambda _, __: "",
    "to and fro": lambda url, number: f"{url}/{number % 2}",
    "a chain of a hundred": lambda url, number: f"{url}/{min(number, 100)}",
    "ever longer": lambda url, number: f"{url}/?{'x' * number}",
    "by path alone": lambda _, number: f"/{number}",
    "by scheme and name": lambda url, number: url.replace(
        "127.0.0.1", ("127.0.0.1", "LOCALHOST", "localhost")[number % 3]
    ),
    "with a fragment": lambda url, number: f"{url}/same#{number}",
}


@pytest.fixture
async def fetch() -> AsyncIterator[Fetcher]:
    settings = FetchSettings(
        user_agent="x",
        allow_networks=(ip_network("127.0.0.0/8"), ip_network("::1/128")),
        allow_ports=frozenset(range(1024, 65536)),
        deadline=10,
    )
    async with open_fetcher(settings, lambda: NOW) as fetcher:
        yield fetcher


def send_on(status: int, where: Callable[[int], str]) -> Callable[[Seen], Reply]:
    """Return a script that redirects every request but one for robots.txt, and sets cookies."""
    numbers = count(1)

    def script(seen: Seen) -> Reply:
        if seen.path == "/robots.txt":
            return NOT_FOUND
        return Reply(status=status, headers=(*COOKIES, ("Location", where(next(numbers)))))

    return script


def asked(site: Site) -> list[Seen]:
    """Return the requests but those for robots.txt."""
    return [seen for seen in site.log if seen.path != "/robots.txt"]


def carried(*sites: Site) -> set[str]:
    """Return what stands in any request that tells who asks."""
    names = {name.lower() for site in sites for seen in site.log for name, _ in seen.headers}
    return names & {"cookie", "cookie2", "authorization", "proxy-authorization", "referer", "origin"}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("shape", SHAPES)
async def test_S7_no_redirect_leads_on_for_ever(site: Site, fetch: Fetcher, shape: str, status: int) -> None:
    """At most five hops, and no cookie is brought back: 40 of 40."""
    site.script = send_on(status, lambda number: SHAPES[shape](site.url(""), number))

    with pytest.raises(Unreachable, match=f"more than {MAX_REDIRECTS} redirects|HTTP {status}"):
        await fetch(site.url("/start"), cap=BodyCap.PAGE)

    assert 1 <= len(asked(site)) <= 1 + MAX_REDIRECTS
    assert carried(site) == set()


async def test_S7_a_flip_of_schemes_ends(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From http to https and back, with a certificate that is trusted: five hops in all."""
    path = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    safe = Site(host="127.0.0.1")
    server = await asyncio.start_server(safe.handle, "127.0.0.1", 0, ssl=serving(path))
    safe.port = server.sockets[0].getsockname()[1]
    site.script = send_on(302, lambda _: safe.url("/safe").replace("http:", "https:"))
    safe.script = send_on(302, lambda _: site.url("/plain"))
    networks = (ip_network("127.0.0.1/32"),)
    settings = FetchSettings(user_agent="x", allow_networks=networks, allow_ports=frozenset({site.port, safe.port}))
    async with server, open_fetcher(settings, lambda: NOW) as fetch:
        with pytest.raises(Unreachable, match="redirects"):
            await fetch(site.url("/"), cap=BodyCap.PAGE)

    assert (len(asked(site)), len(asked(safe))) == (3, 3)
    assert carried(site, safe) == set()
    await safe.close()


@pytest.mark.parametrize("data", [None, b"{}"], ids=["get", "post"])
async def test_S7_nothing_that_tells_who_asks_crosses_hosts(site: Site, fetch: Fetcher, data: bytes | None) -> None:
    """No cookie of the first host, and none of the words that a redirect puts into the address."""
    async with open_site("127.0.0.2") as other:
        other.serve("/", html("<p>Hello."))
        for target in (other.url("/"), other.url("/").replace("//", "//user:word@"), "/back"):
            site.serve("/start", Reply(status=307, headers=(*COOKIES, ("Location", target))))
            site.serve("/back", Reply(headers=COOKIES, body=b"<p>Hello."))
            for _ in range(2):
                try:
                    await fetch(site.url("/start"), cap=BodyCap.PAGE, data=data)
                except SourceError:
                    assert data is not None or "user" in target

        assert len(asked(other)) == (2 if data is None else 0)
        assert len(site.asked("/back")) == 2
        assert carried(site, other) == set()
