"""`pursestrings history`: every archived version of an address."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from archive.lookup import history_json
from facts.document import Snapshot, dated_ahead
from facts.errors import NotFound
from pursestrings.commands.options import DEFAULT_CONFIG, AsJson, ConfigFile
from pursestrings.commands.printing import columns, moment, print_json, screen, shown
from pursestrings.opening import load_config, reading

Url = Annotated[str, typer.Argument(metavar="URL", help="The document's address.")]


def history(url: Url, as_json: AsJson = False, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """List every archived version of an address, oldest first; ends with 1 when there is none."""
    with reading(load_config(config, os.environ)) as catalogue:
        versions = catalogue.versions(url)
    if as_json:
        print_json(history_json(url, versions))
    if not versions:
        msg = f"the archive has no version of {url}; `pursestrings search` finds documents by their words"
        raise NotFound(msg)
    if as_json:
        return
    table = columns("version", "claimed (UTC)", "archived (UTC)", "id", "source", "title")
    for one in versions:
        table.add_row(
            f"{one.version} removed" if one.removed else str(one.version),
            _claimed(one),
            moment(one.taken_at),
            shown(one.id, "cyan"),
            shown(one.source),
            shown(one.title),
        )
    screen().print(table)


def _claimed(one: Snapshot) -> str:
    ahead = " (ahead)" if dated_ahead(one.published_at, one.taken_at) else ""
    return f"{moment(one.published_at)}{ahead}" if one.published_at else ""
