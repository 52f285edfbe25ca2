"""R31: fourteen faked days of polling against hosts that keep a score, with restarts in between.

The stages are the real ones, over the real archive and the real fetcher; only the clock is set by hand.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from spiders import feed
from spiders.fetcher import FetchSettings, open_fetcher
from tests.facts.samples import NOON
from tests.rig.politeness import DAY, ROBOTS, Kind, Origin, Score, Turn, http_date, score
from tests.rig.site import Reply, Seen, Site, open_site
from tests.scheduler.living import Clock, live
from tests.scheduler.rig import rig

HOUR = timedelta(hours=1)
EVERY = 3 * HOUR
STEP = HOUR
DAYS = 14
CONTACT = "desk@example.org"
USER_AGENT = f"Pursestrings/1 (+{CONTACT}; Metro desk)"


def rss(version: int, inside: str = "") -> bytes:
    """Return a small feed; each version has one new entry."""
    entries = "".join(
        f"<item><title>Council notes {number}</title><link>http://news.example/{number}</link></item>"
        for number in range(version, version - 3, -1)
    )
    return f'<rss version="2.0"><channel><title>Notes</title>{inside}{entries}</channel></rss>'.encode()


def daily(turn: Turn, *, etag: str | None = None, modified: bool = False, inside: str = "", **headers: str) -> Reply:
    """Return a feed that changes every third day."""
    version = turn.day // 3
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(
        headers=(*named.items(), ("Set-Cookie", "reader=1")),
        etag=etag.format(version) if etag is not None else None,
        last_modified=http_date(NOON + version * DAY) if modified else None,
        body=rss(100 + version, inside),
    )


def refusing(turn: Turn, nth: int, status: int, retry: str | None) -> Reply:
    """Return a refusal at each nth look, else the feed."""
    if turn.number % nth != nth - 1:
        return daily(turn, etag='"{}"')
    return Reply(status=status, headers=(("Retry-After", retry),) if retry else ())


#: Each host with its feeds.
HOSTS: Sequence[Sequence[Kind]] = [
    [Kind(name="both", answer=lambda turn: daily(turn, etag='"{}"', modified=True))],
    [Kind(name="etag", answer=lambda turn: daily(turn, etag='"{}"'))],
    [Kind(name="date", answer=lambda turn: daily(turn, modified=True))],
    [Kind(name="nothing", answer=daily)],
    [Kind(name="changing", answer=lambda turn: Reply(body=rss(turn.number)))],
    [Kind(name="new-etag", answer=lambda turn: Reply(etag=f'"{turn.number}"', body=rss(turn.number)))],
    [Kind(name="same-body-new-etag", answer=lambda turn: Reply(etag=f'"{turn.number}"', body=rss(1)))],
    [Kind(name="wrong-304", answer=lambda turn: daily(turn, etag='"{}"', modified=True), always_304=True)],
    [Kind(name="never-304", answer=lambda turn: Reply(body=rss(turn.day), headers=(("ETag", '"1"'),)))],
    [Kind(name="weak", answer=lambda turn: daily(turn, etag='W/"{}"'))],
    [Kind(name="odd-quotes", answer=lambda turn: daily(turn, etag='"a "{}" b'))],
    [Kind(name="no-quotes", answer=lambda turn: daily(turn, etag="{}-gzip; x"))],
    [Kind(name="odd-date", answer=lambda turn: Reply(last_modified=f"Day {turn.day}, noonish", body=rss(turn.day)))],
    [Kind(name="ttl", answer=lambda turn: daily(turn, etag='"{}"', inside="<ttl>300</ttl>"), asks=5 * HOUR)],
    [Kind(name="short-ttl", answer=lambda turn: daily(turn, inside="<ttl>2</ttl>"))],
    [Kind(name="endless-ttl", answer=lambda turn: daily(turn, inside="<ttl>525600</ttl>"), asks=365 * DAY)],
    [Kind(name="max-age", answer=lambda turn: daily(turn, etag='"{}"', Cache_Control="max-age=14400"), asks=4 * HOUR)],
    [
        Kind(
            name="expires",
            answer=lambda turn: daily(turn, Date=http_date(turn.now), Expires=http_date(turn.now + 3 * HOUR)),
            asks=3 * HOUR,
        )
    ],
    [Kind(name="moved-for-good", answer=lambda turn: daily(turn, etag='"{}"'), moved=301)],
    [Kind(name="moved-for-now", answer=lambda turn: daily(turn, modified=True), moved=302)],
    [Kind(name="unavailable", answer=lambda turn: refusing(turn, 9, 503, http_date(turn.now + 7 * HOUR)))],
    [Kind(name="long-pause", answer=lambda turn: refusing(turn, 30, 429, "317100"))],
    [Kind(name="broken", answer=lambda turn: refusing(turn, 4, 500, None))],
    [Kind(name="too-many", answer=lambda turn: refusing(turn, 5, 429, None))],
    # Two feeds of one host, the first of which makes it ask for pauses.
    [
        Kind(name="bursts", answer=lambda turn: refusing(turn, 3, 429, "18000")),
        Kind(name="beside-it", answer=lambda turn: daily(turn, etag='"{}"')),
    ],
]


@dataclass(frozen=True, kw_only=True)
class Web:
    """The hosts, and how they are dialled."""

    origins: Sequence[Origin]
    clock: Clock

    @property
    def settings(self) -> FetchSettings:
        """Allow these hosts and no other."""
        return FetchSettings(
            user_agent=USER_AGENT,
            allow_networks=(ip_network("127.0.0.0/8"),),
            allow_ports=frozenset(origin.site.port for origin in self.origins),
            deadline=5,
        )

    def spiders(self) -> Mapping[str, feed.Spider]:
        """Return a source for each feed."""
        return {
            kind.name: feed.Spider(source=kind.name, settings=feed.Settings(url=origin.site.url(kind.path)), places=())
            for origin in self.origins
            for kind in origin.kinds
        }


@asynccontextmanager
async def open_web() -> AsyncIterator[Web]:
    """Open a host of its own for each group of feeds."""
    clock = Clock()
    async with AsyncExitStack() as stack:
        sites = [await stack.enter_async_context(open_site(f"127.0.0.{10 + n}")) for n in range(len(HOSTS))]
        origins = [Origin(site, kinds, clock) for site, kinds in zip(sites, HOSTS, strict=True)]
        yield Web(origins=origins, clock=clock)


async def run(web: Web, folder: Path, until: datetime, chance: random.Random) -> None:
    """Run one process until a time."""
    spiders = web.spiders()
    with rig(folder, spiders, every=dict.fromkeys(spiders, EVERY), jitter=chance.random) as made:
        async with open_fetcher(web.settings, web.clock, made.stores.hosts) as fetch:
            await live(replace(made.pipeline, fetch=fetch), web.clock, until, STEP)


#: Those that never offer a validator, so that each look at them is unconditional.
BARE = {"nothing", "changing", "short-ttl", "endless-ttl", "expires"}


async def test_R31_fourteen_days_are_polled_politely(tmp_path: Path) -> None:
    """Not one fault over 26 feeds and five restarts; one unconditional look each, a second for nothing but 304."""
    chance = random.Random(31)
    restarts = sorted(NOON + chance.random() * DAYS * DAY for _ in range(5))
    scores: dict[str, Score] = {}
    async with open_web() as web:
        for end in (*restarts, NOON + DAYS * DAY):
            await run(web, tmp_path, end, chance)
        for origin in web.origins:
            found = dict(score(origin, EVERY, CONTACT))
            robots = found.pop(ROBOTS)
            assert (robots.faults, robots.requests <= DAYS) == ((), True)
            scores |= found

    assert {name: one.faults for name, one in scores.items() if one.faults} == {}
    offering = scores.keys() - BARE
    assert {name: scores[name].unconditional for name in offering} == dict.fromkeys(offering, 1) | {"wrong-304": 2}
    assert {name for name in BARE if scores[name].unconditional != scores[name].requests} == set()
    # Nobody was forgotten: even the feed that calls itself good for a year is looked at about daily.
    assert {name for name, one in scores.items() if one.requests < DAYS - 1} == set()


def seen(path: str = "/both", **headers: str) -> Seen:
    """Return a request as a polite program sends it, with these headers more."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Seen(path=path, headers=tuple(({"Host": "a.example", "User-Agent": USER_AGENT} | named).items()))


