from __future__ import annotations

import pytest

from pursestrings.demo.texts import load_world
from pursestrings.demo.world import World


@pytest.fixture(scope="session")
def world() -> World:
    """The invented August; frozen, so all tests may share it."""
    return load_world()
