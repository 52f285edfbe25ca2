"""JSON of strangers: an object or a clear error, and fields that come in several forms or not at all. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from facts.document import Capture
from facts.errors import Unreadable
from spiders.html import decode

#: Longer numbers are no counts.
_MAX_DIGITS = 9


def read_object(capture: Capture, what: str) -> Mapping[str, Any]:
    """Return the JSON object of an answer; `what` names what it should hold.

    Raises:
        Unreadable: it is something else. Errors of APIs are HTML pages, sometimes with 200.
    """
    text = decode(capture.body, capture.headers)
    if text.lstrip().startswith("<"):
        msg = f"expected the JSON of {what}, found an HTML page of {len(capture.body) // 1000} kB"
        raise Unreadable(msg, url=capture.url)
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError) as error:
        msg = f"expected the JSON of {what}, found damaged JSON: {str(error)[:80]}"
        raise Unreadable(msg, url=capture.url) from error
    return answer if isinstance(answer, dict) else {}


def list_in(answer: Mapping[str, Any], name: str, capture: Capture, what: str) -> list[Any]:
    """Return the list of this name.

    Raises:
        Unreadable: there is none.
    """
    rows = answer.get(name)
    if not isinstance(rows, list):
        msg = f"expected the JSON of {what}, found JSON without a list of {name}"
        raise Unreadable(msg, url=capture.url)
    return rows


def words(row: Mapping[str, Any], name: str) -> str:
    """Return a field as text, "" when it is missing or holds anything but text or a number."""
    value = row.get(name)
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def whole_number(row: Mapping[str, Any], name: str) -> int | None:
    """Return a count, which may come as text; None when it is none."""
    text = words(row, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS else None


def texts(row: Mapping[str, Any], name: str) -> list[str]:
    """Return the texts of a list, the names of the objects in it included; [] when it is no list."""
    value = row.get(name)
    found = (each.get("name") if isinstance(each, dict) else each for each in value) if isinstance(value, list) else ()
    return [each for each in found if isinstance(each, str) and each.strip()]
