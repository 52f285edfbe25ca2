"""`pursestrings label`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from facts.event import LETTER, RESPONSE
from facts.feedback import Reviewed
from pursestrings.opening import learning, load_config, writing
from tests.archive import newsroom, samples
from tests.pursestrings.commands.desk import Archived, fill, run, write_config


@pytest.fixture
def desk(tmp_path: Path) -> Archived:
    """An archive of its own, to be written to."""
    return fill(tmp_path)


def said(config: Path) -> list[Reviewed]:
    """Return what was kept."""
    with learning(load_config(config, {})) as book:
        return book.reviewed()


def label(desk: Archived, *words: object) -> Any:
    return run("label", *words, "--config", desk.config)


def test_a_verdict_on_an_alert_is_kept(desk: Archived) -> None:
    """By the beginning of its document's id; the sentence says what was understood."""
    result = label(desk, desk.room.letter.id[:6], "false-alarm")
    (reviewed,) = said(desk.config)

    assert (result.exit_code, reviewed.snapshot.id) == (0, desk.room.letter.id)
    assert result.stdout == f"Kept: Funding condition letter: a false alarm. {desk.room.letter.url}\n"
    assert [(each.verdict, each.by) for each in reviewed.feedback] == [("false-alarm", "command line")]


def test_json_says_all_that_was_kept(desk: Archived) -> None:
    """Text digest, model and passage among it."""
    result = label(desk, desk.room.letter.id, "wrong-place", "--place", "Reno, NV", "--place", "NM", "--json")
    kept = json.loads(result.stdout)
    (reviewed,) = said(desk.config)

    assert (kept["verdict"], kept["label"], kept["places"]) == ("wrong-place", LETTER, ["Reno, NV", "New Mexico"])
    assert (kept["text_digest"], kept["model"]) == (desk.room.letter.digest, "base-2026.11")
    assert kept["evidence"]["text"] == desk.room.letter.text[kept["evidence"]["start"] : kept["evidence"]["end"]]
    assert [kept["id"]] == [each.id for each in reviewed.feedback]


def test_it_works_while_a_service_holds_the_folder(desk: Archived) -> None:
    """No lock is asked for."""
    with writing(load_config(desk.config, {}), datetime.now(UTC)):
        result = label(desk, desk.room.answer.id, "right")

    assert result.exit_code == 0
    assert len(said(desk.config)) == 1


def test_which_label_is_meant_is_asked_where_there_are_two(desk: Archived) -> None:
    """And taken when it is said."""
    settings = load_config(desk.config, {})
    with writing(settings, datetime.now(UTC)) as stores:
        both = newsroom.keep(stores.store, samples.document("doj", "https://doj.example/both", "Both", "One and two."))
        newsroom.judged(stores.store, both, samples.letter_event(both), samples.answer_event(both))
    asked = label(desk, both.id, "right")
    told = label(desk, both.id, "right", "--label", RESPONSE)
    (reviewed,) = said(desk.config)

    assert (asked.exit_code, told.exit_code) == (1, 0)
    assert f"flagged as {LETTER} and {RESPONSE}; say which with --label" in asked.stderr
    assert [each.label for each in reviewed.feedback] == [RESPONSE]


def test_an_id_that_two_documents_begin_with_is_not_guessed(desk: Archived) -> None:
    """More of it is asked for."""
    with writing(load_config(desk.config, {}), datetime.now(UTC)) as stores:
        for twin in desk.twins:
            newsroom.judged(stores.store, twin, samples.letter_event(twin))
    result = label(desk, desk.twins[0].id[:6], "right")

    assert result.exit_code == 1
    assert "begins more than one id; give more of it" in result.stderr


def test_a_missed_document_that_tells_the_model_nothing_has_to_be_named(desk: Archived) -> None:
    """Between two that are as good as impossible it does not choose."""
    result = label(desk, "--missed", desk.room.plain.url)

    assert result.exit_code == 1
    assert "say what it is: --label" in result.stderr


def test_a_missed_document_is_what_the_model_finds_likelier(desk: Archived) -> None:
    """Unless it is said, or the model has no idea."""
    settings = load_config(desk.config, {})
    with writing(settings, datetime.now(UTC)) as stores:
        unseen = samples.document(
            "wire", "https://doj.example/x", samples.LETTER_TITLE, f"{samples.LETTER_TEXT} Again."
        )
        newsroom.keep(stores.store, unseen)
    result = label(desk, "--missed", "https://doj.example/x", "--quote", "Again.")
    (reviewed,) = said(desk.config)
    (kept,) = reviewed.feedback

    assert result.stdout == "Kept: a missed funding condition letter. https://doj.example/x\n"
    assert (kept.label, kept.evidence.text if kept.evidence else None) == (LETTER, "Again.")


def test_a_missed_document_that_is_not_archived_waits(desk: Archived) -> None:
    """It has to be said what it is; then its address is kept."""
    asked = label(desk, "--missed", "https://doj.example/never")
    told = label(desk, "--missed", "https://doj.example/never", "--label", RESPONSE)

    assert asked.exit_code == 1
    assert f"say what it is: --label {LETTER} or --label {RESPONSE}" in asked.stderr
    assert told.exit_code == 0
    assert "nothing is learned of it until a source or a backfill brings it" in told.stdout
    assert said(desk.config) == []


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("9e5ad9",),
        ("9e5ad9", "right", "--missed", "https://a.example"),
        ("9e5ad9", "missed"),
        ("9e5ad9", "right", "--label", "nonsense"),
        ("9e5ad9", "wrong-place", "--place", "Nowhere Hills, CA"),
        ("--missed", "https://a.example", "--place", "NM"),
    ],
)
def test_what_cannot_be_meant_is_wrong_usage(archived: Archived, words: tuple[str, ...]) -> None:
    """Nothing is kept."""
    result = run("label", *words, "--config", archived.config)

    assert (result.exit_code, result.stdout) == (2, "")
    assert said(archived.config) == []


def test_an_id_that_says_too_little_or_nothing_is_told(archived: Archived) -> None:
    """What was not flagged has no label to speak of, unless it was missed."""
    plain = run("label", archived.room.plain.id, "right", "--config", archived.config)

    assert plain.exit_code == 1
    assert "nothing that was flagged has an id that begins with" in plain.stderr


def test_where_there_is_no_archive_nothing_is_made(tmp_path: Path) -> None:
    """The error says what makes one."""
    result = run("label", "9e5ad9", "right", "--config", write_config(tmp_path))

    assert result.exit_code == 1
    assert "there is no archive yet" in result.stderr
    assert not (tmp_path / "data").exists()
