"""What is printed for people and for scripts."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from pursestrings.commands.printing import columns, counted, facts, moment, print_json, screen, shown


def test_json_is_one_line_in_the_letters_of_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    """Not in escapes that nobody can read."""
    print_json({"name": "Española\n"})

    assert capsys.readouterr().out == '{"name": "Española\\n"}\n'


@pytest.mark.parametrize(("encoding", "text"), [("ascii", "Española"), ("utf-8", "half \ud800")])
def test_json_can_always_be_written(monkeypatch: pytest.MonkeyPatch, encoding: str, text: str) -> None:
    """Also to an old terminal, and with half a character."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr("sys.stdout", stream)
    print_json([text])
    stream.seek(0)

    assert json.loads(stream.read()) == [text]


def test_outside_text_is_one_line_of_text() -> None:
    """Brackets are brackets; nothing moves the cursor or the direction."""
    assert shown("[red]a[/red]\x1b[2J\r\nb\u202ec").plain == "[red]a[/red] [2J bc"


def test_a_pipe_has_no_width(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal has its own."""
    screen().print(shown("word " * 200))
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "100")
    screen(stderr=True).print(shown("word " * 200))
    piped, typed = capsys.readouterr()

    assert (piped.count("\n"), typed.count("\n")) == (1, 10)


def test_facts_leave_out_what_is_not_known(capsys: pytest.CaptureFixture[str]) -> None:
    """Values stand under each other."""
    screen().print(facts([("agency", "Justice"), ("program", ""), ("due", "[today]")]))

    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == [
        "  agency  Justice",
        "  due     [today]",
    ]


def test_columns_take_brackets_for_brackets(capsys: pytest.CaptureFixture[str]) -> None:
    """In headings too."""
    table = columns("id", "error [last]")
    table.add_row("1", shown("[none]"))
    screen().print(table)

    assert capsys.readouterr().out.split() == ["id", "error", "[last]", "1", "[none]"]


def test_times_are_utc_to_the_minute() -> None:
    """Whatever zone they come in."""
    denver = timezone(timedelta(hours=-6))

    assert moment(datetime(2017, 8, 3, 12, 5, 59, tzinfo=denver)) == "2017-08-03 18:05"
    assert moment(datetime(2017, 8, 3, 12, 5, tzinfo=UTC)) == "2017-08-03 12:05"
    assert moment(None) == ""


def test_one_is_counted_as_one() -> None:
    """And thousands are parted."""
    assert [counted(number, "error") for number in (0, 1, 2000)] == ["0 errors", "1 error", "2,000 errors"]
