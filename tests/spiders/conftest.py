"""A site on loopback and a fetcher that may dial it, and nothing else of loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from ipaddress import ip_network

import pytest

from spiders.fetcher import Fetcher, FetchSettings, open_fetcher
from spiders.forking import ForkServer
from spiders.parsing import Parsers
from tests.rig.site import Site, open_site

NOW = datetime(2026, 8, 6, 12, 0, tzinfo=UTC)
USER_AGENT = "Pursestrings/0.1.0 (+desk@example.org; Metro desk)"


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with open_site() as site:
        yield site


def settings_for(site: Site, *, deadline: float = 5.0) -> FetchSettings:
    """Return settings that allow the site's own address and port."""
    return FetchSettings(
        user_agent=USER_AGENT,
        allow_networks=(ip_network(f"{site.host}/32"),),
        allow_ports=frozenset({80, 443, site.port}),
        deadline=deadline,
    )


@pytest.fixture
async def fetch(site: Site, fork_server: ForkServer) -> AsyncIterator[Fetcher]:
    async with open_fetcher(settings_for(site), lambda: NOW, parsers=Parsers(server=fork_server)) as fetcher:
        yield fetcher
