"""Every regular expression of the package is linear (S11)."""

from __future__ import annotations

import re
from collections import deque
from functools import partial
from importlib import import_module
from pkgutil import walk_packages

import pytest

import classifier
from tests.classifier.attacks import ATTACKS, least_seconds

MODULES = [found.name for found in walk_packages(classifier.__path__, "classifier.")]
PATTERNS = {
    f"{module}.{name}": value
    for module in MODULES
    for name, value in vars(import_module(module)).items()
    if isinstance(value, re.Pattern)
}
LIMIT = 0.1
#: Characters that a pattern is tried on: as long as a text gets, or as a line that the pattern is asked about.
LONG, LINE = 80_000, 200
OF_LINES = {f"classifier.stripping.{name}" for name in ("_DATELINE", "_ENDED", "_LINE", "_TOPPED")}


def run(pattern: re.Pattern[str], text: str) -> None:
    deque(pattern.finditer(text), maxlen=0)


@pytest.mark.nightly
@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_is_linear(name: str) -> None:
    """On 80,000 hostile characters it takes under 100 ms, and at most 2.5 times what it takes on half of them."""
    slow, length = {}, LINE if name in OF_LINES else LONG
    for attack, piece in ATTACKS.items():
        text = piece * (length // len(piece))
        long = least_seconds(partial(run, PATTERNS[name], text), tries=1)
        if long > LIMIT / 4:
            short = least_seconds(partial(run, PATTERNS[name], text[: length // 2]))
            long = least_seconds(partial(run, PATTERNS[name], text))
            if long > LIMIT or long > 2.5 * short:
                slow[attack] = (short, long)

    assert slow == {}


def test_patterns_were_found() -> None:
    """The walk sees the package."""
    assert "classifier.deadline_dates._DATED" in PATTERNS
    assert PATTERNS.keys() > OF_LINES
