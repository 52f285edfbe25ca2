"""The browser as tests start it: impatient, and without its own sandbox, which Chromium has not for root."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from spiders.browser import Browser, BrowserSettings
from spiders.chromium import ChromiumSettings, find_program
from spiders.page_visit import Patience
from tests.rig.site import Reply

NOW = datetime(2026, 8, 6, 12, 0, tzinfo=UTC)
USER_AGENT = "Pursestrings/0.1.0 (+desk@example.org; Metro desk)"
SETTINGS = BrowserSettings(
    user_agent=USER_AGENT, chromium=ChromiumSettings(sandbox=False), patience=Patience(seconds=30.0)
)

needs_chromium = pytest.mark.skipif(find_program("") is None, reason="no chromium: pages in the browser")


def browser(settings: BrowserSettings = SETTINGS, **patience: Any) -> Browser:
    """Return a browser at a fixed time; `patience` are seconds, grace and memory."""
    return Browser(
        settings=replace(settings, patience=replace(settings.patience, **patience)),
        clock=lambda: NOW,
    )


def script(text: str, *headers: tuple[str, str]) -> Reply:
    """Return a script."""
    return Reply(headers=(("Content-Type", "text/javascript"), *headers), body=text.encode())


def data(value: object) -> Reply:
    """Return JSON."""
    return Reply(headers=(("Content-Type", "application/json"),), body=json.dumps(value).encode())


def started_by(process: int) -> dict[int, str]:
    """Return the processes below one that run a browser or its driver, by id; those that ended are left out."""
    parents, found = {process}, dict[int, str]()
    rows = sorted((int(path.name), path) for path in Path("/proc").iterdir() if path.name.isdecimal())
    for number, path in rows * 2:
        try:
            state, parent = (path / "stat").read_text().rpartition(")")[2].split()[:2]
            line = (path / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
        if int(parent) in parents and state != "Z":
            parents.add(number)
            if "chromium" in line or "run-driver" in line:
                found[number] = line
    return found
