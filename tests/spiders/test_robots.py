"""robots.txt: obeyed, kept for a day, and its failures taken as RFC 9309 says."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from facts.errors import Forbidden, Unreachable
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
    "reply", [Reply(status=503, headers=(("Retry-After", "60"),)), Reply(reset_after=1, body=b"xxx")]
)
async def test_a_failing_robots_txt_is_no_leave_and_not_for_ever(site: Site, fetch: Fetcher, reply: Reply) -> None:
    """Nothing is fetched while it fails; when it answers again, all goes on."""
    site.serve("/robots.txt", reply, RULES)
    site.serve("/page", html("<p>x"))

    with pytest.raises(Unreachable, match=r"robots\.txt could not be read") as raised:
        await fetch(site.url("/page"), cap=BodyCap.PAGE)
    assert (raised.value.status, raised.value.retry_at) in ((503, NOW + timedelta(seconds=60)), (None, None))
    assert site.asked("/page") == []
    await fetch(site.url("/page"), cap=BodyCap.PAGE)


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
