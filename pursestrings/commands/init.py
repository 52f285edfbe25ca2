"""`pursestrings init`: a commented config.toml to start from."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from facts.errors import ConfigError

FILE_NAME = "config.toml"

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write config.toml into; made when missing.")]


def init(directory: Folder = Path()) -> None:
    """Write a commented config.toml and say the next step."""
    target = directory / FILE_NAME
    try:
        write_template(target)
    except ConfigError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    option = "" if target == Path(FILE_NAME) else f" --config {target}"
    typer.echo(f"Wrote {target}. Next: put your address into bot.contact, then run `pursestrings check{option}`.")


def write_template(target: Path) -> None:
    """Write the configuration that ships with the program.

    Raises:
        ConfigError: the file is there already, or cannot be written.
    """
    text = files("pursestrings").joinpath("template.toml").read_text(encoding="utf-8")
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
