"""`pursestrings doctor`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NoReturn

import typer
from typer.testing import CliRunner, Result

from pursestrings.commands.doctor import diagnose, doctor
from pursestrings.config import Config
from pursestrings.doctor import State

APP = typer.Typer()
APP.command()(doctor)
SOUND = """\
[bot]
contact = "desk@news.example"
[channels.desk]
kind = "console"
[routes.desk]
channel = "desk"
[sources.paper]
spider = "feed"
url = "https://paper.example/feed"
"""


def run(folder: Path, text: str, *arguments: str) -> Result:
    """Write a configuration and look at it."""
    (folder / "config.toml").write_text(text, encoding="utf-8")
    return CliRunner().invoke(APP, ["--config", str(folder / "config.toml"), *arguments])


def test_a_fresh_installation_is_fine(tmp_path: Path) -> None:
    """No database yet, and no visit: notes with the next step."""
    result = run(tmp_path, SOUND)

    assert result.exit_code == 0, result.output
    assert "note  database: it is not made yet\n      next: pursestrings run\n" in result.stdout
    assert "fine  sqlite: " in result.stdout
    assert not (tmp_path / "data").exists()


def test_a_wrong_configuration_ends_with_2(tmp_path: Path) -> None:
    """And is told as JSON when asked."""
    result = run(tmp_path, SOUND.replace("feed", "fede", 1), "--json")
    document = json.loads(result.stdout)

    assert (result.exit_code, document["ok"]) == (2, False)
    assert "line 8: sources.paper.spider: " in document["findings"][-1]["says"]


def test_a_foreign_owner_of_our_names_ends_the_examination(tmp_path: Path) -> None:
    """Nothing that is read through overwritten packages can be trusted."""

    def unreachable(_: Config) -> NoReturn:
        raise AssertionError

    found = list(diagnose(tmp_path / "config.toml", {}, {"alerts": ["alerts-lib"]}, unreachable, unreachable))

    assert [(one.subject, one.state) for one in found] == [("packages", State.WRONG)]
