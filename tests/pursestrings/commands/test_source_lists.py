"""`pursestrings sources import` and `pursestrings sources export`."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from pursestrings.opml import read_opml
from tests.pursestrings.commands.desk import run, write_config

OPML = """<opml version="2.0"><body><outline text="Papers">
<outline type="rss" text="The Courier [bold]&#x202e;" xmlUrl="https://courier.example/feed"/>
<outline type="rss" text="Paper again" xmlUrl="http://127.0.0.1:80/paper.xml"/>
</outline></body></opml>"""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A configuration with two feeds, and a list beside it."""
    (tmp_path / "feeds.opml").write_text(OPML, encoding="utf-8")
    return write_config(tmp_path)


def test_stanzas_are_printed_and_the_rest_is_said(desk: Path) -> None:
    """Stdout can go into a file; what was left out is on stderr."""
    result = run("sources", "import", desk.with_name("feeds.opml"), "--follow", "--config", desk)

    assert result.exit_code == 0
    assert tomllib.loads(result.stdout) == {
        "sources": {
            "the-courier-bold": {
                "spider": "feed",
                "url": "https://courier.example/feed",
                "every": "30m",
                "follow": True,
            }
        }
    }
    assert "skipped http://127.0.0.1:80/paper.xml: it is configured as paper" in result.stderr
    assert result.stderr.rstrip().endswith("1 feed, 1 skipped")
    assert "\u202e" not in result.output


def test_with_write_they_are_in_the_configuration(desk: Path) -> None:
    """Once: the second time nothing is new."""
    before = desk.read_text(encoding="utf-8")
    first = run("sources", "import", desk.with_name("feeds.opml"), "--write", "--every", "2h", "--config", desk)
    second = run("sources", "import", desk.with_name("feeds.opml"), "--write", "--config", desk)
    listed = json.loads(run("sources", "export", "--json", "--config", desk).stdout)

    assert (first.exit_code, second.exit_code, first.stdout) == (0, 0, "")
    assert f"1 feed added to {desk}, 1 skipped" in first.stderr
    assert "0 feeds, nothing written, 2 skipped" in second.stderr
    assert desk.read_text(encoding="utf-8").startswith(before)
    assert listed[-1] == {"name": "the-courier-bold", "url": "https://courier.example/feed"}


def test_what_is_exported_can_be_imported(desk: Path) -> None:
    """By any reader of feeds; by ourselves nothing of it is new."""
    exported = run("sources", "export", "--config", desk)
    desk.with_name("ours.opml").write_text(exported.stdout, encoding="utf-8")
    result = run("sources", "import", desk.with_name("ours.opml"), "--config", desk)

    assert [one.title for one in read_opml(exported.stdout.encode())] == ["paper", "radio"]
    assert (result.exit_code, result.stdout) == (0, "")
    assert "0 feeds, 2 skipped" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("missing.opml",), "missing.opml: cannot be read: No such file or directory; expected an OPML file"),
        (("config.toml",), "config.toml: is not XML"),
        (("feeds.opml", "--every", "now"), "'now' is not a duration"),
        (("feeds.opml", "--every", "5s"), "'5s' is too often; expected at least '1m'"),
        (("feeds.opml", "--config", "none.toml"), "does not exist"),
    ],
)
def test_what_cannot_be_imported_is_said(desk: Path, arguments: tuple[str, ...], said: str) -> None:
    """Where and what to do, and 2."""
    assert desk.exists()
    result = run("sources", "import", *arguments, env={"COLUMNS": "400"})

    assert result.exit_code == 2
    assert said in result.stderr
