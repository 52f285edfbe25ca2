"""robots.txt, for people to read."""

from __future__ import annotations

import pytest

from facts.errors import Forbidden, SourceError, Unreachable
from spiders.fetcher import Fetcher
from spiders.robots_files import Robots, RobotsFiles, by_robots
from tests.rig.site import Reply, Site


def robots(site: Site, text: str) -> None:
    """Serve a robots.txt."""
    site.serve("/robots.txt", Reply(headers=(("Content-Type", "text/plain"),), body=text.encode()))


async def test_what_it_says_of_an_address_is_told_and_it_is_read_once(site: Site, fetch: Fetcher) -> None:
    """With the delay it asks for and the sitemaps it names."""
    robots(site, "User-agent: *\nDisallow: /private\nCrawl-delay: 0.1\nSitemap: https://city.example/news.xml\n")
    files = RobotsFiles(fetch)
    allowed, refused = [await files.of(site.url(path), None) for path in ("/news", "/private/x")]

    assert allowed == Robots(says="allowed", delay=0.1, sitemaps=("https://city.example/news.xml",))
    assert refused.says == "disallowed"
    # The fetcher reads it for itself, once.
    assert len(site.asked("/robots.txt")) <= 2


async def test_a_site_without_the_file_has_no_rules(site: Site, fetch: Fetcher) -> None:
    """As RFC 9309 has it."""
    assert (await RobotsFiles(fetch).of(site.url("/news"), None)).says == "none"


async def test_a_file_that_cannot_be_read_is_said(site: Site, fetch: Fetcher) -> None:
    """It is no leave."""
    site.serve("/robots.txt", Reply(status=500))

    assert (await RobotsFiles(fetch).of(site.url("/news"), None)).says == "unreadable"


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (Forbidden("the robots.txt of its site disallows it"), "disallowed"),
        (Forbidden("10.0.0.1 is private"), "not asked"),
        (Unreachable("connection refused"), "not asked"),
    ],
)
async def test_a_host_that_did_not_answer_is_not_asked_again(
    site: Site, fetch: Fetcher, error: SourceError, says: str
) -> None:
    """Nor one that must not be."""
    assert (await RobotsFiles(fetch).of(site.url("/news"), error)).says == says
    assert site.log == []


def test_the_file_is_told_from_the_address() -> None:
    """Both are the same error."""
    assert by_robots(Forbidden("the robots.txt of its site disallows it"))
    assert not by_robots(Forbidden("port 25 is not allowed"))
