"""`pursestrings poll`."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from pursestrings.opening import load_config, writing
from tests.archive import samples
from tests.pursestrings.commands.desk import FeedSite, run, write_config
from tests.rig.newsroom import item, rss

QUIET = item("Picnic moves indoors", "Rain is expected on Saturday.", "https://paper.example/picnic")
LETTER = item(samples.LETTER_TITLE, samples.LETTER_TEXT, "https://paper.example/letter")
#: The documented keys, in their order.
KEYS = [
    "pass",
    "sources",
    "requests",
    "bytes",
    "not_modified",
    "unchanged",
    "documents",
    "snapshots",
    "events",
    "errors",
    "cpu_seconds",
    "wall_seconds",
    "judging_cpu_seconds",
    "judging_wall_seconds",
]


def passes(result: Result) -> list[dict[str, Any]]:
    """Return the JSON lines; nothing else may be on stdout."""
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def desk(site: FeedSite, tmp_path: Path) -> Path:
    """Two feeds with an item each, and a configuration that names them."""
    site.pages.update({"/paper.xml": rss(QUIET), "/radio.xml": rss(item("Jazz at noon", "As ever."))})
    return write_config(tmp_path, site.base)


def test_each_pass_is_one_line_of_json_and_alerts_go_elsewhere(desk: Path, site: FeedSite) -> None:
    """What a first visit brings alerts nobody; the letter that follows is told on stderr."""
    first = run("poll", "--json", "--config", desk)
    site.pages["/paper.xml"] = rss(LETTER, QUIET)
    second = run("poll", "--json", "--passes", "2", "--config", desk)

    assert (first.exit_code, second.exit_code) == (0, 0), second.output
    (backlog,) = passes(first)
    news, again = passes(second)
    assert [list(one) for one in (backlog, news, again)] == [KEYS] * 3
    assert tuple(backlog[key] for key in ("pass", "sources", "documents", "snapshots", "events", "errors")) == (
        1,
        2,
        2,
        2,
        0,
        0,
    )
    assert (news["pass"], news["snapshots"]) == (1, 1)
    assert news["events"] > 0
    assert tuple(again[key] for key in ("pass", "snapshots", "events", "unchanged")) == (2, 0, 0, 2)
    assert samples.LETTER_TITLE in second.stderr
    assert samples.LETTER_TITLE not in first.output


def test_for_people_a_pass_is_one_line_and_alerts_come_before_it(desk: Path, site: FeedSite) -> None:
    """Only the named sources are looked at, each once."""
    run("poll", "--config", desk)
    site.pages["/paper.xml"] = rss(LETTER, QUIET)
    result = run("poll", "paper", "paper", "--config", desk)
    *alert, line = result.stdout.splitlines()

    assert result.exit_code == 0
    assert samples.LETTER_TITLE in alert
    assert line.startswith("pass 1: 1 source, ")
    assert re.search(r", 1 new or changed, [12] flags?, 0 errors, \d+\.\d s$", line)


def test_a_source_that_failed_is_named_and_ends_with_1(desk: Path, site: FeedSite) -> None:
    """Why and until when, on stderr; also when a later pass went well; the others are read all the same."""
    del site.pages["/radio.xml"]
    result = run("poll", "--json", "--config", desk)

    assert result.exit_code == 1
    assert ([one["errors"] for one in passes(result)], [one["snapshots"] for one in passes(result)]) == ([1], [1])
    assert "source radio: " in result.stderr
    assert "404" in result.stderr
    assert "next try at 20" in result.stderr


def test_on_a_terminal_it_shows_that_it_works(desk: Path, site: FeedSite) -> None:
    """What is told meanwhile goes to stdout's own file."""
    run("poll", "--config", desk)
    site.pages["/paper.xml"] = rss(LETTER, QUIET)
    result = run("poll", "--config", desk, env={"FORCE_COLOR": "1", "COLUMNS": "100"})

    assert "Reading 2 sources" in result.stderr
    assert samples.LETTER_TITLE in result.stdout
    assert samples.LETTER_TITLE not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["gazette"], "there is no source 'gazette'; choose from paper, radio"),
        (["--passes", "0"], "--passes"),
    ],
)
def test_wrong_usage_ends_with_2(desk: Path, arguments: list[str], expected: str) -> None:
    """Nothing is polled."""
    result = run("poll", *arguments, "--config", desk, env={"COLUMNS": "200"})

    assert (result.exit_code, result.stdout) == (2, "")
    assert expected in result.stderr


def test_a_configuration_without_sources_ends_with_2(tmp_path: Path) -> None:
    """A poll of nothing is no success."""
    result = run("poll", "--config", write_config(tmp_path, sources=""))

    assert (result.exit_code, result.stdout) == (2, "")
    assert "there is no source to look at; add one as [sources.NAME]" in result.stderr


def test_a_folder_in_use_ends_with_1(desk: Path) -> None:
    """It names the folder and the process that has it, and touches nothing."""
    with writing(load_config(desk, {}), datetime.now(UTC)):
        result = run("poll", "--config", desk)

    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert f"{desk.parent}/data is in use by another pursestrings (process {os.getpid()})" in result.stderr


def test_a_data_folder_that_cannot_be_made_ends_with_1(desk: Path) -> None:
    """In one line."""
    (desk.parent / "data").write_text("a file")
    result = run("poll", "--config", desk)

    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert "data cannot be written to: " in result.stderr
