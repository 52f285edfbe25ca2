"""Notices: what those who were told of a document hear when it is edited, removed or copied. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from alerts.plain import line, shorten
from facts.alert import Alert, Reason
from facts.document import CaptureKind, Removal, Snapshot
from facts.event import Quote
from facts.identity import make_id
from facts.text import adds_little, normalise
from facts.twins import twin_key

#: Characters of a passage that a notice quotes.
_PASSAGE = 200
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


def removed(told: Sequence[Alert], latest: Snapshot, removal: Removal, now: datetime) -> list[Alert]:
    """Return one notice for each channel that was told of the document, in words that its looks support.

    That is when it was last found and since when it is missing, never when it was taken down.
    """
    detail = (
        f"last found {_moment(removal.last_seen)}, missing since {_moment(removal.missing_since)}: "
        f"{removal.found}; version {latest.version} is in the archive"
    )
    return _notices(told, Reason.REMOVED, detail, latest.id, now)


def edited(told: Sequence[Alert], before: Snapshot, after: Snapshot, now: datetime) -> list[Alert]:
    """Return one notice for each channel that was told of an earlier version; none for an edit that changes little.

    None either when the page itself comes after what its feed had said of it, and when the same bytes were only read
    another way: a scan by a better program, a page that was too slow to be recognised. What was missing and is back is
    told, whatever its text.
    """
    old, new = f"{before.title}\n{before.text}", f"{after.title}\n{after.text}"
    if before.removed is not None:
        detail = f"it is back; it was missing since {_moment(before.removed.missing_since)}"
    elif _is_reading_alone(before, after) or (adds_little(old, new) and adds_little(new, old)):
        return []
    else:
        detail = f"version {after.version} of {_moment(after.taken_at)}. {_change(before.text, after.text)}"
    return _notices(told, Reason.EDITED, detail, after.id, now)


def own_words(
    first: Snapshot, later: Snapshot, added: Sequence[tuple[int, int]], evidence: Sequence[Quote] = ()
) -> str:
    """Return what a copy has of its own, given the spans of what it adds to its original; "" when it adds nothing."""
    if not added:
        return ""
    whose = f"an earlier state of the page, version {first.version}" if _is_one_page(first, later) else first.source
    if any(start < quote.end and quote.start < end for quote in evidence for start, end in added):
        return f"the words quoted are its own; others it has from {whose}"
    start, end = max(added, key=lambda span: span[1] - span[0])
    return f"its text is that of {whose}. New: “{shorten(line(later.text[start:end]), _PASSAGE)}”"


def _is_one_page(one: Snapshot, other: Snapshot) -> bool:
    return twin_key(one.url) == twin_key(other.url)


def _is_reading_alone(before: Snapshot, after: Snapshot) -> bool:
    return before.capture_kind is CaptureKind.RESOURCE or before.body_digest == after.body_digest


def _notices(told: Sequence[Alert], reason: Reason, detail: str, version: str, now: datetime) -> list[Alert]:
    first = {alert.channel: alert for alert in reversed(told)}
    return [
        Alert(
            id=make_id("notice", version, reason, channel),
            event_id=alert.event_id,
            story_id=alert.story_id,
            place=alert.place,
            source=None,
            detail=detail,
            reason=reason,
            route=alert.route,
            channel=channel,
            due_at=now,
        )
        for channel, alert in sorted(first.items())
    ]


def _change(old: str, new: str) -> str:
    """Return the longest sentence that came and the longest that went."""
    before, after = _sentences(old), _sentences(new)
    came, went = _longest(after - before), _longest(before - after)
    said = ((f"New: “{came}”" if came else ""), (f"Gone: “{went}”" if went else ""))
    return " ".join(filter(None, said)) or "The order of its text changed."


def _sentences(text: str) -> set[str]:
    return {normalise(sentence) for sentence in _SENTENCE.split(text) if sentence.strip()}


def _longest(sentences: set[str]) -> str:
    return shorten(line(max(sorted(sentences), key=len, default="")), _PASSAGE)


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
