"""The golden set: whole documents that are never trained on, and how a model fares on documents with known labels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.resources import files

from classifier.evaluation import ALERTED
from classifier.judge import Judge
from classifier.labelled import Row, read_rows
from facts.refitting import Score

_FILE = "golden.jsonl"


def golden_rows() -> Iterator[Row]:
    """Yield the golden documents."""
    text = files("classifier").joinpath(f"data/{_FILE}").read_text(encoding="utf-8")
    return read_rows(text.split("\n"), _FILE)


def score(judge: Judge, rows: Iterable[Row]) -> Score:
    """Return how a judge fares on labelled documents: any alert, right or wrong."""
    told = [(_alerts(judge, row), row.alerts) for row in rows]
    return Score(
        documents=len(told),
        to_find=sum(true for _, true in told),
        found=sum(said and true for said, true in told),
        false_alarms=sum(said and not true for said, true in told),
    )


def _alerts(judge: Judge, row: Row) -> bool:
    reading = judge.read(title=row.title, text=row.text, published_at=None, places=())
    return any(label in reading.flagged for label in ALERTED)
