"""The engine's settings, and that it opens no door."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from scrapy.utils.reactor import is_reactor_installed

from spiders.engine import NothingScheduled
from spiders.fetcher import Fetcher
from spiders.fetching import BodyCap
from spiders.guard import GuardedHandler
from tests.rig.site import Reply, Site

EXPECTED = {
    "REMOTE_CONTROL_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "ROBOTSTXT_OBEY": True,
    "HTTPPROXY_ENABLED": False,
    "COOKIES_ENABLED": False,
    "REFERER_ENABLED": False,
    "REDIRECT_MAX_TIMES": 5,
    "METAREFRESH_ENABLED": False,
    "RETRY_ENABLED": False,
    "COMPRESSION_ENABLED": False,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "DOWNLOAD_MAXSIZE": 16 * 1024 * 1024,
    "TWISTED_REACTOR_ENABLED": False,
}


def listeners() -> set[str]:
    """Return the sockets of this process that listen."""
    inodes = set()
    for link in Path("/proc/self/fd").iterdir():
        try:
            target = str(link.readlink())
        except OSError:
            continue
        if target.startswith("socket:["):
            inodes.add(target[len("socket:[") : -1])
    rows = [
        row.split() for name in ("tcp", "tcp6") for row in Path(f"/proc/self/net/{name}").read_text().splitlines()[1:]
    ]
    return {row[1] for row in rows if row[3] == "0A" and row[9] in inodes}


async def test_S26_effective_settings(fetch: Fetcher) -> None:
    """What the engine runs with, not what was meant; certificates are checked by the context that is used."""
    crawler = fetch._crawler

    assert {name: crawler.settings[name] for name in EXPECTED} == EXPECTED
    handlers = crawler.engine.downloader.handlers
    assert {"http", "https"} == set(handlers._schemes)
    assert {GuardedHandler} == {type(handlers._get_handler(scheme)) for scheme in ("http", "https")}
    handler = handlers._get_handler("https")
    assert isinstance(handler, GuardedHandler)
    assert handler._verified.check_hostname
    assert handler._verified.verify_mode.name == "CERT_REQUIRED"
    names = [type(middleware).__name__ for middleware in crawler.engine.downloader.middleware.middlewares]
    assert names == ["RobotsMiddleware", "UserAgentMiddleware", "SafeRedirectMiddleware"]


@pytest.mark.skipif(sys.platform != "linux", reason="the list of sockets is Linux's")
async def test_S26_no_listener_during_a_fetch(site: Site, fetch: Fetcher) -> None:
    """The only listening socket of the process is the test's own site, and there is no reactor."""
    before = listeners()
    url = site.serve("/slow", Reply(body=b"abc", drip=0.02))

    running = asyncio.create_task(fetch(url, cap=BodyCap.PAGE))
    await site.wait_for("/slow")
    during = listeners()
    await running

    assert before == during
    assert any(address.endswith(f":{site.port:04X}") for address in during)
    assert not is_reactor_installed()


def test_nothing_is_ever_scheduled() -> None:
    """Each fetch is asked for directly."""
    scheduler = NothingScheduled()

    assert not scheduler.has_pending_requests()
    assert scheduler.next_request() is None
