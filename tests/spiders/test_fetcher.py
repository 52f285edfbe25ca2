"""The fetcher against a scripted site: what it sends, what it takes, and how each failure is named."""

from __future__ import annotations

import asyncio
import gc
import gzip
import logging
import resource
import time
import zlib
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import brotli  # type: ignore[import-untyped]  # it ships no stubs
import pytest

from facts.errors import Blocked, Forbidden, SourceError, Unreachable, Unreadable
from facts.visit import Remembered
from spiders.fetcher import Fetcher, open_fetcher, user_agent
from spiders.fetching import BodyCap
from spiders.wall import wall
from tests.rig.site import NOT_FOUND, Reply, Site, html, open_site, redirect
from tests.spiders.conftest import NOW, USER_AGENT, settings_for

MIB = 1024 * 1024


def bomb(pieces: int) -> Iterator[bytes]:
    """Yield gzip of `pieces` MiB of zeros, a thousandth of its size: one packed piece, again and again."""
    packer = zlib.compressobj(9, wbits=31)
    zeros = bytes(MIB)
    yield packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)
    for _ in range(pieces - 1):
        yield piece


async def test_an_answer_is_captured_as_served(site: Site, fetch: Fetcher) -> None:
    """Status, headers in their order and as written, body, media type and time."""
    headers = (
        ("content-TYPE", "Text/HTML; charset=x"),
        ("X-Twice", "1"),
        ("Connection", "keep-alive"),
        ("X-Twice", "2"),
    )
    url = site.serve("/page", Reply(headers=headers, body=b"<p>Hello"))

    answer = await fetch(url, cap=BodyCap.PAGE)

    assert answer.capture is not None
    assert (*headers, ("Content-Length", "8")) == answer.capture.headers
    assert (url, 200, b"<p>Hello", "text/html", NOW) == (
        answer.capture.url,
        answer.capture.status,
        answer.capture.body,
        answer.capture.media_type,
        answer.capture.fetched_at,
    )
    assert (url, url) == (answer.url, answer.final_url)


async def test_every_byte_is_counted(site: Site, fetch: Fetcher) -> None:
    """Status lines and headers too, and those of a redirect; robots.txt is nobody's."""
    site.serve("/b", Reply(headers=(("X", "y"),), body=b"<p>b"))
    url = site.serve("/a", redirect("/b"))
    hop = "HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n"
    page = "HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 4\r\n\r\n<p>b"

    assert (await fetch(url, cap=BodyCap.PAGE)).bytes == len(hop) + len(page)


@pytest.mark.parametrize(
    "headers",
    [[("X", "x" * 30_000)] * 10, [("X", "x")] * 1100, [("X", "x" * 10_000_000)]],
    ids=["long together", "many", "one too long"],
)
async def test_headers_are_capped(site: Site, fetch: Fetcher, headers: list[tuple[str, str]]) -> None:
    """More than 256 KiB of them, more than 1,000, or one of more than 64 KiB: that is no answer to keep."""
    url = site.serve("/page", Reply(headers=tuple(headers), body=b"<p>x"))

    with pytest.raises(Unreadable, match="headers"):
        await fetch(url, cap=BodyCap.PAGE)


async def test_many_and_long_headers_are_taken(site: Site, fetch: Fetcher) -> None:
    """Some sites send more of them than most clients take."""
    headers = (*((f"X-{number}", "y" * 200) for number in range(900)), ("Long", "z" * 60_000))
    url = site.serve("/page", Reply(headers=headers, body=b"<p>x"))

    answer = await fetch(url, cap=BodyCap.PAGE)

    assert answer.capture is not None
    assert len(answer.capture.headers) == 902
    assert answer.bytes > 900 * 200 + 60_000


