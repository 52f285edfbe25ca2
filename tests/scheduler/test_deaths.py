"""R22: a source that dies in silence is flagged within three polls or a day, and a quiet weekend flags none."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from ipaddress import ip_network
from pathlib import Path

import pytest

from facts.alert import Reason
from facts.visit import Harvest, Outcome, Shape, Visit
from scheduler.habits import taught
from scheduler.health import after_visit
from scheduler.holidays import is_holiday
from scheduler.passes import run_pass
from scheduler.polling import claim
from scheduler.rhythm import EASTERN
from spiders import feed
from spiders.fetcher import FetchSettings, open_fetcher
from spiders.fetching import Spider
from storage.work import SourceRow, SourceState, VisitEnd
from tests.rig.site import NOT_FOUND, Reply, Site, html, open_site, redirect
from tests.scheduler.rig import HOUR, rig

DAY = 24 * HOUR
#: A Tuesday, ten in the morning in Washington.
TUESDAY = datetime.fromisoformat("2017-08-29T14:00:00+00:00")
LEARNED_FOR = timedelta(days=28)
TELLING = {Reason.SOURCE_FAILING, Reason.SOURCE_RECOVERED}
RSS = (("Content-Type", "application/rss+xml"),)


def arrivals(moment: datetime, dice: random.Random) -> int:
    """Return how many items a working newsroom brings in an hour: about two, of a weekday, by day."""
    local = moment.astimezone(EASTERN)
    if local.weekday() > 4 or is_holiday(local.date()) or not 8 <= local.hour < 18:
        return 1 if dice.random() < 0.02 else 0
    return sum(dice.random() < 0.5 for _ in range(4))


def looked(row: SourceRow, now: datetime, came: int) -> tuple[SourceRow, Reason | None]:
    """Return the row after a visit that found so many new items, as the loop does it."""
    shape = Shape(items=20, dated=20, titled=20, worded=20, newest=now, layout="l") if came else None
    harvest = Harvest(shape=shape, not_modified=int(not came))
    outcome = Outcome.FRESH if came else Outcome.UNCHANGED
    visit = Visit(source=row.name, at=now, outcome=outcome, documents=came)
    return after_visit(taught(row, visit, harvest, snapshots=came, appeared=0), visit)


def living(
    since: datetime, until: datetime, dice: random.Random
) -> Iterator[tuple[datetime, SourceRow, Reason | None]]:
    """Yield the row of a normal feed after each hour."""
    row, now = SourceRow(name="paper", next_poll_at=since), since
    row, turn = looked(row, now, 20)
    while now < until:
        now += HOUR
        row, turn = looked(row, now, arrivals(now, dice))
        yield now, row, turn


@cache
def learned(until: datetime) -> SourceRow:
    """Return the row of a feed that was watched for four weeks."""
    return list(living(until - LEARNED_FOR, until, random.Random(1)))[-1][1]


@pytest.mark.parametrize("seed", range(10))
def test_R22_thirty_days_of_a_normal_feed_flag_nothing(seed: int) -> None:
    """Nights, weekends and Labor Day among them."""
    turns = [
        (now, turn, row.last_error)
        for now, row, turn in living(TUESDAY - LEARNED_FOR, TUESDAY + timedelta(days=30), random.Random(seed))
        if turn is not None
    ]

    assert turns == []


def entries(count: int, *, first: int = 0, dated: bool = True, since: datetime = TUESDAY) -> str:
    return "".join(
        f"<item><title>Council report {number}</title><link>https://paper.example/{number}</link>"
        f"<guid>g{number}</guid><description>What the council said, part {number}.</description>"
        + (f"<pubDate>{since - number * HOUR:%a, %d %b %Y %H:%M:%S +0000}</pubDate>" if dated else "")
        + "</item>"
        for number in range(first, first + count)
    )


def rss(items: str, **values: object) -> Reply:
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Paper</title>{items}</channel></rss>'
    return Reply(headers=RSS, body=body.encode(), **values)  # type: ignore[arg-type]


ALIVE = rss(entries(20))
WALL = html(
    "<html><head><title>Just a moment...</title></head><body><script>window._cf_chl_opt={}</script></body></html>"
)
AKAMAI = html(
    '<html><head><title>&nbsp;</title><meta http-equiv="refresh" content="5; URL=\'/news?bm-verify=AAQ\'"></head>'
    '<body><iframe src="/_sec/verify?provider=interstitial"></iframe></body></html>'
)
LOGIN = html(
    "<html><head><title>Sign in</title></head><body><form action='/login' method='post'>"
    "<input name='user'><input type='password' name='password'></form></body></html>"
)
ERROR = html(
    "<html><head><title>Something went wrong</title></head><body><h1>Please try again later</h1></body></html>"
)
SOFT_404 = html("<html><head><title>Page not found</title></head><body><p>It may have moved.</p></body></html>")
FRONT = html("<html><head><title>The Paper</title></head><body><p>Welcome to the paper.</p></body></html>")
PDF = Reply(headers=(("Content-Type", "application/pdf"),), body=b"%PDF-1.4 nothing")

DEATHS: dict[str, Reply] = {
    "an error page that says 200": ERROR,
    "an empty feed": rss(""),
    "a login wall": LOGIN,
    "a captcha": WALL,
    "a bot wall": AKAMAI,
    "entries that lost their dates": rss(entries(20, first=100, dated=False)),
    "an old copy": rss(entries(20, first=500, since=TUESDAY - timedelta(days=30))),
    "a frozen feed": ALIVE,
    "a soft 404": SOFT_404,
    "another type": PDF,
    "404": NOT_FOUND,
    "503": Reply(status=503),
    "no answer": Reply(reset_after=0, body=b"x"),
}


async def flagged(
    folder: Path, site: Site, spider: Spider, die: Callable[[], object], until: datetime
) -> tuple[int, timedelta, list[tuple[Reason, str]]]:
    """Let a source that was alive die; return the polls and the time until it is flagged, and what was told."""
    clock = [TUESDAY]
    settings = FetchSettings(
        user_agent="Pursestrings/0 (+desk@example.org)",
        allow_networks=(ip_network(f"{site.host}/32"),),
        allow_ports=frozenset({site.port}),
    )
    async with open_fetcher(settings, lambda: clock[0]) as fetch:
        with rig(folder, {"paper": spider}, fetch=fetch) as made:
            store = made.stores.store
            alive = replace(learned(TUESDAY), next_poll_at=TUESDAY)
            last = Visit(source="paper", at=TUESDAY - HOUR, outcome=Outcome.UNCHANGED)
            store.finish_visits([VisitEnd(visit=last, row=alive)])
            await run_pass(made.pipeline, [store.source("paper")], clock[0])
            assert store.source("paper").state is SourceState.OK
            die()
            polls = 0
            while store.source("paper").state is not SourceState.FAILING and clock[0] < until:
                clock[0] += HOUR
                due = await claim(made.pipeline, clock[0], limit=1)
                polls += len(due)
                await run_pass(made.pipeline, due, clock[0])
            took = clock[0] - TUESDAY
            # It stays so for a day, and is told no more.
            for _ in range(24):
                clock[0] += HOUR
                await run_pass(made.pipeline, await claim(made.pipeline, clock[0], limit=1), clock[0])
            said = [(one.reason, one.headline) for one in made.desk.messages if one.reason in TELLING]
            site.serve("/feed", rss(entries(25, since=clock[0])))
            clock[0] += DAY
            await run_pass(made.pipeline, [store.source("paper")], clock[0])
            assert store.source("paper").state is SourceState.OK
            back = [one.reason for one in made.desk.messages if one.reason in TELLING][len(said) :]
            assert back == [Reason.SOURCE_RECOVERED]
            return polls, took, said


@pytest.mark.parametrize("death", DEATHS)
async def test_R22_every_death_of_a_feed_is_flagged_once(tmp_path: Path, death: str) -> None:
    """Within three polls or a day, with the reason; told once, and once more when it lives again."""
    async with open_site() as site:
        url = site.serve("/feed", ALIVE)
        spider = feed.Spider(source="paper", settings=feed.Settings(url=url), places=())

        polls, took, said = await flagged(
            tmp_path, site, spider, lambda: site.serve("/feed", DEATHS[death]), TUESDAY + 2 * DAY
        )

    assert polls <= 3 or took <= DAY, said
    assert [reason for reason, _ in said] == [Reason.SOURCE_FAILING]


async def test_R22_304_for_ever_is_flagged(tmp_path: Path) -> None:
    """A server that says "not modified" whatever it has."""
    async with open_site() as site:
        url = site.serve("/feed", replace(ALIVE, etag='"1"'))
        spider = feed.Spider(source="paper", settings=feed.Settings(url=url), places=())

        _, took, said = await flagged(tmp_path, site, spider, lambda: None, TUESDAY + 2 * DAY)

    assert took <= DAY
    assert [reason for reason, _ in said] == [Reason.SOURCE_FAILING]
    assert "nothing new since" in said[0][1]


async def test_R22_a_feed_that_leads_to_the_front_page_is_flagged(tmp_path: Path) -> None:
    """Where it was taken down by a redirect."""
    async with open_site() as site:
        url = site.serve("/feed", ALIVE)
        front = site.serve("/", FRONT)
        spider = feed.Spider(source="paper", settings=feed.Settings(url=url), places=())

        polls, _, said = await flagged(
            tmp_path, site, spider, lambda: site.serve("/feed", redirect(front)), TUESDAY + 2 * DAY
        )

    assert polls <= 3
    assert [reason for reason, _ in said] == [Reason.SOURCE_FAILING]
