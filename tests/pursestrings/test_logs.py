"""What is written to the log."""

from __future__ import annotations

import io
import json
import logging
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pursestrings.logs import escape, set_up
from tests.pursestrings.configs import LEAST, TOKEN, WHOLE, load_text

LOG = logging.getLogger("tests.logs")
LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ([A-Z]+) (\S+) (.*)")


@pytest.fixture(autouse=True)
def _root_logger_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)


@pytest.fixture
def stream() -> io.StringIO:
    """Where the log goes."""
    return io.StringIO()


def fail() -> None:
    """Log an error with its traceback."""
    try:
        message = f"refused {TOKEN}\n2026-01-01T00:00:00.000Z INFO forged line"
        raise ValueError(message)  # noqa: TRY301 - the traceback is what is looked at
    except ValueError:
        LOG.exception("failed")


def test_a_record_is_one_line(stream: io.StringIO) -> None:
    """Time, level, logger, message."""
    set_up(stream=stream)
    LOG.info("polled %s in %d ms", "doj", 12)

    found = LINE.fullmatch(stream.getvalue().rstrip("\n"))
    assert found
    assert found.groups() == ("INFO", "tests.logs", "polled doj in 12 ms")


def test_a_message_cannot_forge_a_line_or_drive_a_terminal(stream: io.StringIO) -> None:
    """Control characters of a hostile title are shown, not obeyed."""
    set_up(stream=stream)
    LOG.info("title: %s", "a\r\n2026 ERROR x\x1b[2J\u2028b\u202ec")

    assert stream.getvalue().count("\n") == 1
    assert stream.getvalue().endswith("title: a\\r\\n2026 ERROR x\\x1b[2J\\u2028b\\u202ec\n")


def test_half_a_character_is_spelt_out() -> None:
    """A lone surrogate cannot be written to a file as it is."""
    assert escape("a\ud800b") == r"a\ud800b"


def test_a_traceback_follows_indented_and_masked(stream: io.StringIO, tmp_path: Path) -> None:
    """No line of it can be taken for a record, and no secret is in it."""
    set_up(load_text(tmp_path, WHOLE), stream=stream)
    fail()
    first, *others = stream.getvalue().splitlines()

    assert first.endswith("ERROR tests.logs failed")
    assert all(line.startswith("    ") for line in others)
    assert "    ValueError: refused **********" in others
    assert TOKEN not in stream.getvalue()


def test_json_lines_hold_the_same(stream: io.StringIO, tmp_path: Path) -> None:
    """One object a line, in ASCII."""
    set_up(load_text(tmp_path, WHOLE), as_json=True, stream=stream)
    LOG.info("é\n%s", TOKEN)
    fail()
    plain, failed = map(json.loads, stream.getvalue().splitlines())

    assert {key: value for key, value in plain.items() if key != "time"} == {
        "level": "INFO",
        "logger": "tests.logs",
        "message": "é\n**********",
    }
    assert failed["exception"].endswith("ValueError: refused **********\n2026-01-01T00:00:00.000Z INFO forged line")
    assert stream.getvalue().isascii()


def test_a_second_set_up_replaces_the_first(stream: io.StringIO, tmp_path: Path) -> None:
    """Logging begins before the secrets are known."""
    set_up(stream=stream)
    set_up(load_text(tmp_path, LEAST), stream=stream)
    LOG.warning("once")

    assert stream.getvalue().count("once") == 1


def test_talkative_libraries_are_held_to_warnings(stream: io.StringIO) -> None:
    """Their every step is no news to an operator."""
    set_up(stream=stream)
    logging.getLogger("apscheduler.executors.default").info("running job")
    logging.getLogger("apscheduler.executors.default").warning("missed job")

    assert stream.getvalue().count("\n") == 1


def test_stderr_is_looked_up_at_each_record(capsys: pytest.CaptureFixture[str]) -> None:
    """What stands in its place for a while gets the record."""
    set_up()
    LOG.info("here")

    assert capsys.readouterr().err.endswith("INFO tests.logs here\n")


def test_warnings_go_to_the_log(stream: io.StringIO) -> None:
    """A library's warning is a record like any other."""
    set_up(stream=stream)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn("old way", UserWarning, stacklevel=1)

    assert "py.warnings" in stream.getvalue()


def test_the_stack_is_written_when_asked_for(stream: io.StringIO) -> None:
    """As indented lines."""
    set_up(stream=stream)
    LOG.warning("here", stack_info=True)

    assert "\n    Stack (most recent call last):\n" in stream.getvalue()


@given(st.text())
def test_escaped_text_is_one_printable_line(text: str) -> None:
    """Whatever it was, it can be written as UTF-8 on one line."""
    escaped = escape(text)

    assert len(f"{escaped}.".splitlines()) == 1
    assert escaped == escaped.encode().decode()
