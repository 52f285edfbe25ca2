"""What is wrong with an installation, and the next step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from facts.canary import Heard, PathReport, PathState
from facts.errors import StorageError
from pursestrings.config import Config, ConfigMistakes
from pursestrings.doctor import (
    Finding,
    State,
    of_archive,
    of_channels,
    of_config,
    of_mistakes,
    of_names,
    of_path,
    of_python,
    of_sqlite,
)
from storage.work import SourceRow, SourceState
from tests.pursestrings.configs import TOKEN, WHOLE, load_text

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def row(
    state: SourceState = SourceState.OK, *, error: str | None = None, visited_at: datetime | None = NOON
) -> SourceRow:
    """Return the row of the one source."""
    return SourceRow(
        name="paper",
        next_poll_at=NOON,
        state=state,
        failures=3 if state is SourceState.FAILING else 0,
        last_ok_at=visited_at,
        last_visit_at=visited_at,
        last_error=error,
    )


def archive(config: Config, *rows: SourceRow) -> list[Finding]:
    """Return what is found with these rows."""
    return list(of_archive(config, lambda _: rows))


def test_nobody_else_may_own_our_names() -> None:
    """Two distributions with one top-level name overwrite each other."""
    (found,) = of_names({"storage": ["pursestrings", "storage-lib"], "facts": ["Pursestrings"], "yaml": ["PyYAML"]})

    assert (found.state, found.subject) == (State.WRONG, "packages")
    assert "storage-lib also installs a package named storage" in found.says
    assert "delete .venv" in found.step


def test_old_interpreters_and_databases_are_told() -> None:
    """With the version that is wanted."""
    assert Finding(subject="python", state=State.FINE, says="3.11.0") == of_python((3, 11, 0))
    assert (of_python((3, 10, 9)).says, of_python((3, 10, 9)).state) == ("3.10.9 is older than 3.11", State.WRONG)
    assert Finding(subject="sqlite", state=State.FINE, says="3.40.1") == of_sqlite((3, 40, 1), full_text=True)
    assert of_sqlite((3, 34, 0), full_text=True).says == "3.34.0 is older than 3.35.0"
    assert (
        of_sqlite((3, 40, 1), full_text=False).says,
        of_sqlite((3, 40, 1), full_text=False).state,
    ) == ("it was built without FTS5", State.WRONG)


def test_mistakes_in_the_configuration_are_findings(tmp_path: Path) -> None:
    """One each, with the line; a file that is not there has none."""
    with pytest.raises(ConfigMistakes) as caught:
        load_text(tmp_path, WHOLE.replace('"30s"', '"30"').replace('at = "07:00"', "at = 7"))

    assert [found.says.partition('"')[0].partition("7 is")[0] for found in of_mistakes(caught.value)] == [
        "line 14: fetch.timeout: ",
        "line 37: digests.morning.at: ",
    ]
    assert {State.WRONG} == {found.state for found in of_mistakes(caught.value)}


def test_advice_is_a_note(tmp_path: Path) -> None:
    """It does not make the doctor fail."""
    config = load_text(tmp_path, WHOLE.replace("desk@news.example", "desk@example.org"))

    assert [found.state for found in of_config(config)] == [State.FINE, State.NOTE]


def test_a_channel_says_which_variable_it_lacks(tmp_path: Path) -> None:
    """And what stands in for it."""
    text = WHOLE.replace('from = "desk"', 'otherwise = "terminal"')

    assert [
        Finding(
            subject="channel desk",
            state=State.NOTE,
            says="pager lacks TEST_TOKEN; terminal stands in",
            step="put TEST_TOKEN into the environment",
        )
    ] == list(of_channels(load_text(tmp_path, text, {})))
    assert [Finding(subject="channel desk", state=State.FINE, says="pager")] == list(
        of_channels(load_text(tmp_path, text))
    )


def test_a_database_that_cannot_be_read_is_wrong(tmp_path: Path) -> None:
    """Its own words are told, without secrets, and no source is judged."""

    def fail(_: Config) -> Sequence[SourceRow]:
        message = f"locked by {TOKEN}\x1b[2J"
        raise StorageError(message)

    (found,) = of_archive(load_text(tmp_path, WHOLE), fail)

    assert (found.state, found.says) == (State.WRONG, "locked by **********\\x1b[2J")


def test_a_database_that_is_not_made_yet_is_no_fault(tmp_path: Path) -> None:
    """The first run makes it, and visits the sources."""
    found = list(of_archive(load_text(tmp_path, WHOLE), lambda _: None))

    assert [(one.subject, one.step) for one in found] == [
        ("database", "pursestrings run"),
        ("source paper", "pursestrings poll paper"),
    ]
    assert {State.NOTE} == {one.state for one in found}


def test_sources_are_judged_by_their_rows(tmp_path: Path) -> None:
    """Read, failing with the last error, or never visited."""
    config = load_text(tmp_path, WHOLE)

    assert (
        Finding(subject="source paper", state=State.FINE, says="last read 2026-11-24 12:00 UTC")
        == archive(config, row())[-1]
    )
    assert archive(config, row(SourceState.NEW, visited_at=None))[-1].says == "it was never visited"
    failing = archive(config, row(SourceState.FAILING, error=f"404 {TOKEN}\n{'x' * 999}"))[-1]
    assert failing.says.startswith("3 visits in a row failed: 404 **********\\nxxx")
    assert len(failing.says) < 400
    assert (failing.state, failing.step.endswith("then pursestrings poll paper")) == (State.WRONG, True)


def test_a_source_that_was_not_read_last_time_is_not_called_fine(tmp_path: Path) -> None:
    """One failed visit is a note with its error, whether the source was ever read or not."""
    config = load_text(tmp_path, WHOLE)
    once = replace(row(error="no answer"), failures=1)
    never = replace(row(SourceState.NEW, error="no answer"), failures=1, last_ok_at=None)

    assert [(archive(config, one)[-1].state, archive(config, one)[-1].says) for one in (once, never)] == [
        (State.NOTE, "last read 2026-11-24 12:00 UTC; its last visit failed: no answer"),
        (State.NOTE, "never read; its last visit failed: no answer"),
    ]


HEARD = Heard(published_at=NOON, at=NOON + timedelta(seconds=7))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (None, []),
        (PathReport(state=PathState.UNKNOWN, published_at=NOON), [(State.NOTE, "none came through yet")]),
        (
            PathReport(state=PathState.SOUND, published_at=NOON, heard=HEARD),
            [(State.FINE, "the last one came through 2026-11-24 12:00 UTC")],
        ),
        (
            PathReport(state=PathState.LATE, published_at=NOON, heard=HEARD, late_since=NOON + timedelta(hours=1)),
            [(State.WRONG, "the one of 2026-11-24 13:00 UTC did not; the last one came through 2026-11-24 12:00 UTC")],
        ),
    ],
)
def test_the_canary_says_whether_the_whole_path_works(
    path: PathReport | None, expected: list[tuple[State, str]]
) -> None:
    """A late one is wrong, with what to look at."""
    found = list(of_path(path))

    assert expected == [(one.state, one.says) for one in found]
    assert all("pursestrings run" in one.step for one in found if one.state is not State.FINE)
