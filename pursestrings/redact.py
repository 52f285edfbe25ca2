"""Secrets are masked in whatever is written: log records, error texts, tracebacks."""

from __future__ import annotations

import base64
import json
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote, quote_plus, urlsplit

from pydantic import SecretStr

MASK = "**********"
#: A shorter value would be found in ordinary words; the configuration refuses it.
SHORTEST = 4
#: From this length on a value is also looked for inside Base64, where a short one would be found by chance.
_BASE64_FROM = 8


@dataclass(frozen=True, slots=True)
class Redactor:
    """Masks every known secret in a text, also as it looks inside a URL, JSON, a repr or Base64."""

    pattern: re.Pattern[str] | None

    @classmethod
    def of(cls, secrets: Iterable[SecretStr]) -> Self:
        """Return the redactor of these secrets."""
        forms = {form for secret in secrets for form in _forms(secret.get_secret_value()) if len(form) >= SHORTEST}
        # The longest first: one secret may begin another.
        longest_first = sorted(forms, key=lambda form: (-len(form), form))
        return cls(re.compile("|".join(map(re.escape, longest_first))) if forms else None)

    def __call__(self, text: str) -> str:
        """Return the text with every secret masked."""
        return self.pattern.sub(MASK, text) if self.pattern else text


class RedactingFilter(logging.Filter):
    """Masks secrets in a record before a handler writes it: message, arguments, exception and stack."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self.redact = redact

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, masked."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError, KeyError):
            # A library's faulty call must neither stop the watch nor have logging print its arguments as they are.
            message = f"{record.msg} {record.args}"
        record.msg, record.args = self.redact(message), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        # The exception itself still holds the secret: what is written is the masked text alone.
        record.exc_info = None
        if record.exc_text:
            record.exc_text = self.redact(record.exc_text)
        if record.stack_info:
            record.stack_info = self.redact(record.stack_info)
        return True


def _forms(secret: str) -> Iterator[str]:
    yield from _spellings(secret)
    password = _password(secret)
    if password:
        yield from _spellings(password)


def _spellings(secret: str) -> Iterator[str]:
    yield secret
    yield quote(secret, safe="")
    yield quote(secret)
    yield quote_plus(secret)
    yield json.dumps(secret)[1:-1]
    yield repr(secret)[1:-1]
    yield from _base64(secret.encode()) if len(secret) >= _BASE64_FROM else ()


def _base64(secret: bytes) -> Iterator[str]:
    """Return what the secret looks like in Base64 at each of the three offsets, as in "user:password"."""
    for offset, start in enumerate((0, 2, 3)):
        coded = base64.b64encode(b"\0" * offset + secret).decode()
        # The first characters also carry what stands before, the last one what follows.
        yield coded[start : (offset + len(secret)) * 8 // 6]


def _password(secret: str) -> str | None:
    """Return the password of a URL, such as a database's."""
    try:
        return urlsplit(secret).password
    except ValueError:
        return None
