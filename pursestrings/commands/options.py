"""Options that several commands share."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from classifier.gazetteer import Gazetteer
from facts.places import Place

ConfigFile = Annotated[Path, typer.Option("--config", help="The configuration file.", show_default=True)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
DEFAULT_CONFIG = Path("config.toml")


def print_json(value: object) -> None:
    """Print one JSON document on a line of its own."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


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
