"""Answers judged: what a status, its headers and its body come to. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urlsplit

from facts.document import Headers
from facts.errors import Blocked, SourceError, Unreachable
from spiders.wall import wall

#: The longest wait that a Retry-After can impose; 24 are not uncommon (docs/sources.md).
MAX_RETRY_AFTER = timedelta(hours=24)

_OK, _NOT_MODIFIED = 200, 304
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")
_NOT_FOUND = re.compile(r"^(?:error )?404\b|\bpage (?:was |is |could )?not (?:be )?found\b|^not found$", re.IGNORECASE)
#: More digits than any honest number of seconds has.
_MAX_DIGITS = 9


def header(headers: Headers, name: str) -> str | None:
    """Return the first value of a header, None when it is absent or empty."""
    return next((value.strip() for key, value in headers if key.lower() == name and value.strip()), None)


def validator(headers: Headers, name: str) -> str | None:
    """Return a validator that can be sent back byte for byte, or None."""
    value = header(headers, name)
    return value if value is not None and value.isascii() else None


def media_type(headers: Headers) -> str:
    """Return the media type without its parameters, `application/octet-stream` when none is given."""
    found = _MEDIA_TYPE.match((header(headers, "content-type") or "").lower())
    return found[0] if found else "application/octet-stream"


def retry_at(headers: Headers, now: datetime) -> datetime | None:
    """Return when a Retry-After permits the next try, at most 24 hours from now; None when it says nothing usable."""
    value = header(headers, "retry-after")
    if value is None:
        return None
    if value.isascii() and value.isdigit():
        seconds = int(value[:_MAX_DIGITS]) if len(value) <= _MAX_DIGITS else None
        wait = MAX_RETRY_AFTER if seconds is None else timedelta(seconds=seconds)
    else:
        wait = _until(value, now)
    return now + min(wait, MAX_RETRY_AFTER) if wait > timedelta(0) else None


def _until(value: str, now: datetime) -> timedelta:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return timedelta(0)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware - now


def failure(url: str, status: int, headers: Headers, body: bytes, now: datetime) -> SourceError | None:
    """Return what is wrong with an answer, None when it is the document; a 304 is judged before, all but 200 fails."""
    walled = wall(status, headers, body)
    again = retry_at(headers, now)
    if walled is not None:
        return Blocked(f"bot wall (HTTP {status}): {walled}", url=url, status=status, retry_at=again)
    if status == _OK:
        return None
    return Unreachable(status_words(status), url=url, status=status, retry_at=again)


def status_words(status: int) -> str:
    """Return a status as an operator reads it: "HTTP 404 Not Found"; one that is not registered has no words."""
    try:
        return f"HTTP {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"HTTP {status}"


def missing(url: str, final_url: str, title: str) -> str | None:
    """Return why a page that answered 200 is none all the same: a "not found" in its title, or the front page.

    The rules are EDGI's: agencies take a page down by sending its readers to the front page.
    """
    if _NOT_FOUND.search(title):
        return f"its title says {title[:60]!r}"
    asked, got = urlsplit(url), urlsplit(final_url)
    if asked.path.strip("/") and not got.path.strip("/") and not got.query:
        return "it leads to the front page"
    return None


def is_not_modified(status: int) -> bool:
    """Return whether the status says that the copy we have is good."""
    return status == _NOT_MODIFIED