async def test_requests_are_honest_and_bare(site: Site, fetch: Fetcher) -> None:
    """Our name and a contact; no cookie, no Referer, no body, even after a redirect that sets a cookie."""
    site.serve("/b", html("<p>b"))
    url = site.serve("/a", Reply(status=302, headers=(("Location", "/b"), ("Set-Cookie", "id=1"))))

    await fetch(url, cap=BodyCap.PAGE)
    await fetch(url, cap=BodyCap.PAGE)

    names = {name.lower() for seen in site.log for name, _ in seen.headers}
    assert {"host", "user-agent", "accept", "accept-encoding"} == names
    assert {USER_AGENT} == {seen.header("User-Agent") for seen in site.log}
    assert [seen.path for seen in site.log] == ["/robots.txt", "/a", "/b", "/a", "/b"]


def test_the_user_agent_names_a_contact_and_cannot_be_broken() -> None:
    """Whatever the operator writes stays inside the comment of one header line."""
    assert user_agent(version="0.1.0", contact="desk@example.org", name="Metro desk") == USER_AGENT
    assert user_agent(version="1", contact="a)\r\nX: b", name="é") == "Pursestrings/1 (+a___X: b; _)"
    assert user_agent(version="1", contact="") == "Pursestrings/1"


async def test_validators_are_echoed_and_never_invented(site: Site, fetch: Fetcher) -> None:
    """An ETag alone is sent alone; a date alone likewise; a 304 has no capture."""
    url = site.serve("/feed", Reply(etag='W/"x y"', body=b"1"))
    dated = site.serve("/dated", Reply(last_modified="yesterday, about noon", body=b"1"))
    one = await fetch(url, cap=BodyCap.FEED)
    two = await fetch(dated, cap=BodyCap.FEED)

    again = await fetch(url, cap=BodyCap.FEED, validators=Remembered(url=url, etag=one.etag))
    await fetch(dated, cap=BodyCap.FEED, validators=Remembered(url=dated, last_modified=two.last_modified))

    assert (again.capture, again.etag, again.last_modified) == (None, 'W/"x y"', None)
    assert tuple(site.asked("/feed")[1].header(n) for n in ("If-None-Match", "If-Modified-Since")) == ('W/"x y"', None)
    assert tuple(site.asked("/dated")[1].header(n) for n in ("If-None-Match", "If-Modified-Since")) == (
        None,
        "yesterday, about noon",
    )


async def test_a_304_nobody_asked_for_is_no_answer(site: Site, fetch: Fetcher) -> None:
    """Without validators a 304 says nothing."""
    url = site.serve("/feed", Reply(status=304))

    with pytest.raises(Unreachable) as raised:
        await fetch(url, cap=BodyCap.FEED)
    assert raised.value.status == 304


@pytest.mark.parametrize("status", [201, 202, 204, 206, 300, 400, 401, 403, 404, 410, 429, 500, 503, 599])
async def test_only_200_is_success(site: Site, fetch: Fetcher, status: int) -> None:
    """Every other status is Unreachable and carries its number."""
    url = site.serve("/x", Reply(status=status) if status != 599 else Reply(status=504))

    with pytest.raises(Unreachable, match="HTTP") as raised:
        await fetch(url, cap=BodyCap.PAGE)

    assert raised.value.status == (504 if status == 599 else status)
    assert raised.value.url == url


async def test_retry_after_is_carried(site: Site, fetch: Fetcher) -> None:
    """The scheduler learns when to come back."""
    url = site.serve("/x", Reply(status=429, headers=(("Retry-After", "120"),)))

    with pytest.raises(Unreachable) as raised:
        await fetch(url, cap=BodyCap.PAGE)
    assert NOW + timedelta(seconds=120) == raised.value.retry_at


async def test_a_wall_is_blocked_whatever_its_status(site: Site, fetch: Fetcher) -> None:
    """A challenge with 200 is no document."""
    wall = "<html><meta http-equiv='refresh' content=\"5; URL='/news?bm-verify=A'\"><title>&nbsp;</title></html>"
    url = site.serve("/news", html(wall))

    with pytest.raises(Blocked, match="Akamai"):
        await fetch(url, cap=BodyCap.PAGE)


