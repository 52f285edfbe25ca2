"""`pursestrings check`: every mistake in the configuration, or what it would do."""

from __future__ import annotations

import os
from typing import Any

import typer

from classifier.gazetteer import Gazetteer
from pursestrings.browsing import browser_advice
from pursestrings.commands.options import DEFAULT_CONFIG, AsJson, ConfigFile
from pursestrings.commands.printing import print_json
from pursestrings.config import ConfigMistakes, load
from pursestrings.summary import advice, lines, summarise


def check(config: ConfigFile = DEFAULT_CONFIG, *, as_json: AsJson = False) -> None:
    """Check the configuration: every mistake with its line, or what would run."""
    try:
        loaded = load(config, os.environ, Gazetteer.load().find)
    except ConfigMistakes as error:
        if as_json:
            print_json({"ok": False, "file": str(error.file), "mistakes": _rows(error)})
        else:
            typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    summary, warnings = summarise(loaded), (*advice(loaded), *browser_advice(loaded))
    if as_json:
        print_json({"ok": True, **summary, "warnings": list(warnings)})
        return
    typer.echo(f"{loaded.path} is fine.")
    for line in [*lines(summary), *(f"warning  {warning}" for warning in warnings)]:
        typer.echo(line)


def _rows(error: ConfigMistakes) -> list[dict[str, Any]]:
    return [{"line": one.line or None, "key": one.key, "problem": one.problem} for one in error.mistakes]
