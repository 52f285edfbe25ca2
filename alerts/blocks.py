"""Blocks: an alert and a digest as Slack messages, within Slack's limits and with nothing in them Slack would obey.

The limits are those of Block Kit (docs.slack.dev, "Block Kit" and `chat.postMessage`). Outside text is escaped
everywhere, also in `plain_text`, where Slack keeps `& < >` in the same escaped form.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from alerts.layout import NOTHING, REPEAT, bulletin_title, kind, lead, names, one_line, rows
from alerts.message import Bulletin, Message
from alerts.plain import LONGEST_ADDRESS, host_of, line, shorten, web_address
from facts.alert import Reason

HEADER_LIMIT = 150
SECTION_LIMIT = 3_000
FIELD_LIMIT = 2_000
FIELDS_LIMIT = 10
BLOCKS_LIMIT = 50
#: Slack answers `msg_blocks_too_long` from about 13,200 characters in all; its documents name no figure.
ALL_BLOCKS_LIMIT = 12_000

# Two blocks stay free for the line that counts what was left out and for the failing sources.
_ENTRIES_ROOM = BLOCKS_LIMIT - 2
_ENTRIES_CHARACTERS = ALL_BLOCKS_LIMIT - SECTION_LIMIT - 500

Block = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One message as `chat.postMessage` takes it; the key finds it again in the channel's history."""

    text: str
    blocks: tuple[Block, ...]
    event_type: str
    key: str


def alert_post(message: Message) -> Post:
    """Return the alert as a Slack message."""
    return Post(
        text=fit(f"{lead(message)}: {line(message.headline)}{_in_places(message)}", SECTION_LIMIT),
        blocks=tuple(_alert_blocks(message)),
        event_type="pursestrings_alert",
        key=message.alert_id,
    )


def bulletin_post(bulletin: Bulletin) -> Post:
    """Return the digest as one Slack message; what does not fit is counted and left to the archive."""
    entries = tuple(_bulletin_entries(bulletin))
    shown = _fitting(entries)
    left_out = sum(each["type"] == "section" for each in entries[len(shown) :])
    archive = _link(bulletin.archive_url, "Open the archive")
    more = [_section(f"and {left_out} more. {archive}")] if left_out else [_context(archive)]
    failing = "*Failing sources*\n" + "\n".join(escape(line(failure)) for failure in bulletin.failing)
    return Post(
        text=fit(bulletin.subject, SECTION_LIMIT),
        blocks=(*shown, *([_section(_whole_lines(failing))] if bulletin.failing else ()), *more),
        event_type="pursestrings_digest",
        key=bulletin.message_id,
    )


def escape(text: str) -> str:
    """Return the text with the three characters by which Slack makes links and mentions escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def fit(text: str, limit: int) -> str:
    """Return the text as one escaped line of at most `limit` characters, never cut inside an escape."""
    shown = line(text)
    room = limit
    while len(escaped := escape(shorten(shown, room))) > limit:
        # A character grows to five at most.
        room -= max(1, (len(escaped) - limit) // 5)
    return escaped


def _alert_blocks(message: Message) -> Iterator[Block]:
    if message.reason is Reason.CANARY:
        yield _section(fit(one_line(message), SECTION_LIMIT))
        return
    yield _header(message.headline)
    opening = f"*{lead(message)}*" + (f" · {fit(message.kind, FIELD_LIMIT // 2)}" if kind(message) else "")
    yield _section(f"{opening}\n_{REPEAT}_" if message.possible_repeat else opening)
    facts = [_mrkdwn(f"*{term}*\n{fit(value, FIELD_LIMIT // 2)}") for term, value in rows(message)]
    if facts:
        yield {"type": "section", "fields": facts[:FIELDS_LIMIT]}
    if message.quote:
        # Plain text: a quote is shown to the letter, also its asterisks.
        yield {"type": "section", "text": _plain(f"“{fit(message.quote, FIELD_LIMIT // 2)}”")}
    if links := _links(message):
        yield _section(links)
    yield _context(f"Alert {message.alert_id}")


def _in_places(message: Message) -> str:
    return f" ({names(message.places)})" if message.places else ""


def _bulletin_entries(bulletin: Bulletin) -> Iterator[Block]:
    yield _header(bulletin_title(bulletin))
    if not bulletin.sections:
        yield _section(NOTHING)
    for heading, messages in bulletin.sections:
        yield _header(f"{heading} ({len(messages)})")
        for message in messages:
            yield _section(_entry(message))


def _entry(message: Message) -> str:
    due = f"due {message.deadline}" if message.deadline else ""
    facts = [fit(value, 400) for value in (names(message.places), due) if value]
    opening = f"*{fit(message.headline, 300)}*"
    return "\n".join(filter(None, (opening, " · ".join(facts), _links(message))))


def _fitting(entries: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return as many entries from the first as one message takes."""
    used = 0
    for number, entry in enumerate(entries):
        used += len(json.dumps(entry, ensure_ascii=False))
        if used > _ENTRIES_CHARACTERS or number >= _ENTRIES_ROOM:
            return entries[:number]
    return entries


def _whole_lines(text: str) -> str:
    """Return the text cut at the end of a line, so that no escape is cut in two."""
    return text if len(text) <= SECTION_LIMIT else text[: text[:SECTION_LIMIT].rfind("\n")]


def _links(message: Message) -> str:
    original = web_address(message.url)
    links = (
        _link(original, f"Read at {host_of(message.url)}") if original else "",
        _link(message.archived_url, "Archived copy") if message.archived_url else "",
    )
    return " · ".join(filter(None, links))


def _link(url: str, label: str) -> str:
    address = escape(url.replace("|", "%7C"))
    # An address of our own that is too long or not one is a mistake in public_url; text shows it best.
    return f"<{address}|{fit(label, 300)}>" if len(address) <= LONGEST_ADDRESS else fit(label, 300)


def _header(text: str) -> Block:
    return {"type": "header", "text": _plain(fit(text, HEADER_LIMIT) or "-")}


def _section(mrkdwn: str) -> Block:
    return {"type": "section", "text": _mrkdwn(mrkdwn)}


def _context(mrkdwn: str) -> Block:
    return {"type": "context", "elements": [_mrkdwn(mrkdwn)]}


def _mrkdwn(text: str) -> Block:
    # Verbatim: Slack makes no links of bare addresses, channel names or mentions in it.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}
