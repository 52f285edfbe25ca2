"""`pursestrings doctor`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NoReturn

import typer
from typer.testing import CliRunner, Result

from pursestrings.commands.doctor import Readers, diagnose, doctor
from pursestrings.config import Config
from pursestrings.doctor import State
from pursestrings.models import MODELS
from storage.opening import open_store
from tests.pursestrings.test_models import made

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

    readers = Readers(sources=unreachable, path=unreachable, model=unreachable)
    found = list(diagnose(tmp_path / "config.toml", {}, {"alerts": ["alerts-lib"]}, readers))

    assert [(one.subject, one.state) for one in found] == [("packages", State.WRONG)]


def test_a_promoted_model_is_told_and_what_is_wrong_with_it(tmp_path: Path) -> None:
    """The shipped one is no finding."""
    data = tmp_path / "data"
    stores = open_store(f"sqlite:///{data}/pursestrings.db", data)
    shipped = run(tmp_path, SOUND).stdout
    name = made(data, stores).name
    stores.close()
    sound = run(tmp_path, SOUND).stdout
    (data / MODELS / f"{name}.json").unlink()
    broken = run(tmp_path, SOUND)

    assert "model: " not in shipped
    assert f"fine  model: {name} judges\n" in sound
    assert broken.exit_code == 1
    assert "the model cannot be read (No such file or directory); the shipped one judges\n" in broken.stdout
    assert "next: restore the file, or make one with `pursestrings model refit`" in broken.stdout
