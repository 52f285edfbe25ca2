"""`pursestrings init`."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

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
