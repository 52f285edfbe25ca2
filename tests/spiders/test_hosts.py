"""Hosts: a pause that one asks for holds every request to it, over restarts too, and no other host."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from facts.errors import Held, StorageError, Unreachable
from facts.host import HostState
from spiders.answers import MAX_RETRY_AFTER
from spiders.fetcher import open_fetcher
from spiders.fetching import BodyCap
from spiders.hosts import LONGEST_PAUSE, MOST_HOSTS, Hosts, NoBook, after_answer, host_of, is_blocked
from tests.rig.site import Reply, Site, html, open_site, redirect
from tests.spiders.conftest import NOW, settings_for
from tests.spiders.test_robots import Book, Clock

HOST = HostState(host="https://a.example")
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://A.Example/x?y", "https://a.example"),
        ("http://a.example:8080/", "http://a.example:8080"),
        ("http://me:secret@a.example/", "http://a.example"),
    ],
)
def test_a_host_has_a_scheme_and_a_port(url: str, host: str) -> None:
    """As its robots.txt has; no name or password of a reader is part of it."""
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("status", "retry_after", "seconds"),
    [(429, "90", 90), (503, "90", 90), (429, None, 60), (429, "soon", 60), (503, None, None), (500, "90", None)],
)
def test_what_holds_a_host(status: int, retry_after: str | None, seconds: int | None) -> None:
    """The time that 429 or 503 names; 429 alone a minute; another error is its page's own."""
    headers = (("Retry-After", retry_after),) if retry_after else ()
    after = after_answer(HOST, status, headers, NOW)

    assert after.blocked_until == (NOW + timedelta(seconds=seconds) if seconds else None)
    assert is_blocked(after, NOW) == (seconds is not None)
    assert (after is HOST) == (seconds is None)


def test_each_429_in_a_row_holds_longer_and_any_answer_ends_it() -> None:
    """A minute, doubled up to an hour."""
    state, waits = HOST, []
    for _ in range(8):
        state = after_answer(state, 429, (), NOW)
        assert state.blocked_until is not None
        waits.append((state.blocked_until - NOW) / MINUTE)

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    assert LONGEST_PAUSE / MINUTE == 60
    assert after_answer(state, 304, (), NOW) == HOST


def test_a_time_beyond_any_that_is_kept_to_holds_nothing() -> None:
    """A clock that had gone ahead must not silence a host for years."""
    assert is_blocked(replace(HOST, blocked_until=NOW + MAX_RETRY_AFTER), NOW)
    assert not is_blocked(replace(HOST, blocked_until=NOW + MAX_RETRY_AFTER + MINUTE), NOW)


async def test_a_pause_holds_all_of_a_host_and_outlives_the_process(site: Site) -> None:
    """Other feeds, pages, and redirects that lead there; when it is over, all go on."""
    clock, book = Clock(), Book()
    site.serve("/busy", Reply(status=429, headers=(("Retry-After", "300"),)))
    site.serve("/other", html("<p>x"))
    async with open_fetcher(settings_for(site), clock, book) as fetch:
        with pytest.raises(Unreachable, match="429"):
            await fetch(site.url("/busy"), cap=BodyCap.FEED)
        with pytest.raises(Held, match=r"wants no request before 2026-08-06 12:05 UTC \(HTTP 429") as raised:
            await fetch(site.url("/other"), cap=BodyCap.PAGE)
    assert raised.value.retry_at == NOW + 5 * MINUTE

    clock.now = NOW + 4 * MINUTE
    async with open_fetcher(settings_for(site), clock, book) as fetch:
        with pytest.raises(Held):
            await fetch(site.url("/other"), cap=BodyCap.FEED)
        clock.now = NOW + 5 * MINUTE
        await fetch(site.url("/other"), cap=BodyCap.FEED)

    assert [seen.path for seen in site.log] == ["/robots.txt", "/busy", "/other"]
    assert [state.failures for state in book.states.values()] == [0]


async def test_a_redirect_does_not_lead_around_a_pause(site: Site) -> None:
    """Each hop is a request to its own host; the host that redirects is free."""
    async with open_site("127.0.0.2", site.port) as held:
        held.serve("/busy", Reply(status=503, headers=(("Retry-After", "300"),)))
        site.serve("/there", redirect(held.url("/page")))
        site.serve("/here", html("<p>x"))
        settings = settings_for(site)
        settings = replace(settings, allow_networks=(*settings.allow_networks, *settings_for(held).allow_networks))
        async with open_fetcher(settings, Clock()) as fetch:
            with pytest.raises(Unreachable, match="503"):
                await fetch(held.url("/busy"), cap=BodyCap.FEED)
            with pytest.raises(Held):
                await fetch(site.url("/there"), cap=BodyCap.PAGE)
            await fetch(site.url("/here"), cap=BodyCap.PAGE)
        assert [seen.path for seen in held.log] == ["/robots.txt", "/busy"]


async def test_what_nobody_changed_is_not_written(site: Site) -> None:
    """One write for a host's robots.txt, none for a poll."""
    book = CountingBook()
    site.serve("/feed", html("<p>x"))
    async with open_fetcher(settings_for(site), Clock(), book) as fetch:
        for _ in range(5):
            await fetch(site.url("/feed"), cap=BodyCap.FEED)

    assert book.sizes == [1]


async def test_a_book_that_cannot_be_written_holds_up_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """What it could not take is written later, at the end at the latest."""
    book = CountingBook(broken=1)
    hosts = Hosts(book, {}, lambda: NOW)
    hosts.put(replace(HOST, failures=1))
    await hosts.close()

    assert book.sizes == [1]
    assert "could not be written: disk full" in caplog.text


async def test_only_so_many_hosts_are_remembered() -> None:
    """Those that want a pause are forgotten last."""
    hosts = Hosts(NoBook(), {}, lambda: NOW)
    hosts.put(replace(HOST, blocked_until=NOW + MINUTE))
    for number in range(2 * MOST_HOSTS):
        hosts.put(HostState(host=f"https://{number}.example", robots_until=NOW + number * MINUTE))
    await hosts.close()

    assert hosts.state(HOST.host).blocked_until == NOW + MINUTE
    assert hosts.state("https://0.example").robots_until is None
    assert hosts.state(f"https://{2 * MOST_HOSTS - 1}.example").robots_until is not None


class CountingBook(NoBook):
    """Counts what is written; cannot be written the first so many times."""

    def __init__(self, broken: int = 0) -> None:
        self.sizes: list[int] = []
        self._broken = broken

    def keep(self, states: Sequence[HostState]) -> None:
        if self._broken:
            self._broken -= 1
            msg = "disk full"
            raise StorageError(msg)
        self.sizes.append(len(states))
