"""What is wrong with an installation, and the next step for each thing; pure functions of what was looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from facts.canary import PathReport, PathState
from facts.errors import PursestringsError
from pursestrings.browsing import browser_sources
from pursestrings.config import Config, ConfigMistakes
from pursestrings.logs import escape
from pursestrings.owners import REMEDY, foreign_owners
from pursestrings.redact import Redactor
from pursestrings.summary import advice
from storage.work import SourceRow, SourceState

OLDEST_PYTHON = (3, 11)
#: RETURNING, https://www.sqlite.org/lang_returning.html.
OLDEST_SQLITE = (3, 35, 0)
_ERROR_LENGTH = 300


class State(StrEnum):
    """How one thing stands."""

    FINE = "fine"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    subject: str
    state: State
    says: str
    #: What to do; empty when nothing is to be done.
    step: str = ""


def of_names(owners: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """Return who else owns one of our package names: two owners overwrite each other's files without a word.

    `owners` are the distributions by top-level name, as `importlib.metadata.packages_distributions` gives them.
    """
    for says in foreign_owners(owners):
        yield Finding(subject="packages", state=State.WRONG, says=says, step=REMEDY)


def of_python(version: tuple[int, int, int]) -> Finding:
    """Return how the interpreter stands."""
    return _of_version(
        "python", version, OLDEST_PYTHON, "install Python 3.11 or newer, delete .venv, then sh scripts/run"
    )


def of_sqlite(version: tuple[int, int, int], *, full_text: bool) -> Finding:
    """Return how SQLite stands; `full_text` says whether it was built with FTS5."""
    if not full_text:
        step = "use a Python whose sqlite3 has FTS5, such as that of Debian or python.org"
        return Finding(subject="sqlite", state=State.WRONG, says="it was built without FTS5", step=step)
    return _of_version("sqlite", version, OLDEST_SQLITE, "use a Python with SQLite 3.35 or newer")


def of_scans(*, installed: bool) -> Finding:
    """Return whether scanned letters are read."""
    if installed:
        return Finding(subject="scans", state=State.FINE, says="scanned letters are read by Tesseract")
    step = "sh scripts/install --no-dev --extra ocr"
    return Finding(subject="scans", state=State.NOTE, says="of scanned letters only the title is read", step=step)


def of_mistakes(error: ConfigMistakes) -> Iterator[Finding]:
    """Return what is wrong with the configuration."""
    for mistake in error.mistakes:
        at = f"line {mistake.line}: " if mistake.line else ""
        says = f"{at}{mistake.key}: {mistake.problem}" if mistake.path else f"{at}{mistake.problem}"
        yield Finding(subject="config", state=State.WRONG, says=says, step=f"correct {error.file}")


def of_config(config: Config) -> Iterator[Finding]:
    """Return that the configuration is valid, and what in it deserves a second look."""
    yield Finding(subject="config", state=State.FINE, says=str(config.path))
    for sentence in advice(config):
        yield Finding(subject="config", state=State.NOTE, says=sentence, step=f"edit {config.path}")


def of_channels(config: Config) -> Iterator[Finding]:
    """Return for each channel whether its secrets are there."""
    for channel in config.channels:
        subject = f"channel {channel.name}"
        if channel.missing:
            variables = " and ".join(channel.missing)
            says = f"{channel.wanted} lacks {variables}; {channel.kind} stands in"
            yield Finding(subject=subject, state=State.NOTE, says=says, step=f"put {variables} into the environment")
        else:
            yield Finding(subject=subject, state=State.FINE, says=channel.kind)


def of_browser(config: Config, lack: str | None) -> Iterator[Finding]:
    """Return how the browser stands, nothing where no source is read in one; `lack` is what is missing, in words."""
    sources = browser_sources(config)
    if not sources:
        return
    if lack is None:
        yield Finding(subject="browser", state=State.FINE, says=f"it can be started for {', '.join(sources)}")
        return
    what, _, step = lack.partition(": ")
    yield Finding(subject="browser", state=State.WRONG, says=what, step=step or f"edit {config.path}")


def of_archive(config: Config, read_sources: Callable[[Config], Sequence[SourceRow] | None]) -> Iterator[Finding]:
    """Return how the database and the sources in it stand."""
    try:
        rows = read_sources(config)
    except PursestringsError as error:
        says = _told(str(error), Redactor.of(config.secrets))
        step = "check storage.url and who may read and write the folder bot.data"
        yield Finding(subject="database", state=State.WRONG, says=says, step=step)
        return
    if rows is None:
        yield Finding(subject="database", state=State.NOTE, says="it is not made yet", step="pursestrings run")
    else:
        yield Finding(subject="database", state=State.FINE, says=f"it answers; sources known: {len(rows)}")
    yield from of_sources(config, rows or ())


def of_path(path: PathReport | None) -> Iterator[Finding]:
    """Return how the canary stands; nothing without one. Whether the service runs cannot be seen from here."""
    if path is None:
        return
    if path.heard is None:
        yield Finding(subject="canary", state=State.NOTE, says="none came through yet", step="pursestrings run")
        return
    last = f"the last one came through {path.heard.at:%Y-%m-%d %H:%M} UTC"
    if path.state is PathState.LATE:
        says = f"the one of {path.late_since:%Y-%m-%d %H:%M} UTC did not; {last}"
        step = (
            "start the service if it does not run (pursestrings run); else look into its log, and at "
            "pursestrings deliveries list"
        )
        yield Finding(subject="canary", state=State.WRONG, says=says, step=step)
    else:
        yield Finding(subject="canary", state=State.FINE, says=last)


def of_model(promoted: tuple[str, str] | None) -> Iterator[Finding]:
    """Return how the model stands that was promoted, given its name and what is wrong with it; nothing without one."""
    if promoted is None:
        return
    name, flaw = promoted
    if flaw:
        says, _, step = flaw.partition("; ")
        yield Finding(subject="model", state=State.WRONG, says=f"{says}; the shipped one judges", step=step)
    else:
        yield Finding(subject="model", state=State.FINE, says=f"{name} judges")


def of_sources(config: Config, rows: Sequence[SourceRow]) -> Iterator[Finding]:
    """Return for each source of the configuration how its last visits went."""
    redact = Redactor.of(config.secrets)
    by_name = {row.name: row for row in rows}
    for source in config.sources:
        yield _of_source(source.name, by_name.get(source.name), redact)


def _of_source(name: str, row: SourceRow | None, redact: Redactor) -> Finding:
    subject = f"source {name}"
    if row is None or row.last_visit_at is None:
        step = f"pursestrings poll {name}"
        return Finding(subject=subject, state=State.NOTE, says="it was never visited", step=step)
    if row.state is SourceState.FAILING:
        says = f"{row.failures} visits in a row failed: {_told(row.last_error or 'no reason kept', redact)}"
        step = f"open its address in a browser, correct the stanza [sources.{name}], then pursestrings poll {name}"
        return Finding(subject=subject, state=State.WRONG, says=says, step=step)
    if row.failures or row.last_ok_at is None:
        read = f"last read {row.last_ok_at:%Y-%m-%d %H:%M} UTC" if row.last_ok_at else "never read"
        says = f"{read}; its last visit failed: {_told(row.last_error or 'no reason kept', redact)}"
        return Finding(subject=subject, state=State.NOTE, says=says, step="none yet: it is tried again by itself")
    return Finding(subject=subject, state=State.FINE, says=f"last read {row.last_ok_at:%Y-%m-%d %H:%M} UTC")


def _of_version(subject: str, version: tuple[int, ...], oldest: tuple[int, ...], step: str) -> Finding:
    says = ".".join(map(str, version))
    if version >= oldest:
        return Finding(subject=subject, state=State.FINE, says=says)
    wanted = ".".join(map(str, oldest))
    return Finding(subject=subject, state=State.WRONG, says=f"{says} is older than {wanted}", step=step)


def _told(text: str, redact: Redactor) -> str:
    told = escape(redact(text))
    return told if len(told) <= _ERROR_LENGTH else f"{told[:_ERROR_LENGTH]}..."
