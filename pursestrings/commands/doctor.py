"""`pursestrings doctor`: what is wrong with this installation, and the next step for each thing."""

from __future__ import annotations

import dataclasses
import importlib.metadata
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import typer

from classifier.gazetteer import Gazetteer
from facts.canary import PathReport
from facts.errors import NotFound, PursestringsError
from pursestrings.browsing import browser_lack
from pursestrings.commands.options import DEFAULT_CONFIG, AsJson, ConfigFile
from pursestrings.commands.printing import print_json
from pursestrings.config import Config, ConfigMistakes, load
from pursestrings.doctor import (
    Finding,
    State,
    of_archive,
    of_browser,
    of_channels,
    of_config,
    of_mistakes,
    of_model,
    of_names,
    of_path,
    of_python,
    of_scans,
    of_sqlite,
)
from spiders.ocr import is_installed
from storage.work import SourceRow

#: Gives the sources' rows, or None while there is no database; raises StorageError.
ReadSources = Callable[[Config], Sequence[SourceRow] | None]
#: Tells how the canary stands, or None where there is none, or no archive that can be read.
ReadPath = Callable[[Config], PathReport | None]
#: Tells which model was promoted and what is wrong with it, or None where the shipped one is in use.
ReadModel = Callable[[Config], tuple[str, str] | None]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """What looks into the archive."""

    sources: ReadSources
    path: ReadPath
    model: ReadModel


def doctor(config: ConfigFile = DEFAULT_CONFIG, *, as_json: AsJson = False) -> None:
    """Look at environment, configuration, database, channels and sources: what is wrong, and the next step."""
    owners = importlib.metadata.packages_distributions()
    readers = Readers(sources=read_sources, path=read_path, model=read_promoted)
    findings = list(diagnose(config, os.environ, owners, readers))
    if as_json:
        print_json({"ok": not _exit_code(findings), "findings": [dataclasses.asdict(one) for one in findings]})
    else:
        for finding in findings:
            typer.echo(_line(finding))
    raise typer.Exit(_exit_code(findings))


def diagnose(
    path: Path, environ: Mapping[str, str], owners: Mapping[str, Sequence[str]], readers: Readers
) -> Iterator[Finding]:
    """Look at one thing after another; where another distribution owns our names, at nothing else."""
    foreign = list(of_names(owners))
    if foreign:
        yield from foreign
        return
    yield of_python(sys.version_info[:3])
    yield of_sqlite(sqlite3.sqlite_version_info, full_text=_has_full_text())
    yield of_scans(installed=is_installed())
    try:
        config = load(path, environ, Gazetteer.load().find)
    except ConfigMistakes as error:
        yield from of_mistakes(error)
        return
    yield from of_config(config)
    yield from of_channels(config)
    yield from of_browser(config, browser_lack(config))
    yield from of_archive(config, readers.sources)
    yield from of_model(readers.model(config))
    yield from of_path(readers.path(config))


def read_sources(config: Config) -> Sequence[SourceRow] | None:
    """Return the sources' rows of the archive, or None while there is none.

    Raises:
        StorageError: it cannot be read.
    """
    # Only here: the parts may not even be importable in the environment that is looked at.
    from pursestrings.opening import reading  # noqa: PLC0415

    try:
        with reading(config) as catalogue:
            return catalogue.sources()
    except NotFound:
        return None


def read_path(config: Config) -> PathReport | None:
    """Return how the canary stands by what the archive holds; one that cannot be read is told of with the sources."""
    # As above.
    from pursestrings.opening import reading  # noqa: PLC0415
    from scheduler.canary import path_report  # noqa: PLC0415

    every = config.canary.interval
    if every is None:
        return None
    try:
        with reading(config) as catalogue:
            return path_report(catalogue, every, datetime.now(UTC), started_at=None)
    except PursestringsError:
        return None


def read_promoted(config: Config) -> tuple[str, str] | None:
    """Return the name of the model that was promoted, and what is wrong with its file; None without one."""
    # As above.
    from pursestrings.models import read_model  # noqa: PLC0415
    from pursestrings.opening import learning  # noqa: PLC0415

    try:
        with learning(config) as book:
            promoted = book.in_use()
    except PursestringsError:
        return None
    if promoted is None:
        return None
    try:
        read_model(promoted, config.bot.data)
    except PursestringsError as error:
        return promoted.name, str(error)
    return promoted.name, ""


def _has_full_text() -> bool:
    with closing(sqlite3.connect(":memory:")) as connection:
        return bool(connection.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')").fetchone()[0])


def _line(finding: Finding) -> str:
    step = f"\n      next: {finding.step}" if finding.step else ""
    return f"{finding.state:<5} {finding.subject}: {finding.says}{step}"


def _exit_code(findings: Sequence[Finding]) -> int:
    wrong = {finding.subject for finding in findings if finding.state is State.WRONG}
    return 2 if "config" in wrong else int(bool(wrong))