def faults_of(*requests: tuple[timedelta, Seen], busiest: int = 1, **changes: Any) -> tuple[str, ...]:
    """Return what is wrong with these requests to one feed."""
    clock = Clock()
    values: dict[str, Any] = {"name": "both", "answer": lambda turn: daily(turn, etag='"{}"', modified=True)}
    origin = Origin(Site(host="a.example", busiest=busiest), [Kind(**values | changes)], clock)
    for after, request in requests:
        clock.now = NOON + after
        origin.answer(request)
    found = score(origin, EVERY, CONTACT)
    return (*found["both"].faults, *found[ROBOTS].faults)


GIVEN = {"If_None_Match": '"0"', "If_Modified_Since": "Thu, 03 Aug 2017 16:00:00 GMT"}
NONE = timedelta()


def busy(turn: Turn) -> Reply:
    """Return a refusal for five hours."""
    return refusing(turn, 1, 429, "18000")


@pytest.mark.parametrize(
    ("requests", "changes", "fault"),
    [
        ([(NONE, seen()), (EVERY, seen(**GIVEN))], {}, ""),
        ([(NONE, seen()), (EVERY - HOUR, seen(**GIVEN))], {}, "the least is 3:00:00"),
        ([(NONE, seen()), (EVERY, seen(**GIVEN))], {"asks": 5 * HOUR}, "the least is 5:00:00"),
        ([(NONE, seen()), (EVERY, seen())], {}, "unconditional at"),
        ([(NONE, seen()), (8 * DAY, seen())], {}, ""),
        ([(NONE, seen()), (EVERY, seen(**GIVEN | {"If_None_Match": "0"}))], {}, "sent '0'"),
        ([(NONE, seen(If_Modified_Since="today"))], {}, "sent 'today'"),
        ([(NONE, seen()), (4 * HOUR, seen())], {"answer": busy}, "asked at"),
        ([(NONE, seen()), (5 * HOUR, seen())], {"answer": busy}, ""),
        ([(NONE, seen(ROBOTS)), (HOUR, seen(ROBOTS))], {}, "robots.txt read at"),
        ([(NONE, seen(Cookie="reader=1"))], {}, "'cookie'"),
        ([(NONE, seen(Referer="http://a.example/"))], {}, "'referer'"),
        ([(NONE, seen(User_Agent="Mozilla/5.0"))], {}, "User-Agent 'Mozilla/5.0'"),
        ([(NONE, seen())], {"busiest": 2}, "2 requests at one time"),
    ],
)
def test_the_score_sees_each_fault(requests: list[tuple[timedelta, Seen]], changes: dict[str, Any], fault: str) -> None:
    """A program that is impolite in one way has a fault that says so; a polite one has none."""
    found = faults_of(*requests, **changes)

    assert len(found) >= 1 if fault else found == ()
    assert fault in " ".join(found)
