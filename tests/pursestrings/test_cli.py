"""The command line as a whole: what there is, how errors are told, how fast it answers."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from facts.errors import ConfigError, NotFound
from pursestrings import cli
from pursestrings.cli import COMMANDS, app

#: The commands that people script against, as far as they are built.
EXPECTED = [
    "init",
    "check",
    "doctor",
    "run",
    "demo",
    "poll",
    "backfill",
    "classify",
    "evaluate",
    "label",
    "model",
    "digest",
    "search",
    "show",
    "history",
    "sources",
    "deliveries",
]
SUBCOMMANDS = [
    ("sources", "list"),
    ("deliveries", "list"),
    ("deliveries", "retry"),
    *(("model", word) for word in ("list", "refit", "promote", "rollback")),
]
#: What a command may import and `--help` need not.
HEAVY = ("scrapy", "sqlalchemy", "alembic", "pydantic", "aiohttp", "starlette", "slack_sdk", "feedparser")


def run(*arguments: str) -> Result:
    """Type a command on a wide terminal."""
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "100"})


def test_every_command_has_a_line_of_its_own_in_the_help() -> None:
    """Short enough for a terminal of 100 columns."""
    result = run("--help")

    assert (result.exit_code, EXPECTED) == (0, list(COMMANDS))
    for name, line in COMMANDS.items():
        assert f"│ {name:<10}  {line} " in result.stdout


def test_without_a_command_the_help_is_shown() -> None:
    """Wrong usage all the same."""
    result = run()

    assert result.exit_code == 2
    assert "Usage: pursestrings [OPTIONS] COMMAND" in result.output


@pytest.mark.parametrize("words", [*((name,) for name in EXPECTED), *SUBCOMMANDS], ids=" ".join)
def test_every_command_has_a_help_that_is_whole(words: tuple[str, ...]) -> None:
    """Every option and argument says what it is; `-h` is short for it."""
    result = run(*words, "-h")
    rows = [line.strip("│ ").split("  ") for line in result.stdout.splitlines() if line.startswith("│ ")]

    assert result.exit_code == 0
    assert f"Usage: pursestrings {' '.join(words)} " in result.stdout
    assert rows
    assert all(len([cell for cell in row if cell.strip()]) > 1 for row in rows if row[0].startswith("-"))
    assert "Show this message and exit." in result.stdout


def test_the_version_is_printed() -> None:
    """As a script wants it."""
    assert run("--version").stdout == f"pursestrings {importlib.metadata.version('pursestrings')}\n"


def test_a_slip_of_the_finger_is_corrected() -> None:
    """Exit 2, and the command that was probably meant."""
    result = run("serach")

    assert result.exit_code == 2
    assert "Did you mean 'search'?" in result.stderr


def test_help_imports_no_library_that_only_a_command_needs() -> None:
    """It is there at once, and also where such a library is broken."""
    code = (
        "import sys\nfrom typer.testing import CliRunner\nfrom pursestrings.cli import app\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (
            NotFound("no \x1b[2J\nsuch \u202ething [bold]x[/bold]"),
            1,
            "no \\x1b[2J\\nsuch \\u202ething [bold]x[/bold]\n",
        ),
        (ConfigError("wrong\nsecond: \x07wrong", where="first"), 2, "first: wrong\nsecond: \\x07wrong\n"),
    ],
)
def test_an_error_is_told_in_one_line_and_cannot_drive_the_terminal(
    monkeypatch: pytest.MonkeyPatch, error: Exception, code: int, said: str
) -> None:
    """What is wrong in the configuration is one line a mistake."""

    def fail() -> None:
        raise error

    monkeypatch.setattr(importlib.import_module("pursestrings.commands.init"), "init", fail)
    result = run("init")

    assert (code, "", said) == (result.exit_code, result.stdout, result.stderr)


def test_a_bug_is_not_taken_for_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """It keeps its traceback."""

    def fail() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(importlib.import_module("pursestrings.commands.init"), "init", fail)

    assert isinstance(run("init").exception, ZeroDivisionError)


@pytest.fixture
def overwritten(tmp_path: Path) -> Path:
    """A folder with a distribution that brings its own `facts`, as pip leaves it."""
    package, metadata = tmp_path / "facts", tmp_path / "cat_facts-1.0.dist-info"
    package.mkdir()
    metadata.mkdir()
    (package / "__init__.py").write_text("")
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: cat-facts\nVersion: 1.0\n")
    (metadata / "top_level.txt").write_text("facts\n")
    return tmp_path


@pytest.mark.parametrize("command", ["doctor", "check"])
def test_an_environment_whose_packages_were_overwritten_is_told(overwritten: Path, command: str) -> None:
    """Whatever was typed, as soon as it cannot be imported: who did it, and what to do."""
    done = subprocess.run(
        # The folder that -m is typed in comes first among those that packages are looked for in.
        [sys.executable, "-m", "pursestrings.cli", command],
        cwd=overwritten,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "cat-facts also installs a package named facts, and one has overwritten the other\n"
        "next: make an environment for Pursestrings alone: delete .venv, then sh scripts/run\n"
    )


def test_main_tells_who_overwrote_our_packages(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same, in this process."""

    def broken() -> None:
        raise ImportError

    monkeypatch.setattr(cli, "app", broken)
    monkeypatch.setattr(importlib.metadata, "packages_distributions", lambda: {"alerts": ["alerts-lib"]})
    with pytest.raises(SystemExit, match="1"):
        cli.main()

    assert capsys.readouterr().err.startswith("alerts-lib also installs a package named alerts")


def test_main_keeps_an_import_error_of_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """That is a bug, or a library that is missing."""

    def broken() -> None:
        msg = "no such name"
        raise ImportError(msg)

    monkeypatch.setattr(cli, "app", broken)
    with pytest.raises(ImportError, match="no such name"):
        cli.main()


def test_main_ends_as_the_command_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """With its exit code."""

    def done() -> None:
        raise SystemExit(2)

    monkeypatch.setattr(cli, "app", done)
    with pytest.raises(SystemExit, match="2"):
        cli.main()


@pytest.mark.parametrize("name", EXPECTED)
def test_every_command_is_found_by_its_name(name: str) -> None:
    """And no help of its options holds a bracket, which Typer would take for markup and leave out."""
    command = cli._load(name)
    parts = [command, *getattr(command, "commands", {}).values()]

    assert command.name == name or name in {"sources", "deliveries", "model"}
    assert [option.name for part in parts for option in part.params if "[" in (getattr(option, "help", "") or "")] == []
