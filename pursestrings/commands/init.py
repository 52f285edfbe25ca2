"""`pursestrings init`: a commented config.toml to start from."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from classifier.gazetteer import Gazetteer
from facts.errors import ConfigError
from facts.places import Place
from pursestrings.commands.options import read_place
from pursestrings.starting import choose, first_config, told
from spiders.directory import Directory

FILE_NAME = "config.toml"

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write config.toml into; made when missing.")]
Places = Annotated[
    list[str] | None,
    typer.Option(
        "--place",
        metavar="PLACE",
        help='Watch this place, as "Albuquerque, NM", "Cook County, IL" or "NV": its sources are taken from the source '
        "directory. May be given more than once.",
    ),
]


def init(directory: Folder = Path(), place: Places = None) -> None:
    """Write a commented config.toml and say the next step."""
    target = directory / FILE_NAME
    places = [found for text in place or () if (found := read_place(text, "--place"))]
    distinct = tuple({one.id: one for one in places}.values())
    known = Directory.load()
    choices = [choose(known, one, Gazetteer.load().find) for one in distinct]
    try:
        write_new(target, first_config(template(), known, choices))
    except ConfigError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    for choice in choices:
        typer.echo(told(choice))
    typer.echo(_next(target, distinct))


def _next(target: Path, places: Sequence[Place]) -> str:
    option = "" if target == Path(FILE_NAME) else f" --config {target}"
    if not places:
        return f"Wrote {target}. Next: put your address into bot.contact, then run `pursestrings check{option}`."
    return (
        f"Wrote {target}. No source was asked yet. Next:\n"
        f"  1. put your address into bot.contact\n"
        f"  2. pursestrings check{option}\n"
        f"  3. pursestrings sources probe{option}"
    )


def template() -> str:
    """Return the configuration that ships with the program."""
    return files("pursestrings").joinpath("template.toml").read_text(encoding="utf-8")


def write_new(target: Path, text: str) -> None:
    """Write a new configuration.

    Raises:
        ConfigError: the file is there already, or cannot be written.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # "x": a configuration is never overwritten, also not by two of these at once.
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        problem = "is there already and was left as it is; name another folder, or move the file away first"
        raise ConfigError(problem, where=str(target)) from error
    except OSError as error:
        problem = f"cannot be written: {error.strerror}; name a folder that this user may write to"
        raise ConfigError(problem, where=str(target)) from error
