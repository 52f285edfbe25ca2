"""Mail: an alert and a digest as a mail with a text and an HTML part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from alerts.apstyle import ap_date
from alerts.layout import (
    NOTHING,
    REPEAT,
    bulletin_lines,
    bulletin_title,
    kind,
    lead,
    names,
    rows,
    text_lines,
)
from alerts.message import Bulletin, Message
from alerts.plain import host_of, line, shorten, web_address

_SUBJECT_LENGTH = 150
_NAME_LENGTH = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A mail before it has a sender."""

    #: The left part of its Message-ID; the same at every try.
    key: str
    subject: str
    text: str
    html: str


def alert_draft(message: Message) -> Draft:
    """Return the alert as a mail."""
    return Draft(
        key=f"alert-{message.alert_id}",
        subject=f"{lead(message)}: {line(message.headline)}",
        text="\n".join([*text_lines(message), f"  {'Alert:':<12}{message.alert_id}"]),
        html=_page("alert.html", entry=_entry(message), repeat=REPEAT if message.possible_repeat else ""),
    )


def bulletin_draft(bulletin: Bulletin) -> Draft:
    """Return the digest as a mail."""
    return Draft(
        key=bulletin.message_id,
        subject=bulletin.subject,
        text="\n".join(bulletin_lines(bulletin)),
        html=_page(
            "digest.html",
            title=bulletin_title(bulletin),
            day=ap_date(bulletin.local_date),
            name=line(bulletin.name).capitalize(),
            summary=line(bulletin.summary),
            sections=[
                (line(heading), [_entry(message) for message in messages]) for heading, messages in bulletin.sections
            ],
            nothing=NOTHING,
            failing=[line(failure) for failure in bulletin.failing],
            archive=web_address(bulletin.archive_url),
        ),
    )


def mail(draft: Draft, *, sender: str, bot_name: str, to: tuple[str, ...], now: datetime) -> EmailMessage:
    """Return the mail; no outside string can add a header, since each is one line before it becomes a value."""
    letter = EmailMessage()
    name = _header(bot_name, _NAME_LENGTH)
    letter["From"] = Address(display_name=name, addr_spec=sender)
    letter["To"] = tuple(Address(addr_spec=address) for address in to)
    letter["Subject"] = _header(draft.subject, _SUBJECT_LENGTH)
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = f"<{draft.key}@{sender.rpartition('@')[2]}>"
    # RFC 3834: no vacation notice answers this.
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(draft.text + "\n")
    letter.add_alternative(draft.html, subtype="html")
    return letter


def _header(value: str, limit: int) -> str:
    # What looks like an encoded word (RFC 2047) is decoded when it is set, line breaks in it included.
    return shorten(line(value).replace("=?", "= ?"), limit)


def _entry(message: Message) -> dict[str, Any]:
    return {
        "lead": lead(message),
        "kind": kind(message),
        "headline": line(message.headline),
        "original": web_address(message.url),
        "host": host_of(message.url),
        "archived": web_address(message.archived_url),
        "published": message.published,
        "places": names(message.places),
        "deadline": line(message.deadline),
        "quote": line(message.quote),
        "source": line(message.source),
        "rows": [
            (term, value) for term, value in rows(message) if term in {"Agency", "Program", "Conditions", "Also in"}
        ],
        "id": message.alert_id,
    }


def _page(template: str, **values: Any) -> str:  # noqa: ANN401  a template takes whatever it names
    return _templates().get_template(template).render(values)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
