"""Layout: the order in which every channel tells an alert, as plain text."""

from __future__ import annotations

from collections.abc import Sequence

from alerts.apstyle import ap_date
from alerts.message import Bulletin, Message
from alerts.plain import line, shorten, web_address
from facts.alert import Reason

#: Names that are written out; the rest is counted ("and 24 more").
MOST_NAMES = 8
_VALUE_LENGTH = 600
NOTHING = "Nothing new today."
REPEAT = "Possible repeat: the answer to an earlier try was lost."

_LEADS = {
    Reason.NEW_STORY: "New story",
    Reason.FOLLOW_UP: "Follow-up",
    Reason.EDITED: "Edited",
    Reason.REMOVED: "Removed",
    Reason.CORRECTION: "Correction",
    Reason.REMINDER: "Reminder",
    Reason.MANY: "Many at once",
    Reason.SOURCE_FAILING: "Source failing",
    Reason.SOURCE_RECOVERED: "Source recovered",
    Reason.DELIVERY_REFUSED: "Delivery refused",
    Reason.CANARY: "Canary",
    Reason.CANARY_LATE: "Canary late",
    Reason.CANARY_RECOVERED: "Canary recovered",
}
_NEWS = {Reason.NEW_STORY, Reason.FOLLOW_UP}


def lead(message: Message) -> str:
    """Return why the reader is told: "New story"."""
    return _LEADS[message.reason]


def kind(message: Message) -> str:
    """Return what it is, "" where the lead already says so."""
    return "" if message.kind == lead(message) else line(message.kind)


def names(values: Sequence[str]) -> str:
    """Return the names in one line, parted by semicolons since places hold commas; from the ninth on counted."""
    shown = [line(value) for value in values[:MOST_NAMES]]
    more = [f"and {len(values) - MOST_NAMES} more"] if len(values) > MOST_NAMES else []
    return shorten("; ".join(shown + more), _VALUE_LENGTH)


def rows(message: Message) -> tuple[tuple[str, str], ...]:
    """Return the facts of the alert, each with its term; those that are not known are left out."""
    every = (
        ("Copy" if message.reason in _NEWS else "What changed", shorten(line(message.note), _VALUE_LENGTH)),
        ("Places", names(message.places)),
        ("Agency", names(message.agencies)),
        ("Program", names(message.programs)),
        ("Deadline", shorten(line(message.deadline), _VALUE_LENGTH)),
        ("Conditions", names([condition.replace("_", " ") for condition in message.conditions])),
        ("Published", message.published),
        ("Source", line(message.source)),
        ("Scan", scan_words(message.recognised_by)),
        ("Also in", names(message.also)),
    )
    return tuple((term, value) for term, value in every if value)


def scan_words(recognised_by: str) -> str:
    """Return what a reader has to know of words that a program recognised in a scan."""
    return f"words recognised by {line(recognised_by)}; check them in the copy" if recognised_by else ""


def text_lines(message: Message, *, with_lead: bool = True) -> list[str]:
    """Return the whole alert in plain lines, for a pipe, a log or the text part of a mail."""
    if message.reason is Reason.CANARY:
        return [one_line(message)]
    quote = line(message.quote)
    opening = " · ".join(filter(None, (lead(message) if with_lead else "", kind(message))))
    return [
        *filter(None, (opening, line(message.headline), REPEAT if message.possible_repeat else "")),
        *(f"  {term + ':':<12}{value}" for term, value in rows(message)),
        *([f"  “{quote}”"] if quote else []),
        *(f"  {term + ':':<12}{address}" for term, address in addresses(message)),
    ]


def one_line(message: Message) -> str:
    """Return what a canary says: nobody needs more of it."""
    repeat = " (possible repeat)" if message.possible_repeat else ""
    return f"{lead(message)}: {line(message.headline)}{repeat}"


def addresses(message: Message) -> tuple[tuple[str, str], ...]:
    """Return the links of the alert with their terms: the source's own where it can be checked, and our copy."""
    original = web_address(message.url) or ""
    return tuple((term, url) for term, url in (("Original", original), ("Archived", message.archived_url)) if url)


def bulletin_lines(bulletin: Bulletin) -> list[str]:
    """Return the whole digest in plain lines, entries parted by empty ones."""
    lines = [line(bulletin.subject), ""]
    for heading, messages in bulletin.sections:
        lines += [line(heading).upper(), ""]
        for message in messages:
            lines += [*text_lines(message, with_lead=False), ""]
    if not bulletin.sections:
        lines += [NOTHING, ""]
    if bulletin.failing:
        lines += ["FAILING SOURCES", "", *(f"  {line(failure)}" for failure in bulletin.failing), ""]
    return [*lines, f"Archive: {bulletin.archive_url}"]


def bulletin_title(bulletin: Bulletin) -> str:
    """Return the digest's name and day: "Morning digest, Aug. 4, 2017"."""
    return f"{line(bulletin.name).capitalize()} digest, {ap_date(bulletin.local_date)}"
