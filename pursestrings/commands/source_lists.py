"""`pursestrings sources import` and `export`: feeds in and out, in the format of feed readers."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from facts.errors import ConfigError
from pursestrings.commands.options import DEFAULT_CONFIG, AsJson, ConfigFile
from pursestrings.commands.printing import counted, print_json, screen, shown
from pursestrings.importing import Import, append, feeds_of, to_import
from pursestrings.kind_stanzas import SHORTEST_EVERY
from pursestrings.opening import load_config
from pursestrings.opml import MAX_SIZE, NotOpml, Outline, read_opml, write_opml
from pursestrings.values import format_duration, parse_duration
from spiders.directory import Directory

OpmlFile = Annotated[Path, typer.Argument(metavar="FILE.opml", help="The list of feeds, as a feed reader exports it.")]
Every = Annotated[str, typer.Option("--every", metavar="TIME", help="How often each feed is asked.")]
Follow = Annotated[bool, typer.Option("--follow", help="Also read the pages that the entries lead to.")]
Write = Annotated[bool, typer.Option("--write", help="Add the stanzas to the configuration instead of printing them.")]


def import_opml(
    file: OpmlFile,
    every: Every = "30m",
    follow: Follow = False,
    write: Write = False,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Make a stanza of each feed of an OPML file that is not configured yet.

    Nothing is asked of any site; `sources probe` says afterwards which of them answer.
    """
    _check_every(every)
    settings = load_config(config, os.environ)
    found = to_import(_read(file), settings, Directory.load(), every=every, follow=follow)
    text = "\n".join(found.stanzas.values())
    if write and text:
        append(config, f"\n# Imported from {file.name!r}\n{text}", lambda path: load_config(path, os.environ))
    elif text:
        sys.stdout.write(text)
    _report(found, config if write else None)


def export(as_json: AsJson = False, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Print the configured feeds as OPML, for any feed reader."""
    settings = load_config(config, os.environ)
    feeds = tuple(feeds_of(settings))
    if as_json:
        print_json([{"name": one.title, "url": one.url} for one in feeds])
    else:
        sys.stdout.write(write_opml(f"Sources of {settings.bot.name}", feeds))


def _check_every(every: str) -> None:
    try:
        duration = parse_duration(every)
    except ValueError as error:
        msg = f"{every!r} {error}"
        raise typer.BadParameter(msg, param_hint="--every") from error
    if duration < SHORTEST_EVERY:
        msg = f"{every!r} is too often; expected at least {format_duration(SHORTEST_EVERY)!r}"
        raise typer.BadParameter(msg, param_hint="--every")


def _read(file: Path) -> tuple[Outline, ...]:
    try:
        with file.open("rb") as opened:
            body = opened.read(MAX_SIZE + 1)
        return read_opml(body)
    except OSError as error:
        problem = f"cannot be read: {error.strerror}; expected an OPML file, as feed readers export it"
        raise ConfigError(problem, where=str(file)) from error
    except NotOpml as error:
        raise ConfigError(str(error), where=str(file)) from error


def _report(found: Import, written: Path | None) -> None:
    """Say what became of the list; on stderr, since stdout holds the stanzas."""
    console = screen(stderr=True)
    for line in found.skipped:
        console.print(shown(f"skipped {line}"))
    added = "" if written is None else f" added to {written}" if found.stanzas else ", nothing written"
    console.print(shown(f"{counted(len(found.stanzas), 'feed')}{added}, {len(found.skipped)} skipped"))