async def test_no_listener_no_dns_and_reset_are_unreachable(site: Site, fetch: Fetcher) -> None:
    """Refused, unknown, cut off in the middle: no answer."""
    cut = site.serve("/cut", Reply(body=b"x" * 1000, reset_after=10))
    async with open_site() as gone:
        closed = gone.url("/")
    elsewhere = closed.replace(str(gone.port), str(site.port)).replace("127.0.0.1", "no-such-host.invalid")

    for url in (cut, elsewhere, f"http://{'a' * 64}.example/"):
        with pytest.raises(Unreachable):
            await fetch(url, cap=BodyCap.PAGE)


async def test_redirects_are_followed_up_to_five(site: Site, fetch: Fetcher) -> None:
    """Five hops arrive, six do not, and a loop ends."""
    for number in range(6):
        site.serve(f"/{number}", redirect(f"/{number + 1}", status=(301, 302, 303, 307, 308, 302)[number]))
    site.serve("/6", html("<p>here"))
    site.serve("/loop", redirect("/loop"))

    answer = await fetch(site.url("/1"), cap=BodyCap.PAGE)

    assert (site.url("/1"), site.url("/6")) == (answer.url, answer.final_url)
    for path in ("/0", "/loop"):
        with pytest.raises(Unreachable, match="redirects"):
            await fetch(site.url(path), cap=BodyCap.PAGE)
    assert len(site.asked("/loop")) == 6


@pytest.mark.parametrize(
    "location",
    ["ftp://example.org/x", "file:///etc/hostname", "data:text/html,x", "javascript:1", "http://[", "http://x:99999/"],
)
async def test_a_redirect_to_another_scheme_is_not_followed(site: Site, fetch: Fetcher, location: str) -> None:
    """The answer stays a 302, which is no success."""
    url = site.serve("/a", redirect(location))

    with pytest.raises(Unreachable) as raised:
        await fetch(url, cap=BodyCap.PAGE)
    assert raised.value.status == 302


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_to_a_forbidden_address_is_refused(site: Site, fetch: Fetcher, status: int) -> None:
    """127.0.0.1 is allowed here; 127.0.0.2 is not, and is not dialled."""
    async with open_site("127.0.0.2", site.port) as canary:
        url = site.serve("/a", redirect(canary.url("/secret"), status))

        with pytest.raises(Forbidden, match=r"127\.0\.0\.2 is not global \(loopback\).*allow_networks"):
            await fetch(url, cap=BodyCap.PAGE)
        assert canary.log == []


async def test_a_port_that_is_not_listed_is_refused(site: Site, fetch: Fetcher) -> None:
    """Directly, and after a redirect."""
    async with open_site() as other:
        url = site.serve("/a", redirect(other.url("/")))

        for address in (url, other.url("/")):
            with pytest.raises(Forbidden, match=f"port {other.port}"):
                await fetch(address, cap=BodyCap.PAGE)
        assert other.log == []


async def test_the_deadline_covers_hops_and_body(site: Site) -> None:
    """A silent server, a dripping body and slow hops all end at the deadline; the next fetch is served."""
    site.serve("/hang", Reply(hang=True))
    site.serve("/drip", Reply(body=b"x" * 1000, drip=0.02))
    site.serve("/good", html("<p>good"))
    async with open_fetcher(settings_for(site, deadline=0.3), lambda: NOW) as fetch:
        for path in ("/hang", "/drip"):
            began = time.monotonic()
            with pytest.raises(Unreachable, match=r"within 0\.3 seconds|before the deadline"):
                await fetch(site.url(path), cap=BodyCap.PAGE)
            assert time.monotonic() - began < 10
        assert (await fetch(site.url("/good"), cap=BodyCap.PAGE)).capture is not None


async def test_S6_hanging_hosts_do_not_delay_good_ones(site: Site) -> None:
    """While other hosts hang, a good one answers at once."""
    async with open_site("127.0.0.1") as bad:
        bad.serve("/hang", Reply(hang=True))
        site.serve("/good", html("<p>good"))
        settings = settings_for(site, deadline=1.0)
        async with open_fetcher(settings, lambda: NOW) as fetch:
            names = [site.url("/hang").replace("127.0.0.1", host) for host in ("localhost", "LOCALHOST.")]
            site.serve("/hang", Reply(hang=True))
            hanging = [asyncio.create_task(fetch(name, cap=BodyCap.PAGE)) for name in names]
            began = time.monotonic()
            await fetch(site.url("/good"), cap=BodyCap.PAGE)
            took = time.monotonic() - began
            results = await asyncio.gather(*hanging, return_exceptions=True)

    assert took < 0.8
    assert all(isinstance(result, Unreachable) for result in results)


