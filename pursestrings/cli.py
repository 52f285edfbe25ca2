"""The command line. Each command is a module of `pursestrings.commands`, imported when it is typed."""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.text import Text
from typer.core import TyperGroup

from pursestrings.owners import REMEDY, foreign_owners

if TYPE_CHECKING:
    # Typer's own copy of Click.
    from typer._click import Command, Context

#: What `--help` says of each command; `search` is the function or Typer app `search` of `pursestrings.commands.search`.
COMMANDS: Final = {
    "init": "Write a commented config.toml to start from.",
    "check": "Check the configuration: every mistake with its line, or what would run.",
    "doctor": "Say what is wrong with this installation, and the next step.",
    "run": "Run the service: watch the sources, alert the channels, serve the archive.",
    "demo": "Play an invented August 2017 through the whole pipeline, without a network.",
    "poll": "Look at the sources now, due or not.",
    "backfill": "Read the past of a source into the archive, alerting nobody.",
    "classify": "Judge one text, HTML or PDF, and say why.",
    "evaluate": "Measure the classifier on labelled documents.",
    "label": "Say of an alert what it was, or of a document that it was missed.",
    "model": "Make the classifier anew of what was said, put it to use, take it back.",
    "digest": "Build the digest of a day, and send it.",
    "search": "Search the archive.",
    "show": "Show one archived document, why it was flagged and who was told.",
    "history": "List the archived versions of an address.",
    "sources": "List the sources and how they fare; probe them; import and export feeds.",
    "deliveries": "List what was told to whom, or send again what was refused.",
}


class _Commands(TyperGroup):
    """Lists every command and imports none but the one that was typed: `--help` is there at once."""

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        name, known, rest = super().resolve_command(ctx, args)
        return name, _load(name) if name else known, rest

    def invoke(self, ctx: Context) -> Any:  # noqa: ANN401 as Click has it
        with _errors_told():
            return super().invoke(ctx)


app = typer.Typer(
    name="pursestrings",
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _name, _line in COMMANDS.items():
    app.command(_name, help=_line)(lambda: None)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 as Typer calls it
    if wanted:
        typer.echo(f"pursestrings {importlib.metadata.version('pursestrings')}")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and end.")
]


@app.callback()
def pursestrings(version: Version = False) -> None:  # noqa: FBT002 Typer's way to an option
    """Watch federal sources and local news for strings attached to federal money."""


def main() -> None:
    """Run the command line; where other packages overwrote ours, say which and end with 1."""
    try:
        app()
    except ImportError:
        foreign = foreign_owners(importlib.metadata.packages_distributions())
        if not foreign:
            raise
        for sentence in (*foreign, f"next: {REMEDY}"):
            typer.echo(sentence, err=True)
        sys.exit(1)


def _load(name: str) -> Command:
    command = getattr(import_module(f"pursestrings.commands.{name}"), name)
    if not isinstance(command, typer.Typer):
        alone = typer.Typer(add_completion=False)
        alone.command(name)(command)
        command = alone
    return typer.main.get_command(command)


@contextmanager
def _errors_told() -> Iterator[None]:
    """Print what a person can act on; end with 2 for a wrong configuration, else with 1."""
    # Only here: `main` says what is wrong when these are another distribution's files.
    from facts.errors import ConfigError, PursestringsError  # noqa: PLC0415

    try:
        yield
    except ConfigError as error:
        # Our own words, one line a mistake.
        for line in str(error).splitlines():
            _complain(line)
        raise typer.Exit(2) from error
    except PursestringsError as error:
        _complain(str(error))
        raise typer.Exit(1) from error


def _complain(text: str) -> None:
    # For the same reason.
    from pursestrings.commands.printing import screen  # noqa: PLC0415
    from pursestrings.logs import escape  # noqa: PLC0415

    screen(stderr=True).print(Text(escape(text)))


if __name__ == "__main__":
    main()
