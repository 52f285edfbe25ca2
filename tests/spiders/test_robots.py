"""robots.txt: obeyed, kept for a day, and its failures taken as RFC 9309 says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from facts.errors import Forbidden, Held, Unreachable
from facts.host import HostState
from spiders.fetcher import Fetcher, open_fetcher
from spiders.fetching import BodyCap
from tests.rig.site import NOT_FOUND, Reply, Site, html, redirect
from tests.spiders.conftest import NOW, settings_for

RULES = Reply(body=b"User-agent: *\nDisallow: /private\n\nUser-agent: Pursestrings\nDisallow: /desk\n")


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Book:
    """Keeps what hosts asked for between two fetchers."""

    def __init__(self) -> None:
        self.states: dict[str, HostState] = {}

    def load(self) -> dict[str, HostState]:
        return dict(self.states)

    def keep(self, states: Sequence[HostState]) -> None:
        self.states.update({state.host: state for state in states})


async def test_the_rules_that_name_us_are_obeyed(site: Site, fetch: Fetcher) -> None:
    """A group of our own name goes before that for all; the file is read once."""
    site.serve("/robots.txt", RULES)
    site.serve("/private", html("<p>x"))

    await fetch(site.url("/private"), cap=BodyCap.PAGE)
    with pytest.raises(Forbidden, match=r"robots\.txt"):
        await fetch(site.url("/desk/plan"), cap=BodyCap.PAGE)

    assert [seen.path for seen in site.log] == ["/robots.txt", "/private"]


async def test_a_redirect_into_what_is_disallowed_is_not_followed(site: Site, fetch: Fetcher) -> None:
    """Each hop is asked for."""
    site.serve("/robots.txt", RULES)
    site.serve("/open", redirect("/desk"))

    with pytest.raises(Forbidden, match=r"robots\.txt"):
        await fetch(site.url("/open"), cap=BodyCap.PAGE)
    assert site.asked("/desk") == []


@pytest.mark.parametrize(
    "reply",
    [
        NOT_FOUND,
        Reply(status=403),
        html("<html><title>not a robots.txt</title></html>"),
        Reply(body=b"\xff\xfe\x00garbage"),
        redirect("http://127.0.0.2/"),
        redirect("/robots.txt"),
        Reply(body=b"x" * 600_000),
    ],
)
async def test_a_site_without_rules_is_open(site: Site, fetch: Fetcher, reply: Reply) -> None:
    """No file, no access to it, a file that is none, too long a one: as if there were none."""
    site.serve("/robots.txt", reply)
    site.serve("/page", html("<p>x"))

    assert (await fetch(site.url("/page"), cap=BodyCap.PAGE)).capture is not None


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        (Reply(status=503, headers=(("Retry-After", "60"),)), 503),
        (Reply(status=429), 429),
        (Reply(status=500), 500),
        (Reply(reset_after=1, body=b"xxx"), None),
    ],
)
async def test_a_failing_robots_txt_is_no_leave_and_not_for_ever(site: Site, reply: Reply, status: int | None) -> None:
    """Nothing is fetched while it fails, and all goes on when it answers; a pause that it names is one of its host."""
    clock = Clock()
    site.serve("/robots.txt", reply, RULES)
    site.serve("/page", html("<p>x"))

    async with open_fetcher(settings_for(site), clock) as fetch:
        with pytest.raises(Unreachable, match=r"robots\.txt could not be read") as raised:
            await fetch(site.url("/page"), cap=BodyCap.PAGE)
        assert raised.value.status == status
        assert raised.value.retry_at == (NOW + timedelta(seconds=60) if status == 503 else None)
        assert site.asked("/page") == []
        if status in (503, 429):
            with pytest.raises(Held):
                await fetch(site.url("/page"), cap=BodyCap.PAGE)
        clock.now = NOW + timedelta(seconds=60)
        await fetch(site.url("/page"), cap=BodyCap.PAGE)

    assert [seen.path for seen in site.log] == ["/robots.txt", "/robots.txt", "/page"]


async def test_a_pause_that_robots_txt_names_is_kept_although_an_old_copy_is_known(site: Site) -> None:
    """The old copy would let the page through; the host wants no request at all."""
    clock = Clock()
    site.serve("/robots.txt", RULES, Reply(status=503, headers=(("Retry-After", "600"),)))
    site.serve("/page", html("<p>x"))
    async with open_fetcher(settings_for(site), clock) as fetch:
        await fetch(site.url("/page"), cap=BodyCap.PAGE)
        clock.now = NOW + timedelta(hours=25)
        with pytest.raises(Unreachable):
            await fetch(site.url("/page"), cap=BodyCap.PAGE)

    assert len(site.asked("/page")) == 1


async def test_a_copy_outlives_the_process(site: Site) -> None:
    """Read once a day however often the program starts; after a day an old copy stands in while there is no other."""
    clock, book = Clock(), Book()
    site.serve("/robots.txt", RULES, Reply(status=500), RULES)
    site.serve("/page", html("<p>x"))
    for hours, reads, refusal in ((0, 1, Forbidden), (23, 1, Forbidden), (25, 2, Unreachable), (26, 3, Forbidden)):
        clock.now = NOW + timedelta(hours=hours)
        async with open_fetcher(settings_for(site), clock, book) as fetch:
            await fetch(site.url("/page"), cap=BodyCap.PAGE)
            with pytest.raises(refusal, match=r"robots\.txt"):
                await fetch(site.url("/desk"), cap=BodyCap.PAGE)
        assert reads == len(site.asked("/robots.txt"))


async def test_that_there_is_none_outlives_the_process_too(site: Site) -> None:
    """And so does a Crawl-delay."""
    book = Book()
    site.serve("/page", html("<p>x"))
    for _ in range(3):
        async with open_fetcher(settings_for(site), Clock(), book) as fetch:
            await fetch(site.url("/page"), cap=BodyCap.PAGE)

    assert len(site.asked("/robots.txt")) == 1


async def test_a_long_file_is_obeyed_and_not_kept(site: Site) -> None:
    """The book stays small whatever hosts write."""
    book = Book()
    site.serve("/robots.txt", Reply(body=RULES.body + b"# x\n" * 10_000))
    site.serve("/page", html("<p>x"))
    async with open_fetcher(settings_for(site), Clock(), book) as fetch:
        await fetch(site.url("/page"), cap=BodyCap.PAGE)
        with pytest.raises(Forbidden):
            await fetch(site.url("/desk"), cap=BodyCap.PAGE)

    assert book.states == {}


@pytest.mark.parametrize("delay", ["nan", "-5", "inf", "1e400", "soon"])
async def test_a_crawl_delay_that_is_none_is_no_trouble(site: Site, fetch: Fetcher, delay: str) -> None:
    """The page comes; what follows it may wait, for a minute at the most."""
    site.serve("/robots.txt", Reply(body=f"User-agent: *\nCrawl-delay: {delay}\n".encode()))
    url = site.serve("/page", html("<p>x"))

    assert (await fetch(url, cap=BodyCap.FEED)).capture is not None
    assert (await fetch(url, cap=BodyCap.FEED)).capture is not None


async def test_a_copy_is_good_for_a_day_and_outlives_a_failure(site: Site) -> None:
    """After a day it is read again; if it fails then, the old copy holds for minutes, and refuses nothing for good."""
    clock = Clock()
    site.serve("/robots.txt", RULES, Reply(status=500), RULES)
    site.serve("/page", html("<p>x"))
    steps: tuple[tuple[float, int, type[Exception]], ...] = (
        (0, 1, Forbidden),
        (23 * 60, 1, Forbidden),
        (25 * 60, 2, Unreachable),
        (25 * 60 + 9, 2, Unreachable),
        (25 * 60 + 11, 3, Forbidden),
        (48 * 60, 3, Forbidden),
    )
    async with open_fetcher(settings_for(site), clock) as fetch:
        for minutes, reads, refusal in steps:
            clock.now = NOW + timedelta(minutes=minutes)
            await fetch(site.url("/page"), cap=BodyCap.PAGE)
            with pytest.raises(refusal, match=r"robots\.txt"):
                await fetch(site.url("/desk"), cap=BodyCap.PAGE)
            assert reads == len(site.asked("/robots.txt"))
