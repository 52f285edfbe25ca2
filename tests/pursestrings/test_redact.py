"""Secrets are masked wherever they are written."""

from __future__ import annotations

import base64
import json
import logging
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from pursestrings.redact import MASK, RedactingFilter, Redactor

SECRET = 'canary "s3cret"/+é'


def redactor(*secrets: str) -> Redactor:
    """Return the redactor of these texts."""
    return Redactor.of(map(SecretStr, secrets))


@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        f"a {SECRET} b {SECRET} c",
        quote(SECRET),
        quote(SECRET, safe=""),
        quote_plus(SECRET),
        json.dumps({"token": SECRET}),
        repr({"token": SECRET}),
        repr(ValueError(SECRET)),
    ],
)
def test_a_secret_is_masked_in_every_spelling(text: str) -> None:
    """As it is, in a URL, in JSON, in a repr."""
    masked = redactor(SECRET)(text)

    assert MASK in masked
    assert "s3cret" not in masked


@given(st.binary(max_size=5), st.text(st.characters(codec="utf-8"), min_size=8, max_size=20), st.binary(max_size=5))
def test_a_secret_is_masked_inside_base64(before: bytes, secret: str, after: bytes) -> None:
    """Basic and SMTP authentication send "user:password" that way, whatever the offset."""
    coded = base64.b64encode(before + secret.encode() + after).decode()

    assert MASK in redactor(secret)(coded)


def test_the_password_of_a_url_is_a_secret_too() -> None:
    """A driver may show the password without the rest."""
    assert f"login with {MASK} failed" == redactor("postgresql+psycopg://u:canary-pw@db.example/p")(
        "login with canary-pw failed"
    )


def test_the_longer_of_two_secrets_is_masked_whole() -> None:
    """One secret may begin another."""
    assert f"{MASK} {MASK}" == redactor("canary", "canary-two")("canary-two canary")


def test_without_secrets_nothing_changes() -> None:
    """Also when a secret is too short to be told from ordinary words."""
    assert (redactor()("a text"), redactor("a")("a text")) == ("a text", "a text")


def test_a_malformed_url_is_a_secret_like_any_other() -> None:
    """What looks like a URL and is none is masked as a whole."""
    assert redactor("http://[::1 canary")("http://[::1 canary") == MASK


def test_a_record_is_masked_throughout() -> None:
    """Message, arguments, exception with its causes, stack."""
    record = logging.LogRecord("x", logging.ERROR, "f.py", 1, "sent %s with %r", ("canary-arg", "canary-two"), None)
    try:
        try:
            raise ValueError("canary-arg")  # noqa: EM101, TRY301 - the secret stands in a line of code too
        except ValueError as error:
            message = "canary-two"
            raise RuntimeError(message) from error
    except RuntimeError as error:
        record.exc_info = (type(error), error, error.__traceback__)
    record.stack_info = "canary-arg"

    assert RedactingFilter(redactor("canary-arg", "canary-two")).filter(record)

    written = logging.Formatter().format(record)
    assert "RuntimeError: **********" in written
    assert "canary" not in written
    assert "canary" not in f"{record.msg}{record.args}{record.stack_info}{record.exc_info}"


def test_a_faulty_call_is_written_with_its_arguments_masked() -> None:
    """A library's mistake stops nothing and shows nothing."""
    record = logging.LogRecord("x", logging.ERROR, "f.py", 1, "%d visits", ("canary-arg",), None)

    assert RedactingFilter(redactor("canary-arg")).filter(record)
    assert record.getMessage() == "%d visits ('**********',)"
