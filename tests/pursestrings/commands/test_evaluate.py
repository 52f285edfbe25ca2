"""`evaluate`: the measures of the classifier on labelled documents."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pursestrings.cli import app
from tests.classifier.scenario import RELEASE, RELEASE_TITLE

ROWS = [
    {"title": RELEASE_TITLE, "text": RELEASE, "letter": True, "response": False, "published": "2017-08-03"},
    {"title": "Fair opens", "text": "The county fair opens on Friday.", "letter": False, "response": False},
]


def written(folder: Path, *lines: str) -> str:
    file = folder / "rows.jsonl"
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return str(file)


def test_the_measures_are_printed_as_json(tmp_path: Path) -> None:
    """The keys that people script against, and nothing else on stdout."""
    result = CliRunner().invoke(app, ["evaluate", written(tmp_path, *map(json.dumps, ROWS)), "--json"])

    measures = json.loads(result.stdout)
    for key in ("any_alert", "funding_condition_letter", "city_response", "places", "deadlines"):
        assert set(measures[key]) == {"precision", "recall", "f1", "support", "ci95"}
    assert (measures["any_alert"]["f1"], measures["documents"], measures["false_alarms_per_1000"]) == (1.0, 2, 0.0)
    assert measures["documents_per_second"] > 0


def test_a_person_sees_a_table(tmp_path: Path) -> None:
    """Shares with their intervals, and what else was measured."""
    result = CliRunner().invoke(app, ["evaluate", written(tmp_path, *map(json.dumps, ROWS))])

    assert result.exit_code == 0
    assert "Funding condition letter  1.000 (" in result.stdout
    assert "0.0 per 1,000 documents" in result.stdout


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ((), "holds no rows"),
        (('{"text": 1}',), "line 1: expected a text"),
        (("not json",), "line 1:"),
    ],
)
def test_a_file_that_cannot_be_measured_is_named(tmp_path: Path, lines: tuple[str, ...], reason: str) -> None:
    """With file and line, and what was expected."""
    result = CliRunner().invoke(app, ["evaluate", written(tmp_path, *lines)])

    assert result.exit_code == 1
    assert reason in result.stderr


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """Missing, or no UTF-8."""
    latin = tmp_path / "latin.jsonl"
    latin.write_bytes('{"text": "caf\u00e9"}'.encode("latin-1"))

    assert "cannot be read: No such file" in CliRunner().invoke(app, ["evaluate", str(tmp_path / "no")]).stderr
    assert "is no UTF-8 text" in CliRunner().invoke(app, ["evaluate", str(latin)]).stderr
