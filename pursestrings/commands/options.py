"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from classifier.gazetteer import Gazetteer
from facts.places import Place

ConfigFile = Annotated[Path, typer.Option("--config", metavar="FILE", help="The configuration file.")]
OfConfig = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Judge as this configuration has it, by the model in use there."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
DEFAULT_CONFIG = Path("config.toml")


def read_date(text: str | None, option: str) -> date | None:
    """Return the date an option gives as YYYY-MM-DD.

    Raises:
        typer.BadParameter: it is no date.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        msg = f"{text!r} is no date; write it as 2017-08-03"
        raise typer.BadParameter(msg, param_hint=option) from error


def read_place(text: str | None, option: str) -> Place | None:
    """Return the place an option names, as "Stockton, CA", "Cook County, IL", "CA" or "California".

    Raises:
        typer.BadParameter: there is no such place.
    """
    if text is None:
        return None
    place = Gazetteer.load().find(text)
    if place is None:
        msg = f'{text!r} is no place we know; write it as "Stockton, CA", "Cook County, IL" or "Oregon"'
        raise typer.BadParameter(msg, param_hint=option)
    return place


def one_of(given: Iterable[str], known: Iterable[str], what: str, option: str) -> tuple[str, ...]:
    """Return what was given, each once.

    Raises:
        typer.BadParameter: some of it is not known.
    """
    names = tuple(dict.fromkeys(given))
    choice = tuple(known)
    for name in names:
        if name not in choice:
            there = f"choose from {', '.join(choice)}" if choice else "the configuration has none"
            msg = f"there is no {what} {name!r}; {there}"
            raise typer.BadParameter(msg, param_hint=option)
    return names
