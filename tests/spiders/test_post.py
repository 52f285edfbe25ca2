"""What is sent by POST: as it is, to the host that was asked, and to no other."""

from __future__ import annotations

import pytest

from facts.errors import Forbidden, Unreachable
from facts.visit import Remembered
from spiders.fetcher import Fetcher
from spiders.fetching import BodyCap, request_name
from tests.rig.site import Reply, Site, open_site, redirect

QUESTION = b'{"keyword": "grants"}'


async def test_a_post_carries_its_json(site: Site, fetch: Fetcher) -> None:
    """With its length and type, and no validators; a GET has no body and no length."""
    url = site.serve("/api", Reply(body=b"{}", etag='"1"'))

    answer = await fetch(url, cap=BodyCap.FEED, data=QUESTION, validators=Remembered(url=url, etag='"1"'))
    await fetch(url, cap=BodyCap.FEED)

    post, get = site.asked("/api")
    assert (post.method, post.body, post.header("Content-Type")) == ("POST", QUESTION, "application/json")
    assert (post.header("Accept"), post.header("If-None-Match")) == ("application/json", None)
    assert (get.method, get.body, get.header("Content-Length")) == ("GET", b"", None)
    assert answer.capture is not None
    assert answer.capture.url == answer.url == request_name(url, QUESTION) != request_name(url, b"{}")
    assert url == request_name(url, None)


@pytest.mark.parametrize("status", [307, 308])
async def test_a_redirect_that_keeps_the_question_is_followed(site: Site, fetch: Fetcher, status: int) -> None:
    """On the same host."""
    url = site.serve("/old", redirect("/new", status))
    site.serve("/new", Reply(body=b"{}"))

    await fetch(url, cap=BodyCap.FEED, data=QUESTION)

    assert [(seen.method, seen.body) for seen in site.asked("/new")] == [("POST", QUESTION)]


@pytest.mark.parametrize("status", [301, 302, 303])
async def test_a_redirect_that_would_drop_the_question_is_not(site: Site, fetch: Fetcher, status: int) -> None:
    """What a GET answers there was not asked for."""
    url = site.serve("/old", redirect("/new", status))

    with pytest.raises(Unreachable, match=str(status)):
        await fetch(url, cap=BodyCap.FEED, data=QUESTION)

    assert site.asked("/new") == []


@pytest.mark.parametrize(
    "location", ["http://localhost:{port}/in", "//[::1]:{port}/in", "ftp://127.0.0.1/in", "http://["]
)
async def test_no_other_host_is_told_what_was_asked(site: Site, fetch: Fetcher, location: str) -> None:
    """Not even by the redirect that keeps it."""
    async with open_site() as other:
        url = site.serve("/old", redirect(location.format(port=other.port), 307))

        with pytest.raises(Unreachable, match="307"):
            await fetch(url, cap=BodyCap.FEED, data=QUESTION)

        assert other.log == []


async def test_the_guard_stands_before_a_post_too(fetch: Fetcher) -> None:
    """The address rule knows no methods."""
    with pytest.raises(Forbidden):
        await fetch("http://10.0.0.1/api", cap=BodyCap.FEED, data=QUESTION)


async def test_robots_txt_is_obeyed_by_a_post(site: Site, fetch: Fetcher) -> None:
    """It is asked for by GET."""
    site.serve("/robots.txt", Reply(headers=(("Content-Type", "text/plain"),), body=b"User-agent: *\nDisallow: /api\n"))

    with pytest.raises(Forbidden, match=r"robots\.txt"):
        await fetch(site.url("/api"), cap=BodyCap.FEED, data=QUESTION)

    assert [seen.method for seen in site.log] == ["GET"]