async def test_one_request_at_a_time_for_each_host(site: Site, fetch: Fetcher) -> None:
    """However many are asked for together."""
    site.serve("/slow", Reply(body=b"abc", drip=0.005))

    await asyncio.gather(*(fetch(site.url("/slow"), cap=BodyCap.FEED) for _ in range(8)))

    assert site.busiest == 1
    assert len(site.asked("/slow")) == 8


async def test_S4_a_gzip_bomb_is_cut_while_it_is_inflated(site: Site, fetch: Fetcher) -> None:
    """900 MiB in 0.9 MB: reading stops at the cap, and memory does not grow by much more than it."""
    packed = list(bomb(900))
    assert sum(map(len, packed)) < MIB
    site.serve("/bomb", Reply(headers=(("Content-Encoding", "gzip"),), stream=lambda: packed))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(Unreadable, match="cap of 4 MiB"):
        await fetch(site.url("/bomb"), cap=BodyCap.FEED)

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60 * 1024
    site.serve("/good", html("<p>good"))
    await fetch(site.url("/good"), cap=BodyCap.PAGE)


@pytest.mark.parametrize("encoding", ["br", "gzip, br", "deflate"])
async def test_other_bombs_are_cut_too(site: Site, fetch: Fetcher, encoding: str) -> None:
    """Brotli packs a thousand times tighter; encodings can be laid over one another."""
    zeros = bytes(40 * MIB)
    packed: bytes = zlib.compress(zeros)
    if encoding != "deflate":
        packed = brotli.compress(gzip.compress(zeros) if "gzip" in encoding else zeros, quality=5)
    url = site.serve("/bomb", Reply(headers=(("Content-Encoding", encoding),), body=packed))

    with pytest.raises(Unreadable, match="cap of 16 MiB"):
        await fetch(url, cap=BodyCap.PAGE)


async def test_S5_huge_bodies_are_cut(site: Site, fetch: Fetcher) -> None:
    """An endless chunked body stops being read; a Content-Length over the cap is not read at all."""
    piece = b"x" * 65536
    site.serve("/endless", Reply(stream=lambda: (piece for _ in range(10_000))))
    site.serve("/long", Reply(body=b"x" * (BodyCap.FEED.value + 1)))

    for path in ("/endless", "/long"):
        with pytest.raises(Unreadable, match="cap"):
            await fetch(site.url(path), cap=BodyCap.FEED)
    assert site.sent < 16 * MIB


async def test_a_body_in_the_wrong_encoding_is_unreadable(site: Site, fetch: Fetcher) -> None:
    """Plain text that calls itself gzip, gzip that stops, and an encoding nobody asked for."""
    packed = gzip.compress(b"hello" * 1000)
    cases = {"gzip": b"plain", "x-gzip": packed[:-4], "compress": b"x", ",".join(["gzip"] * 9): packed}

    for encoding, body in cases.items():
        url = site.serve("/x", Reply(headers=(("Content-Encoding", encoding),), body=body))
        with pytest.raises(Unreadable, match="encoding"):
            await fetch(url, cap=BodyCap.FEED)


