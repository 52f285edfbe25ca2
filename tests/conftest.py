"""What holds for every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from spiders.forking import ForkServer

# A time says more of the machine than of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def fork_server() -> Iterator[ForkServer]:
    """One for all tests: its start costs as much as most of them."""
    server = ForkServer()
    yield server
    server.close()
