"""The command line: which commands there are. Each lives in a module of `pursestrings.commands`."""

from __future__ import annotations

import sys

import typer
from rich.console import Console
from rich.text import Text

from facts.errors import ConfigError, PursestringsError
from pursestrings.commands.check import check
from pursestrings.commands.classify import classify
from pursestrings.commands.deliveries import deliveries
from pursestrings.commands.demo import demo
from pursestrings.commands.digest import digest
from pursestrings.commands.doctor import doctor
from pursestrings.commands.init import init
from pursestrings.commands.look_up import history, search, show
from pursestrings.commands.poll import poll
from pursestrings.commands.run import run
from pursestrings.commands.sources import sources

app = typer.Typer(
    name="pursestrings",
    help="Watch federal sources and local news for strings attached to federal money.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (init, check, doctor, run, demo, poll, classify, digest, search, show, history):
    app.command()(command)
app.add_typer(sources, name="sources")
app.add_typer(deliveries, name="deliveries")


def main() -> None:
    """Run the command line; what a person can act on is one line and exit 1, a wrong configuration exit 2."""
    try:
        app()
    except ConfigError as error:
        _complain(error)
        sys.exit(2)
    except PursestringsError as error:
        _complain(error)
        sys.exit(1)


def _complain(error: PursestringsError) -> None:
    Console(stderr=True, soft_wrap=True).print(Text(str(error)))


if __name__ == "__main__":
    main()
