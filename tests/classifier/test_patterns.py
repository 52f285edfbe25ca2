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


def run(pattern: re.Pattern[str], text: str) -> None:
    deque(pattern.finditer(text), maxlen=0)


@pytest.mark.nightly
@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_is_linear(name: str) -> None:
    """On 80,000 hostile characters it takes under 100 ms, and at most 2.5 times what it takes on half of them."""
    slow = {}
    for attack, piece in ATTACKS.items():
        text = piece * (80_000 // len(piece))
        long = least_seconds(partial(run, PATTERNS[name], text), tries=1)
        if long > LIMIT / 4:
            short = least_seconds(partial(run, PATTERNS[name], text[:40_000]))
            long = least_seconds(partial(run, PATTERNS[name], text))
            if long > LIMIT or long > 2.5 * short:
                slow[attack] = (short, long)

    assert slow == {}


def test_patterns_were_found() -> None:
    """The walk sees the package."""
    assert "classifier.deadline_dates._DATED" in PATTERNS
