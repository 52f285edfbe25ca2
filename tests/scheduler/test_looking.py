"""R25: edits, removals and returns of archived documents, over a real site, fetcher and archive."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from facts.alert import Reason
from facts.document import CaptureKind, Document, Snapshot
from facts.visit import Harvest, Link, LinkKind, Outcome
from scheduler.passes import run_pass
from scheduler.polling import claim
from spiders import page as page_kind
from spiders.fetcher import FetchSettings, open_fetcher
from spiders.follow import follow
from tests.facts.samples import NOON
from tests.rig.site import NOT_FOUND, Reply, Site, html, open_site, redirect
from tests.scheduler.rig import FIRST, HOUR, Rig, ScriptedSpider, page, rig

DAY = 24 * HOUR
LETTER = "The department sent a letter to Stockton and wants to hear about its jail by August."
EDITED = (
    "The department sent a letter to Stockton. It was withdrawn on Monday after the mayor of the town had objected."
)


def article(text: str) -> Reply:
    return html(f"<html><head><title>Letter</title></head><body><article><p>{text}</p></article></body></html>")


def link_to(url: str, title: str = "A letter to Stockton") -> Link:
    return Link(
        source="ledger",
        url=url,
        kind=LinkKind.PAGE,
        parent=None,
        title=title,
        summary="",
        published_at=None,
        places=(),
    )


def entry(url: str) -> Document:
    """Return what a listing says of a page."""
    return page("x", f"{LETTER} {url[-1]}", source="ledger", title=f"About {url[-1]}", url=url)


def dropping_the_second(urls: Sequence[str]) -> ScriptedSpider:
    """Return a source that lists these, then all but the second of them, and then says that nothing changed."""
    return ScriptedSpider(
        [
            Harvest(documents=tuple(map(entry, urls)), listed=tuple(urls)),
            Harvest(listed=(urls[0], *urls[2:])),
            Harvest(not_modified=1),
        ]
    )


@asynccontextmanager
async def newsroom(folder: Path, spiders: dict[str, Any], site: Site, clock: list[datetime]) -> AsyncIterator[Rig]:
    """Open a pipeline that really fetches; `clock` holds its present time."""
    settings = FetchSettings(
        user_agent="Pursestrings/0 (+desk@example.org)",
        allow_networks=(ip_network(f"{site.host}/32"),),
        allow_ports=frozenset({site.port}),
    )
    async with open_fetcher(settings, lambda: clock[0]) as fetch:
        with rig(folder, spiders, fetch=fetch, follow=follow) as made:
            yield made


async def play(made: Rig, clock: list[datetime], until: datetime, *, step: timedelta = HOUR) -> None:
    """Let the time pass, doing what is due each hour."""
    while clock[0] <= until:
        await run_pass(made.pipeline, await claim(made.pipeline, clock[0], limit=10), clock[0])
        clock[0] += step


def versions(made: Rig, url: str) -> list[Snapshot]:
    return made.stores.catalogue.versions(url)


def told(made: Rig) -> list[tuple[Reason, str]]:
    return [(message.reason, message.note) for message in made.desk.messages]


async def test_R25_an_edit_after_the_alert_is_a_version_and_told_once(tmp_path: Path) -> None:
    """The earlier version stays byte for byte, and those who were told of it hear what changed."""
    clock = [NOON]
    async with open_site() as site:
        url = site.serve("/letter", article(LETTER), article(LETTER), article(EDITED))
        spider = ScriptedSpider([FIRST, Harvest(links=(link_to(url),)), Harvest(not_modified=1)])
        async with newsroom(tmp_path, {"ledger": spider}, site, clock) as made:
            await play(made, clock, NOON + 2 * DAY, step=3 * HOUR)
            both = versions(made, url)
            first = made.stores.catalogue.capture(both[0])

    assert [one.version for one in both] == [1, 2]
    assert article(LETTER).body == first.body
    assert [reason for reason, _ in told(made)] == [Reason.NEW_STORY, Reason.EDITED]
    assert "It was withdrawn on Monday after the mayor of the town had objected." in told(made)[1][1]


async def test_R25_what_a_browser_showed_is_looked_at_again_too(tmp_path: Path) -> None:
    """Its capture is what the scripts made, which no server sent; it may be edited like any other page."""
    clock = [NOON]

    async def shown(*args: Any, **kwargs: Any) -> Harvest:
        found = await follow(*args, **kwargs)
        made = (replace(one, capture=replace(one.capture, kind=CaptureKind.CONVERSION)) for one in found.documents)
        return replace(found, documents=tuple(made))

    async with open_site() as site:
        url = site.serve("/letter", article(LETTER), article(LETTER), article(EDITED))
        spider = ScriptedSpider([FIRST, Harvest(links=(link_to(url),)), Harvest(not_modified=1)])
        async with newsroom(tmp_path, {"ledger": spider}, site, clock) as made:
            seen = replace(made, pipeline=replace(made.pipeline, follow=shown))
            await play(seen, clock, NOON + 2 * DAY, step=3 * HOUR)

    assert [reason for reason, _ in told(made)] == [Reason.NEW_STORY, Reason.EDITED]


async def test_R25_a_removal_is_told_after_a_day_and_a_return_too(tmp_path: Path) -> None:
    """404 makes a tombstone with its two bounds, once; the page that is back is a version again."""
    clock = [NOON]
    async with open_site() as site:
        url = site.serve("/letter", article(LETTER), NOT_FOUND)
        spider = ScriptedSpider([FIRST, Harvest(links=(link_to(url),)), Harvest(not_modified=1)])
        async with newsroom(tmp_path, {"ledger": spider}, site, clock) as made:
            await play(made, clock, NOON + 3 * DAY)
            gone = versions(made, url)[-1]
            assert gone.removed is not None
            assert (gone.removed.last_seen, gone.removed.missing_since) == (NOON + HOUR, NOON + 2 * HOUR)
            assert (gone.capture_kind, gone.text) == (CaptureKind.RESOURCE, "")
            assert b"Missing since" in made.stores.catalogue.capture(gone).body

            site.serve("/letter", article(LETTER))
            await play(made, clock, NOON + 12 * DAY, step=12 * HOUR)
            all_versions = versions(made, url)
            first = made.stores.catalogue.capture(all_versions[0])

    assert [one.removed is not None for one in all_versions] == [False, True, False]
    assert [reason for reason, _ in told(made)] == [Reason.NEW_STORY, Reason.REMOVED, Reason.EDITED]
    assert "HTTP 404 Not Found" in told(made)[1][1]
    assert "it is back" in told(made)[2][1]
    assert article(LETTER).body == first.body


async def test_a_site_that_is_down_for_a_week_removes_nothing(tmp_path: Path) -> None:
    """Errors of the server prove nothing."""
    clock = [NOON]
    async with open_site() as site:
        url = site.serve("/letter", article(LETTER), Reply(status=503), Reply(status=500))
        spider = ScriptedSpider([FIRST, Harvest(links=(link_to(url),)), Harvest(not_modified=1)])
        async with newsroom(tmp_path, {"ledger": spider}, site, clock) as made:
            await play(made, clock, NOON + 7 * DAY, step=12 * HOUR)
            found = versions(made, url)

    assert [one.removed for one in found] == [None]


@pytest.mark.parametrize("followed", [True, False])
async def test_a_bot_wall_removes_nothing_whatever_its_status(tmp_path: Path, *, followed: bool) -> None:
    """Some walls answer 404, to a look at an article as to the poll of a page."""
    clock = [NOON]
    wall = Reply(status=404, headers=(("Content-Type", "text/html"), ("cf-mitigated", "challenge")))
    async with open_site() as site:
        url = site.serve("/letter", article(LETTER), wall)
        spider: Any = ScriptedSpider([FIRST, Harvest(links=(link_to(url),)), Harvest(not_modified=1)])
        if not followed:
            spider = page_kind.Spider(source="ledger", settings=page_kind.Settings(url=url), places=())
        async with newsroom(tmp_path, {"ledger": spider}, site, clock) as made:
            await play(made, clock, NOON + 3 * DAY, step=3 * HOUR)
            found = versions(made, url)

    assert len(site.asked("/letter")) > 3
    assert [one.removed for one in found] == [None]


async def test_a_page_that_leads_to_the_front_page_is_removed(tmp_path: Path) -> None:
    """Agencies take a page down by sending its readers to the front page."""
    clock = [NOON]
    async with open_site() as site:
        front = site.serve("/", article("Welcome to the town of Stockton, where it rains on Sunday."))
        url = site.serve("/news/letter", article(LETTER), redirect(front))
        spider = ScriptedSpider([FIRST, Harvest(links=(link_to(url),)), Harvest(not_modified=1)])
        async with newsroom(tmp_path, {"ledger": spider}, site, clock) as made:
            await play(made, clock, NOON + 3 * DAY, step=3 * HOUR)
            gone = versions(made, url)[-1]

    assert gone.removed is not None
    assert "front page" in gone.removed.found


async def test_what_a_listing_drops_is_looked_at_and_stands_if_its_page_does(tmp_path: Path) -> None:
    """An entry that vanished from among others, and whose page answers, is only listed no more."""
    clock = [NOON]
    async with open_site() as site:
        urls = [site.serve(f"/{name}", article(LETTER)) for name in "abcde"]
        async with newsroom(tmp_path, {"ledger": dropping_the_second(urls)}, site, clock) as made:
            await play(made, clock, NOON + 3 * DAY, step=3 * HOUR)
            asked = [seen.path for seen in site.log if seen.path != "/robots.txt"]
            found = versions(made, urls[1])

    assert asked == ["/b"]
    assert [one.removed for one in found] == [None]


async def test_what_a_listing_drops_and_whose_page_is_gone_is_removed(tmp_path: Path) -> None:
    """Its own looks decide, over a day."""
    clock = [NOON]
    async with open_site() as site:
        urls = [site.url(f"/{name}") for name in "abcde"]
        async with newsroom(tmp_path, {"ledger": dropping_the_second(urls)}, site, clock) as made:
            await play(made, clock, NOON + 3 * DAY, step=3 * HOUR)
            gone = versions(made, urls[1])[-1]

    assert gone.removed is not None
    assert gone.removed.last_seen == NOON
    assert "404" in gone.removed.found


async def test_a_watched_page_that_is_taken_down_becomes_a_tombstone(tmp_path: Path) -> None:
    """A page that is a source of its own: its polls are its looks."""
    clock = [NOON]
    async with open_site() as site:
        url = site.serve("/list", article(LETTER), *[NOT_FOUND] * 5, article(EDITED))
        spider = page_kind.Spider(source="list", settings=page_kind.Settings(url=url), places=())
        async with newsroom(tmp_path, {"list": spider}, site, clock) as made:
            await play(made, clock, NOON + 9 * DAY, step=12 * HOUR)
            found = versions(made, url)
            outcomes = {visit.outcome for visit in made.stores.catalogue.visits("list", 50)}

    assert [one.removed is not None for one in found] == [False, True, False]
    assert Outcome.FRESH in outcomes


def with_letter(text: str, href: str) -> Reply:
    return html(
        f"<html><head><title>Letter</title></head><body><article><p>{text}</p>"
        f'<p><a href="{href}">Read the letter of the department</a></p></article></body></html>'
    )


def plain(text: str) -> Reply:
    return Reply(headers=(("Content-Type", "text/plain; charset=utf-8"),), body=text.encode())


async def test_a_letter_that_an_edit_links_is_read_and_told(tmp_path: Path) -> None:
    """The story comes hours after its page: the statement first, the letter itself later."""
    clock = [NOON]
    rain = "It rains on Sunday in the town of Stockton, and the council meets all the same."
    async with open_site() as site:
        pdf = site.serve("/files/letter.pdf", plain(LETTER))
        url = site.serve("/statement", article(rain), with_letter(rain, pdf))
        spider = ScriptedSpider(
            [FIRST, Harvest(links=(link_to(url, "The town of Stockton"),)), Harvest(not_modified=1)]
        )
        async with newsroom(tmp_path, {"ledger": spider}, site, clock) as made:
            await play(made, clock, NOON + 12 * HOUR)

    assert len(site.asked("/files/letter.pdf")) > 0
    assert [reason for reason, _ in told(made)] == [Reason.NEW_STORY]


async def test_a_statement_that_appears_on_a_backlog_page_is_news(tmp_path: Path) -> None:
    """Found by a look as by a poll; what that page said before alerts nobody."""
    clock = [NOON]
    rain = "It rains on Sunday in the town of Stockton, and the council meets all the same."
    async with open_site() as site:
        url = site.serve("/statement", article(rain), article(LETTER))
        spider = ScriptedSpider([Harvest(links=(link_to(url),)), Harvest(not_modified=1)])
        async with newsroom(tmp_path, {"ledger": spider}, site, clock) as made:
            await play(made, clock, NOON + 12 * HOUR)
            found = versions(made, url)

    assert [one.backlog for one in found] == [True, False]
    assert [reason for reason, _ in told(made)] == [Reason.NEW_STORY]


async def test_a_backlog_page_that_comes_back_is_no_news(tmp_path: Path) -> None:
    """It was missing for some days, and is what it was."""
    clock = [NOON]
    async with open_site() as site:
        url = site.serve("/letter", article(LETTER), NOT_FOUND)
        spider = ScriptedSpider([Harvest(links=(link_to(url),)), Harvest(not_modified=1)])
        async with newsroom(tmp_path, {"ledger": spider}, site, clock) as made:
            await play(made, clock, NOON + 3 * DAY, step=3 * HOUR)
            site.serve("/letter", article(LETTER))
            await play(made, clock, NOON + 12 * DAY, step=12 * HOUR)
            found = versions(made, url)

    assert [(one.removed is not None, one.backlog) for one in found] == [(False, True), (True, True), (False, True)]
    assert told(made) == []


async def test_a_watched_page_is_asked_by_its_polls_alone(tmp_path: Path) -> None:
    """Its source has an interval of its own: no look comes between two polls."""
    clock = [NOON]
    async with open_site() as site:
        url = site.serve("/list", article(LETTER), NOT_FOUND)
        spider = page_kind.Spider(source="list", settings=page_kind.Settings(url=url), places=())
        async with newsroom(tmp_path, {"list": spider}, site, clock) as made:
            await play(made, clock, NOON + 2 * DAY, step=3 * HOUR)
            polls = len(made.stores.catalogue.visits("list", 99))

    assert len(site.asked("/list")) == polls


async def test_two_nights_without_a_page_are_no_removal(tmp_path: Path) -> None:
    """Looks that did not find it count only while none between them did, whatever failed first."""
    clock = [NOON]
    gone, down, there = NOT_FOUND, Reply(status=503), article(LETTER)
    async with open_site() as site:
        url = site.serve("/list", there, gone, gone, there, down, gone, there)
        spider = page_kind.Spider(source="list", settings=page_kind.Settings(url=url), places=())
        async with newsroom(tmp_path, {"list": spider}, site, clock) as made:
            await play(made, clock, NOON + 9 * DAY, step=DAY)
            found = versions(made, url)

    assert len(site.asked("/list")) > 7
    assert [one.removed for one in found] == [None]


@pytest.mark.parametrize("refusal", [403, 500])
async def test_what_is_listed_again_is_never_said_to_be_unlisted(tmp_path: Path, refusal: int) -> None:
    """An entry that is back before its page could be asked, and whose page always refused us."""
    clock = [NOON]
    async with open_site() as site:
        urls = [site.serve(f"/{name}", Reply(status=503), Reply(status=refusal)) for name in "abcde"]
        listed = [
            Harvest(documents=tuple(map(entry, urls)), listed=tuple(urls)),
            Harvest(listed=(urls[0], *urls[2:])),
            Harvest(listed=tuple(urls)),
            Harvest(not_modified=1),
        ]
        async with newsroom(tmp_path, {"ledger": ScriptedSpider(listed)}, site, clock) as made:
            await play(made, clock, NOON + 5 * DAY, step=6 * HOUR)
            found = versions(made, urls[1])

    assert [one.removed for one in found] == [None]


async def test_an_entry_whose_page_is_back_is_removed_no_more(tmp_path: Path) -> None:
    """Though its listing does not show it again: the page is there, and the archive says so."""
    clock = [NOON]
    async with open_site() as site:
        urls = [site.url(f"/{name}") for name in "abcde"]
        async with newsroom(tmp_path, {"ledger": dropping_the_second(urls)}, site, clock) as made:
            await play(made, clock, NOON + 3 * DAY, step=3 * HOUR)
            site.serve("/b", article(LETTER))
            await play(made, clock, NOON + 12 * DAY, step=12 * HOUR)
            found = versions(made, urls[1])

    assert [one.removed is not None for one in found] == [False, True, False]
