"""Answers judged: what a status, its headers and its body come to. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urlsplit

from facts.document import Headers
from facts.errors import Blocked, SourceError, Unreachable

#: The longest wait that a Retry-After can impose: 24 hours are not uncommon, 88 were seen (docs/sources.md).
MAX_RETRY_AFTER = timedelta(days=7)
#: The longest time for which an answer may call itself fresh and not be asked for again: a year of it says nothing.
MAX_FRESH = timedelta(hours=24)

_OK, _NOT_MODIFIED = 200, 304
#: Bytes looked at to tell text from pictures and archives.
_HEAD = 1024
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")
_NOT_FOUND = re.compile(r"^(?:error )?404\b|\bpage (?:was |is |could )?not (?:be )?found\b|^not found$", re.IGNORECASE)
#: A part of a title that says nothing else; an article can be called so, but it has a text.
_NO_PAGE = re.compile(
    r"(?:http )?(?:error )?(?:404|410|403|500|502|503)(?: error)?"
    r"|(?:file|document|content|article|story|resource) not found"
    r"|(?:this )?(?:page|content|article|story) (?:is |has been )?(?:no longer |not )?(?:available|unavailable|removed)"
    r"|(?:access denied|forbidden|unauthorized|error|server error|runtime error|service unavailable|gone|oops)[!.]?",
    re.IGNORECASE,
)
_TITLE_PARTS = re.compile(r"\s*[|\u00bb\u2022]\s*|\s+[\u2013\u2014-]\s+")
#: Characters of text with which a page is one, whatever its title.
_PAGE = 1500
_FRONT = re.compile(r"/(?:home|index|default|main)?/?(?:index)?(?:\.(?:html?|php|aspx?|jsp|cfm))?", re.IGNORECASE)
_ERROR_PATH = re.compile(
    r"/(?:404|410|error|errors|not-?found|page-?not-?found|pagenotfound|missing)(?:[/.]|$)", re.IGNORECASE
)
_MAX_AGE = re.compile(r"(?<![\w-])max-age\s*=\s*\"?([0-9]+)", re.ASCII)
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
    """Return when a Retry-After permits the next try, at most 7 days from now; None when it says nothing usable."""
    value = header(headers, "retry-after")
    if value is None:
        return None
    if value.isascii() and value.isdigit():
        seconds = int(value[:_MAX_DIGITS]) if len(value) <= _MAX_DIGITS else None
        wait = MAX_RETRY_AFTER if seconds is None else timedelta(seconds=seconds)
    else:
        wait = _until(value, now)
    return now + min(wait, MAX_RETRY_AFTER) if wait > timedelta(0) else None


def fresh_for(headers: Headers) -> timedelta | None:
    """Return how long an answer says it stays good, at most 24 hours; None when it does not say.

    That is max-age of Cache-Control, or else Expires (RFC 9111, section 4.2.1). Its age in caches on the way is not
    taken off: asking later than we might is the polite mistake.
    """
    directives = (header(headers, "cache-control") or "").lower()
    if re.search(r"\bno-(?:cache|store)\b", directives):
        return None
    stated = _MAX_AGE.search(directives)
    if stated is not None:
        digits = stated[1]
        wait = MAX_FRESH if len(digits) > _MAX_DIGITS else timedelta(seconds=int(digits))
    else:
        wait = _expires_after(headers)
    return min(wait, MAX_FRESH) if wait > timedelta(0) else None


def _expires_after(headers: Headers) -> timedelta:
    expires, date = header(headers, "expires"), header(headers, "date")
    try:
        # By its own clock: ours may differ.
        return _until(expires, _aware(date)) if expires is not None and date is not None else timedelta(0)
    except (ValueError, OverflowError):
        return timedelta(0)


def _until(value: str, now: datetime) -> timedelta:
    try:
        return _aware(value) - now
    except (ValueError, OverflowError):
        return timedelta(0)


def _aware(value: str) -> datetime:
    moment = parsedate_to_datetime(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def failure(url: str, status: int, headers: Headers, walled: str | None, now: datetime) -> SourceError | None:
    """Return what is wrong with an answer, None when it is the document; a 304 is judged before, all but 200 fails.

    `walled` is the wall that its bytes are, if any.
    """
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


def missing(url: str, final_url: str, title: str, text: str = "") -> str | None:
    """Return why a page that answered 200 is none all the same: its title says so, or another page came in its place.

    The rules are EDGI's: agencies take a page down by sending its readers to the front page.
    """
    if _NOT_FOUND.search(title) or (len(text) < _PAGE and _says_no_page(title)):
        return f"its title says {title[:60]!r}"
    asked, got = urlsplit(url), urlsplit(final_url)
    if asked.path == got.path or _FRONT.fullmatch(asked.path or "/"):
        return None
    if _FRONT.fullmatch(got.path or "/") and not got.query:
        return "it leads to the front page"
    return f"it leads to {got.path[:60]}" if _ERROR_PATH.search(got.path) else None


def _says_no_page(title: str) -> bool:
    return any(_NO_PAGE.fullmatch(part.strip()) for part in _TITLE_PARTS.split(title))


def is_binary(body: bytes) -> bool:
    """Return whether a body is a picture, an archive or the like, and no text in any encoding."""
    return b"\x00" in body[:_HEAD] and not body.startswith(_UTF_16)


def is_not_modified(status: int) -> bool:
    """Return whether the status says that the copy we have is good."""
    return status == _NOT_MODIFIED
