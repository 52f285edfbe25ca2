"""The simulation of clicks: who clicks what, and what the gate lets pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice

import pytest

from benchmarks.feedback import __main__ as feedback
from benchmarks.feedback.simulating import Material, material, simulate
from classifier.golden import golden_rows
from classifier.labelled import Row, row_of
from tests.classifier.scenario import RELEASE, RELEASE_TITLE
from tests.pursestrings.doctored import FakeRefit


def row(number: int, *, letter: bool, response: bool = False, text: str = RELEASE, family: str = "new") -> Row:
    """Return a document that the shipped model takes for a letter, unless its text is another."""
    value = {"title": RELEASE_TITLE, "text": f"{text} It is number {number}.", "letter": letter, "response": response}
    return row_of({**value, "family": family}, str(number))


def given(*pool: Row) -> Material:
    return Material(base=[], pool=pool, held_out=[row(99, letter=True)], golden=[row(98, letter=True)])


def quiet(_: str) -> None:
    """Hear nothing."""


def test_each_document_gets_the_click_that_a_reader_would_give() -> None:
    """Right, a false alarm, missed; what is quiet and rightly so gets none."""
    plain = "The county fair opens on Friday."
    pool = [
        row(1, letter=True),
        row(2, letter=False),
        row(3, letter=True, text=plain),
        row(4, letter=False, text=plain),
        row(5, letter=False, response=True),
    ]
    first, last = simulate(given(*pool), FakeRefit(), batch=20, batches=1, tell=quiet)

    assert (first.clicks, last.clicks, last.false_alarm_clicks, last.missed_clicks) == (0, 4, 1, 1)
    assert (first.held_out.wrong, first.refusal, last.refusal) == (0, None, None)


def test_clicks_come_in_batches_and_a_refused_model_is_not_used() -> None:
    """The next readers see the alerts of the one before."""
    biases = iter([0.0, -9.0, 0.0])

    def refit(base: Sequence[Row], taught: Sequence[Row], name: str, tell: Callable[[float], None]) -> bytes:
        return FakeRefit(next(biases))(base, taught, name, tell)

    pool = [row(number, letter=False) for number in range(4)]
    rounds = list(simulate(given(*pool), refit, batch=2, batches=2, tell=quiet))

    assert [each.clicks for each in rounds] == [0, 2, 4]
    assert [each.refusal is None for each in rounds] == [True, False, True]


def test_the_pool_and_what_is_held_out_are_of_unseen_families_and_apart() -> None:
    """Half and half, in an order that is the same each time."""
    rows = [row(number, letter=True, family="new" if number % 2 else "old") for number in range(40)]
    one, again = material(rows, ["new"], [], 4), material(rows[::-1], ["new"], [], 4)

    assert (len(one.base), len(one.pool), len(one.held_out)) == (5, 10, 10)
    assert {each.family for each in one.base} == {"old"}
    assert not {each.id for each in one.pool} & {each.id for each in one.held_out}
    assert one.pool == again.pool


def test_the_command_prints_its_table(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A line before the first click and one for each batch."""
    monkeypatch.setattr(feedback, "refit", FakeRefit())
    monkeypatch.setattr(feedback, "golden_rows", lambda: islice(golden_rows(), 3))
    monkeypatch.setattr(feedback, "UNSEEN", ["local-school-council"])

    assert feedback.main(["--batch", "3", "--batches", "1", "--every", "100"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert (lines[2].split()[0], len(lines)) == ("clicks", 5)
    assert lines[4].endswith("passes")
