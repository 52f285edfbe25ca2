"""`pursestrings init`."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from pursestrings.cli import app as cli
from pursestrings.commands.init import init

APP = typer.Typer()
APP.command()(init)


def run(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(APP, arguments)


def test_it_writes_the_configuration_and_says_the_next_step(tmp_path: Path) -> None:
    """Into a folder that it makes."""
    target = tmp_path / "new" / "desk"
    result = run(str(target))

    assert (result.exit_code, result.stderr) == (0, "")
    assert f"pursestrings check --config {target}/config.toml" in result.stdout
    assert (target / "config.toml").read_text().startswith("# Pursestrings")


def test_in_the_present_folder_the_next_step_needs_no_option(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """config.toml is where `check` looks."""
    monkeypatch.chdir(tmp_path)

    assert "run `pursestrings check`." in run().stdout


def test_it_never_overwrites(tmp_path: Path) -> None:
    """Work in an existing file is safe."""
    (tmp_path / "config.toml").write_text("mine")
    result = run(str(tmp_path))

    assert result.exit_code == 2
    assert "config.toml: is there already and was left as it is" in result.stderr
    assert (tmp_path / "config.toml").read_text() == "mine"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """With the system's reason."""
    (tmp_path / "file").write_text("")
    result = run(str(tmp_path / "file" / "under"))

    assert result.exit_code == 2
    assert "cannot be written: Not a directory" in result.stderr


def test_a_place_brings_its_sources(tmp_path: Path) -> None:
    """What was found is told, what comes next too; the file passes `check`."""
    result = run("--place", "Albuquerque, NM", "--place", "Albuquerque, nm", str(tmp_path))
    checked = CliRunner().invoke(cli, ["check", "--config", str(tmp_path / "config.toml")])

    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "Albuquerque, NM: 2 local sources, 2 statewide sources."
    assert "No source was asked yet" in result.stdout
    assert f"pursestrings sources probe --config {tmp_path}/config.toml" in result.stdout
    assert checked.exit_code == 0, checked.output
    assert "source   abq-journal: feed, every 15m about Albuquerque, NM" in checked.stdout


def test_a_place_that_does_not_exist_writes_nothing(tmp_path: Path) -> None:
    """And ends with 2."""
    result = run("--place", "Atlantis, NM", str(tmp_path))

    assert result.exit_code == 2
    assert "'Atlantis, NM' is no place we know" in result.stderr
    assert list(tmp_path.iterdir()) == []
