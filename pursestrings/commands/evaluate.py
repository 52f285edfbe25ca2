"""`pursestrings evaluate`: what the classifier gets right on labelled documents."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from datetime import time as clock
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import track

from alerts.wording import label_words
from classifier.evaluation import Judged
from classifier.evaluation import evaluate as measures_of
from classifier.gazetteer import Gazetteer
from classifier.judge import Judge
from classifier.labelled import Row, read_rows
from facts.errors import PursestringsError
from pursestrings.commands.options import AsJson, OfConfig
from pursestrings.commands.printing import columns, facts, print_json, screen
from pursestrings.models import judge_of

File = Annotated[Path, typer.Argument(metavar="FILE", help="Labelled documents, one JSON object a line.")]


def evaluate(file: File, *, as_json: AsJson = False, config: OfConfig = None) -> None:
    """Judge labelled documents and print what was right, with 95 % intervals."""
    rows = _rows(file)
    judge, gazetteer = judge_of(config, os.environ), Gazetteer.load()
    watched = track(rows, "Judging", console=screen(stderr=True), transient=True, disable=as_json)
    began = time.process_time()
    judged = [_judged(judge, row) for row in watched]
    result = measures_of(judged, seconds=time.process_time() - began, gazetteer=gazetteer)
    if as_json:
        print_json(result)
    else:
        _print(result)


def _rows(file: Path) -> list[Row]:
    try:
        with file.open(encoding="utf-8") as lines:
            rows = list(read_rows(lines, str(file)))
    except OSError as error:
        msg = f"{file} cannot be read: {error.strerror}"
        raise PursestringsError(msg) from error
    except UnicodeDecodeError as error:
        msg = f"{file} is no UTF-8 text"
        raise PursestringsError(msg) from error
    if not rows:
        msg = f"{file} holds no rows; each line is a JSON object with a text and, for each label, true or false"
        raise PursestringsError(msg)
    return rows


def _judged(judge: Judge, row: Row) -> Judged:
    # A paper's date is a day; noon in London is that day all over the United States.
    at = datetime.combine(row.published, clock(12), UTC) if row.published else None
    return Judged(row=row, reading=judge.read(title=row.title, text=row.text, published_at=at, places=()))


def _print(result: Mapping[str, Any]) -> None:
    table = columns("", "precision", "recall", "F1", "to find")
    for name, measure in result.items():
        if isinstance(measure, dict) and "precision" in measure:
            shares = (f"{measure[key]:.3f} {_interval(measure['ci95'][key])}" for key in ("precision", "recall", "f1"))
            table.add_row(label_words(name), *shares, str(measure["support"]))
    console = screen()
    console.print(table)
    rows = {
        "documents": f"{result['documents']:,}, {result['documents_per_second']:,.0f} a second",
        "false alarms": f"{result['false_alarms_per_1000']} per 1,000 documents",
        "worst family": _group(result.get("worst_family")),
        "worst agency": _group(result.get("worst_agency")),
        "calibration": f"error {result['calibration_error']:.3f}, Brier score {result['brier']:.3f}",
    }
    console.print(facts(rows.items()))


def _interval(bounds: list[float]) -> str:
    return f"({bounds[0]:.2f}-{bounds[1]:.2f})"


def _group(worst: Mapping[str, Any] | None) -> str:
    return f"{worst['name']}, F1 {worst['f1']:.3f} of {worst['support']}" if worst else ""
