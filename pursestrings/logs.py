"""Logs: to stderr, one record a line, secrets masked, control characters escaped."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TextIO

from pursestrings.redact import RedactingFilter, Redactor
from pursestrings.stanzas import Config

#: Libraries that say at INFO what is news to their authors only.
_TALKATIVE = ("aiohttp.access", "alembic", "apscheduler", "asyncio", "scrapy", "uvicorn")
# Controls, line and paragraph separators, text direction marks and lone surrogates: what could forge a line.
_FORGING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


class LineFormatter(logging.Formatter):
    """`2026-11-24T17:20:03.120Z INFO scheduler.polling message`; the lines of a traceback follow, indented."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line, and one line more for each line of its traceback."""
        head = f"{_time(record)} {record.levelname} {escape(record.name)} {escape(record.getMessage())}"
        return "\n    ".join([head, *map(escape, _trace(self, record))])


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and the exception when there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of JSON."""
        entry = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        trace = "\n".join(_trace(self, record))
        return json.dumps({**entry, "exception": trace} if trace else entry)


class _Handler(logging.StreamHandler[TextIO]):
    """Ours among the handlers of the root logger."""

    def __init__(self, to: TextIO | None) -> None:
        super().__init__(to)
        self._to = to

    def emit(self, record: logging.LogRecord) -> None:
        """Write to what is stderr at this moment: a progress bar puts itself in its place for a while."""
        self.stream = self._to or sys.stderr
        super().emit(record)


def set_up(
    config: Config | None = None,
    *,
    level: int = logging.INFO,
    as_json: bool = False,
    stream: TextIO | None = None,
) -> None:
    """Log to stderr from now on, with the secrets of this configuration masked; a second call replaces the first."""
    handler = _Handler(stream)
    handler.setFormatter(JsonFormatter() if as_json else LineFormatter())
    handler.addFilter(RedactingFilter(Redactor.of(config.secrets if config else ())))
    root = logging.getLogger()
    for old in [one for one in root.handlers if isinstance(one, _Handler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    logging.captureWarnings(capture=True)


def escape(text: str) -> str:
    r"""Return the text on one line, with what could forge another line shown as \n, \x1b or \u2028."""
    return _FORGING.sub(lambda found: repr(found[0])[1:-1], text)


def _time(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def _trace(formatter: logging.Formatter, record: logging.LogRecord) -> Iterator[str]:
    text = record.exc_text or (formatter.formatException(record.exc_info) if record.exc_info else "")
    yield from text.splitlines()
    yield from (record.stack_info or "").splitlines()
