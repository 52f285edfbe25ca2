"""R23: fifteen kinds of failure beside hosts that work; each costs its own host alone, and is found mended in time."""

from __future__ import annotations

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from ipaddress import ip_network
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from facts.visit import Outcome, Visit
from spiders import feed
from spiders.fetcher import FetchSettings, open_fetcher
from storage.work import SourceState
from tests.facts.samples import NOON
from tests.rig.odd import certificate, serving
from tests.rig.site import Reply, Seen, Site, html, open_site, redirect
from tests.scheduler.living import Clock, live
from tests.scheduler.rig import HOUR, Rig, rig

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
STEP = 5 * MINUTE
ILL = 6 * HOUR
GOOD = 4
RSS = (
    b'<rss version="2.0"><channel><title>Notes</title><item><title>Council notes</title>'
    b"<link>http://news.example/1</link></item></channel></rss>"
)
PACKED = (("Content-Encoding", "gzip"),)
#: What a host answers while it is ill.
REPLIES: Mapping[str, Reply] = {
    "reset": Reply(body=RSS, reset_after=20),
    "403": Reply(status=403),
    "404": Reply(status=404),
    "410": Reply(status=410),
    "429": Reply(status=429, headers=(("Retry-After", "10000"),)),
    "500": Reply(status=500),
    "503": Reply(status=503, headers=(("Retry-After", "10000"),)),
    "slow": Reply(hang=True),
    "cut-gzip": Reply(headers=PACKED, body=gzip.compress(RSS)[:-20]),
    "wrong-type": html("<html><title>Our news</title><p>Welcome"),
    "loop": redirect("/loop"),
    "empty": Reply(),
}
KINDS = ("dns", "refused", "tls", *REPLIES)
#: The least time between looks that each comes to, and the longest time until it is found mended: an interval with its
#: jitter, what Retry-After says, or what stands in `scheduler.cadence`.
SLOWED = {"403": 6 * HOUR, "404": 6 * HOUR, "410": DAY}
LATEST = dict.fromkeys(KINDS, HOUR) | SLOWED | {"429": timedelta(seconds=10_000), "503": timedelta(seconds=10_000)}


@dataclass
class Web:
    """Ill hosts and good ones, by name; each has two feeds."""

    clock: Clock = field(default_factory=Clock)
    sites: dict[str, Site] = field(default_factory=dict)
    ill: bool = True
    tls_port: int = 0
    closed_port: int = 0

    def script(self, kind: str) -> Callable[[Seen], Reply]:
        """Return how a host answers, now and later."""

        def answer(seen: Seen) -> Reply:
            if seen.path == "/robots.txt":
                return Reply(status=404)
            return REPLIES[kind] if self.ill and kind in REPLIES else Reply(etag='"1"', body=RSS)

        return answer

    def urls(self) -> dict[str, str]:
        """Return each feed's address by the source's name: two of each host."""
        places = {name: site.url("") for name, site in self.sites.items()}
        places["dns"] = places["dns"].replace(self.sites["dns"].host, "later.example")
        places["refused"] = f"http://127.0.0.99:{self.closed_port}"
        places["tls"] = f"https://127.0.0.1:{self.tls_port}"
        return {f"{name}-{number}": f"{place}/{number}" for name, place in places.items() for number in (1, 2)}

    @property
    def settings(self) -> FetchSettings:
        """Allow loopback; a fetch ends soon."""
        ports = {site.port for site in self.sites.values()} | {self.tls_port, self.closed_port}
        return FetchSettings(
            user_agent="Pursestrings/1 (+desk@example.org)",
            allow_networks=(ip_network("127.0.0.0/8"),),
            allow_ports=frozenset(ports),
            deadline=0.5,
        )


@asynccontextmanager
async def open_web(folder: Path) -> AsyncIterator[Web]:
    """Open the hosts; two are no web servers yet, and one has a certificate of last year."""
    async with AsyncExitStack() as stack:
        web = Web()
        names = ["dns", *REPLIES, *(f"good{number}" for number in range(GOOD))]
        for number, name in enumerate(names):
            web.sites[name] = site = await stack.enter_async_context(open_site(f"127.0.0.{100 + number}"))
            site.script = web.script(name)
        secure = await asyncio.start_server(_hang_up, "127.0.0.1", 0, ssl=serving(certificate(folder, days=0)))
        stack.callback(secure.close)
        web.tls_port = secure.sockets[0].getsockname()[1]
        async with open_site("127.0.0.99") as gone:
            web.closed_port = gone.port
        yield web


async def _hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


