"""The archive of the samples, written once: nothing that the tests do may change it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.archive.newsroom import Newsroom, archive, fill
from tests.rig.corpora import CORPORA


@pytest.fixture(scope="session")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """Open the archive of the samples."""
    folder = tmp_path_factory.mktemp("newsroom")
    with archive(folder) as stores:
        yield fill(folder, stores)


@pytest.fixture(scope="session")
def xss_lines() -> list[str]:
    """Return the lines that try to run a script."""
    return [line for line in _corpus("xss-lines.txt").splitlines() if line.strip()]


@pytest.fixture(scope="session")
def traversal_lines() -> list[str]:
    """Return the lines that try to leave a folder."""
    return [line for line in _corpus("traversal-lines.txt").splitlines() if line.strip()]


@pytest.fixture(scope="session")
def naughty_strings() -> list[str]:
    """Return the strings that break naive programs."""
    strings: list[str] = json.loads(_corpus("naughty-strings.json"))
    return strings


def _corpus(name: str) -> str:
    path = CORPORA / name
    if not path.exists():
        pytest.skip(f"1 corpus absent: {name}; set PURSESTRINGS_CORPORA")
    return path.read_text(encoding="utf-8", errors="replace")
