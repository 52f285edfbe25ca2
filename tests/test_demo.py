"""The main job, end to end: an invented August 2017 through the whole pipeline."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from facts.alert import Reason
from facts.event import LETTER, RESPONSE
from pursestrings.demo.configuring import demo_config
from pursestrings.demo.drive import DemoClock, drive
from pursestrings.demo.server import serve_world
from pursestrings.demo.texts import load_world
from pursestrings.opening import load_config, writing
from pursestrings.wiring import open_pipeline
from tests.pursestrings.demo.orders import ORDERS, thinned
from tests.scheduler.rig import LedgerChannel

CITIES = ["Albuquerque, NM", "Baltimore, MD", "San Bernardino, CA", "Stockton, CA"]


def run_demo(data: Path) -> list[dict[str, Any]]:
    """Type the command; return its JSON lines."""
    command = [sys.executable, "-m", "pursestrings.cli", "demo", "--once", "--json", "--data", str(data)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "TZ": "UTC"})
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_demo_tells_one_story_and_four_answers_and_nothing_twice(tmp_path: Path) -> None:
    """One new story with its four places and its deadline, one follow-up a city; a second run has nothing to tell."""
    told = run_demo(tmp_path)
    first, answers = told[0], told[1:]

    assert {"label", "places", "deadline", "url", "channel", "reason"} <= first.keys()
    assert (first["reason"], first["label"]) == ("new-story", LETTER)
    assert (sorted(first["places"]), first["deadline"]) == (CITIES, "2017-08-18")
    assert {(one["reason"], one["label"]) for one in answers} == {("follow-up", RESPONSE)}
    assert sorted(one["places"][0].partition(":")[0] for one in answers) == CITIES
    assert run_demo(tmp_path) == []


# The first of them, in which nothing is moved, is that of the command.
@pytest.mark.parametrize("order", [order for order, times in ORDERS.items() if times])
async def test_whichever_comes_first_it_is_one_story(tmp_path: Path, order: str) -> None:
    """The release, the letter itself or a wire copy may open it; the desk hears the same five things."""
    world = thinned(load_world(), ORDERS[order])
    clock, desk = DemoClock(world.start), LedgerChannel()
    async with serve_world(world, clock) as base:
        path = tmp_path / "config.toml"
        path.write_text(demo_config(base, str(tmp_path)), encoding="utf-8")
        config = load_config(path, {})
        with writing(config, clock()) as stores:
            async with open_pipeline(config, stores, clock=clock, jitter=lambda: 0.0, end_pause=0.0) as pipeline:
                heard = replace(pipeline, channels={"desk": desk, "paper": LedgerChannel()})
                await drive(heard, world, clock, lambda _moment, _share: None)

    assert Counter((message.reason, message.label) for message in desk.messages) == {
        (Reason.NEW_STORY, LETTER): 1,
        (Reason.FOLLOW_UP, RESPONSE): 4,
    }
    assert sorted(desk.messages[0].places) == CITIES
    assert sorted(str(message.place) for message in desk.messages[1:]) == CITIES