def naming(web: Web, ask: Callable[..., Any]) -> Callable[..., Any]:
    """Return a look-up of names that knows one of them only when the web is well."""

    def getaddrinfo(host: str, *rest: Any, **named: Any) -> Any:
        if host != "later.example":
            return ask(host, *rest, **named)
        if web.ill:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return ask(web.sites["dns"].host, *rest, **named)

    return getaddrinfo


@asynccontextmanager
async def newsroom(folder: Path, web: Web, *hosts: str) -> AsyncIterator[Rig]:
    """Open a pipeline over the feeds of these hosts, or of all."""
    spiders = {
        name: feed.Spider(source=name, settings=feed.Settings(url=url), places=())
        for name, url in web.urls().items()
        if not hosts or name[:-2] in hosts
    }
    with rig(folder, spiders, jitter=lambda: 1.0) as made:
        async with open_fetcher(web.settings, web.clock, made.stores.hosts) as fetch:
            yield replace(made, pipeline=replace(made.pipeline, fetch=fetch))


def visits(made: Rig, name: str) -> list[Visit]:
    """Return what became of a source, oldest first."""
    return made.stores.catalogue.visits(name, 1000)[::-1]


async def test_R23_a_bad_host_harms_no_other_and_is_found_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six hours of fifteen kinds of failure, each told; then all hosts are well again, and each is found so in time."""
    assert len(KINDS) == 15
    async with open_web(tmp_path) as web, AsyncExitStack() as stack:
        monkeypatch.setattr(socket, "getaddrinfo", naming(web, socket.getaddrinfo))
        made = await stack.enter_async_context(newsroom(tmp_path, web))
        await live(made.pipeline, web.clock, NOON + ILL, STEP)
        good = [name for name in made.pipeline.spiders if name.startswith("good")]

        assert {made.stores.store.source(name).state for name in good} == {SourceState.OK}
        assert all(longest_gap(made, name) <= HOUR * 1.1 + STEP for name in good)
        assert [kind for kind in KINDS if made.stores.store.source(f"{kind}-1").state is not SourceState.FAILING] == []

        web.ill = False
        (await stack.enter_async_context(open_site("127.0.0.99", web.closed_port))).script = web.script("refused")
        await live(made.pipeline, web.clock, NOON + 2 * ILL + HOUR, STEP)
        web.clock.now = max(made.stores.store.source(f"410-{number}").next_poll_at for number in (1, 2))
        await live(made.pipeline, web.clock, web.clock.now + STEP, STEP)

        # A certificate cannot be made good here.
        ill = [f"{kind}-{number}" for kind in KINDS if kind != "tls" for number in (1, 2)]
        took = {name: mended(made, name) - NOON - ILL for name in ill}
        assert {name: one for name, one in took.items() if one > LATEST[name[:-2]] * 1.1 + STEP} == {}


async def test_R23_a_refusal_is_told_and_slowed_by_what_it_says(tmp_path: Path) -> None:
    """410 at once, and once a day; 403 and 404 ever more seldom; a pause holds the other feed of its host unasked."""
    async with open_web(tmp_path) as web, newsroom(tmp_path, web, "403", "404", "410", "429", "500", "503") as made:
        await live(made.pipeline, web.clock, NOON + STEP, STEP)
        states = {name: made.stores.store.source(name).state for name in made.pipeline.spiders}
        assert [name for name, state in states.items() if state is SourceState.FAILING] == ["410-1", "410-2"]
        assert made.stores.store.source("410-1").next_poll_at == NOON + DAY

        for kind in ("429", "503"):
            first, second = sorted(
                (visits(made, f"{kind}-{number}")[0] for number in (1, 2)), key=lambda one: one.outcome
            )
            assert (first.outcome, second.outcome) == (Outcome.FAILED, Outcome.HELD)
            held = made.stores.store.source(second.source)
            assert (held.failures, held.state, held.last_ok_at) == (0, SourceState.NEW, None)
            assert held.last_error == second.error
            assert held.next_poll_at == NOON + timedelta(seconds=10_000)
            assert [seen.path for seen in web.sites[kind].log if seen.path == f"/{second.source[-1]}"] == []

        await live(made.pipeline, web.clock, NOON + DAY - STEP, STEP)
        assert {len(visits(made, name)) for name in ("410-1", "410-2")} == {1}
        assert {len(visits(made, name)) for name in ("403-1", "404-2")} == {6}
        assert len(visits(made, "500-1")) == 21


def longest_gap(made: Rig, name: str) -> timedelta:
    """Return the longest time between two looks."""
    return max(after.at - before.at for before, after in pairwise(visits(made, name)))


def mended(made: Rig, name: str) -> datetime:
    """Return when a source was first found well after all hosts were."""
    return min(one.at for one in visits(made, name) if one.at >= NOON + ILL and not one.outcome.failed)