async def test_it_opens_twice_and_leaves_nothing_behind(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """No task, no connection, no word in the log; a fetch that was under way ends with an error."""
    site.serve("/hang", Reply(hang=True))
    site.serve("/good", html("<p>good"))
    before = asyncio.all_tasks()
    with caplog.at_level(logging.INFO):
        for _ in range(2):
            async with open_fetcher(settings_for(site), lambda: NOW) as fetch:
                await fetch(site.url("/good"), cap=BodyCap.PAGE)
                left = asyncio.create_task(fetch(site.url("/hang"), cap=BodyCap.PAGE))
                await site.wait_for("/hang")
            with pytest.raises(Unreachable, match="closed"):
                await left
            with pytest.raises(Unreachable, match="closed"):
                await fetch(site.url("/good"), cap=BodyCap.PAGE)
            site.log.clear()
        gc.collect()
        await asyncio.sleep(0)

    assert {t for t in asyncio.all_tasks() - before if "Site.handle" not in repr(t)} == set()
    assert [record for record in caplog.records if record.name.startswith(("scrapy", "aiohttp", "asyncio"))] == []


async def test_a_cancelled_fetch_frees_its_host(site: Site, fetch: Fetcher) -> None:
    """The caller may go away; the next one is served when the deadline of the transfer has passed, or before."""
    site.serve("/hang", Reply(hang=True))
    site.serve("/good", html("<p>good"))
    left = asyncio.create_task(fetch(site.url("/hang"), cap=BodyCap.PAGE))
    await site.wait_for("/hang")

    left.cancel()

    with pytest.raises(asyncio.CancelledError):
        await left
    assert (await fetch(site.url("/good"), cap=BodyCap.PAGE)).capture is not None


@pytest.mark.parametrize(
    "url", ["", "http://", "http://%zz/", "http://exa mple.org/", "http://[::1", "x" * 9000, "http://\ud800/"]
)
async def test_a_url_that_is_none_is_refused(fetch: Fetcher, url: str) -> None:
    """Whatever a page calls a link, a SourceError comes back and nothing else."""
    with pytest.raises(SourceError):
        await fetch(url, cap=BodyCap.PAGE)


async def test_crawl_delay_lies_between_all_requests_of_a_host(site: Site, fetch: Fetcher) -> None:
    """A page after a feed, a feed after a page, another feed; only the pages of one API follow each other at once."""
    # The start of the reader is no wait for the host.
    await fetch.parse(wall, 200, (), b"")
    site.serve("/robots.txt", Reply(body=b"User-agent: *\nCrawl-delay: 0.3\n"))
    site.serve("/page", NOT_FOUND, html("<p>page"))
    for path in ("/feed", "/feed?page=1", "/other"):
        site.serve(path, html("<p>feed"))
    times = []

    with pytest.raises(Unreachable):
        await fetch(site.url("/page"), cap=BodyCap.PAGE)
    for path in ("/page", "/feed", "/feed?page=1", "/other", "/page"):
        times.append(time.monotonic())
        await fetch(site.url(path), cap=BodyCap.PAGE if path == "/page" else BodyCap.FEED)
    times.append(time.monotonic())

    waits = [later - earlier for earlier, later in pairwise(times)]
    assert [wait > 0.25 for wait in waits] == [True, True, False, True, True]


async def test_a_lone_feed_waits_for_nobody(site: Site, fetch: Fetcher) -> None:
    """A host that asks for a rest of minutes is polled by the feed's own interval, and rests behind it."""
    site.serve("/robots.txt", Reply(body=b"User-agent: *\nCrawl-delay: 420\n"))
    site.serve("/feed", html("<p>feed"))

    for _ in range(3):
        await fetch(site.url("/feed"), cap=BodyCap.FEED)
    waiting = asyncio.create_task(fetch(site.url("/page"), cap=BodyCap.PAGE))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)

    assert [seen.path for seen in site.log] == ["/robots.txt", "/feed", "/feed", "/feed"]


async def test_an_answer_says_how_long_it_stays_good(site: Site, fetch: Fetcher) -> None:
    """A 304 too."""
    url = site.serve("/feed", Reply(headers=(("Cache-Control", "max-age=900"),), etag='"1"', body=b"1"))
    first = await fetch(url, cap=BodyCap.FEED)
    second = await fetch(url, cap=BodyCap.FEED, validators=Remembered(url=url, etag=first.etag))

    assert (first.fresh_for, second.fresh_for) == (timedelta(minutes=15), timedelta(minutes=15))
    assert second.capture is None
