"""`pursestrings model`."""

from __future__ import annotations

import json
import sys
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from classifier import refitting
from classifier.golden import golden_rows
from classifier.model import Model
from facts.feedback import Speaker, Verdict, feedback_on
from pursestrings.commands import model
from pursestrings.opening import load_config, writing
from storage.protocols import Search
from tests.archive import newsroom, samples
from tests.pursestrings.commands.desk import Archived, fill, run
from tests.pursestrings.doctored import FakeRefit
from tests.storage.samples import NOW

SHIPPED = Model.load().name


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archived:
    """An archive with eight labels; a few golden documents, and training that is doctored."""
    monkeypatch.setattr(model, "golden_rows", lambda: islice(golden_rows(), 0, None, 40))
    monkeypatch.setattr(model, "base_rows", lambda: iter(()))
    monkeypatch.setattr(refitting, "refit", FakeRefit())
    desk = fill(tmp_path)
    with writing(load_config(desk.config, {}), NOW) as stores:
        for number in range(8):
            text = f"{samples.LETTER_TEXT} It is letter {number}."
            one = newsroom.keep(stores.store, samples.document("doj", f"https://doj.example/{number}", "One", text))
            (letter,) = newsroom.judged(stores.store, one, samples.letter_event(one))
            speaker = Speaker(by="Ada", at=NOW)
            stores.learning.record(feedback_on(letter, Verdict.RIGHT, speaker, text_digest=one.digest))
    return desk


def typed(desk: Archived, *words: str) -> Any:
    return run("model", *words, "--config", desk.config)


def in_use(desk: Archived) -> list[str]:
    """Return what the list marks as in use."""
    return [row["name"] for row in json.loads(typed(desk, "list", "--json").stdout) if row["in_use"]]


def test_a_model_is_made_put_to_use_and_taken_back(desk: Archived) -> None:
    """Each step says what it did and what is next; the list tells which is in use."""
    made = typed(desk, "refit")
    before = in_use(desk)
    promoted = typed(desk, "promote")
    after = in_use(desk)
    listed = typed(desk, "list").stdout
    back = typed(desk, "rollback")

    assert [result.exit_code for result in (made, promoted, back)] == [0, 0, 0]
    assert "labelled documents." in made.stdout
    assert "Put it to use with `pursestrings model promote`." in made.stdout
    assert before == [SHIPPED]
    assert after[0].startswith(f"{SHIPPED}+")
    assert f"{after[0]} is in use; the service judges by it from its next start on" in promoted.stdout
    assert "in use" in next(line for line in listed.splitlines() if line.startswith(after[0]))
    assert "ships with the program" in listed
    assert (back.stdout.startswith(f"{SHIPPED} is in use again"), in_use(desk)) == (True, [SHIPPED])


def test_a_worse_model_is_made_and_not_put_to_use(desk: Archived, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both figures are printed, and why; the exit code is 1."""
    monkeypatch.setattr(refitting, "refit", FakeRefit(bias=-99.0))
    made, promoted = typed(desk, "refit"), typed(desk, "promote")

    assert (made.exit_code, promoted.exit_code, in_use(desk)) == (0, 1, [SHIPPED])
    assert "It may not be put to use: it finds 0 of" in made.stdout
    assert "0 of " in promoted.stdout
    assert "is not put to use: it finds 0 of" in promoted.stderr


def test_json_is_one_document(desk: Archived) -> None:
    """Of each command."""
    made, promoted, back = (json.loads(typed(desk, word, "--json").stdout) for word in ("refit", "promote", "rollback"))

    assert (made["refusal"], promoted["refusal"], back) == (None, None, {"in_use": SHIPPED})
    assert made["golden"] == promoted["golden"] == promoted["against_golden"]
    assert set(made["held_out"]) == {"documents", "to_find", "found", "recall", "false_alarms"}


def test_a_false_alarm_mutes_no_source(desk: Archived) -> None:
    """What it brings is judged and told as before."""
    before = run("sources", "list", "--config", desk.config, "--json").stdout
    run("label", desk.room.letter.id, "false-alarm", "--config", desk.config)
    with writing(load_config(desk.config, {}), NOW) as stores:
        hits, _ = stores.catalogue.search(Search(labels=("funding_condition_letter",)))

    assert before == run("sources", "list", "--config", desk.config, "--json").stdout
    assert desk.room.letter.id in {hit.snapshot.id for hit in hits}


def test_without_the_extra_it_says_which_brings_it(archived: Archived, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing else needs it."""
    monkeypatch.delitem(sys.modules, "classifier.refitting")
    monkeypatch.setitem(sys.modules, "classifier.training", None)
    result = run("model", "refit", "--config", archived.config)

    assert result.exit_code == 1
    assert "making a model needs scikit-learn: `sh scripts/install --no-dev --extra train`" in result.stderr


def test_without_labels_and_models_it_says_what_comes_first(archived: Archived) -> None:
    """Each in one line."""
    lines = [run("model", word, "--config", archived.config).stderr for word in ("refit", "promote", "rollback")]

    assert [line.count("\n") for line in lines] == [1, 1, 1]
    assert "nobody labelled a document yet" in lines[0]
    assert "no model was made yet" in lines[1]
    assert "the shipped model is in use; there is none before it" in lines[2]


def test_a_terminal_shows_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bar, gone at the end; nothing where JSON is asked for."""
    said = StringIO()
    monkeypatch.setattr(model, "Console", lambda **_: Console(file=said, force_terminal=True))
    with model._shown(quiet=True) as tell:
        tell(0.5)
    silent = said.getvalue()
    with model._shown(quiet=False) as tell:
        tell(0.5)

    assert silent == ""
    assert "training" in said.getvalue()
