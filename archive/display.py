"""How things are shown to a person: words, times, and outside strings made safe to look at. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from alerts.apstyle import ap_date
from facts.alert import DeliveryState

_NOON = 12

# Overrides, embeddings and isolates reorder what stands around them, so they are spelt out.
_BIDI = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_SHOWN = {
    **{code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n\r"},
    0x7F: "\u2421",
    **dict.fromkeys(range(0x80, 0xA0), "\ufffd"),
    **{code: f"[U+{code:04X}]" for code in _BIDI},
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
}

_STATES = {
    DeliveryState.PENDING: "waiting to be sent",
    DeliveryState.SENDING: "being sent",
    DeliveryState.SENT: "sent",
    DeliveryState.IN_DOUBT: "in doubt: the channel's answer was lost",
    DeliveryState.REFUSED: "refused by the channel",
}


def visible(text: str) -> str:
    """Return the text with control, override and surrogate characters replaced by ones that can be seen."""
    return text.translate(_SHOWN)


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment in the zone; one at the very ends of the calendar stays in UTC."""
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment.astimezone(UTC)


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """Return a time of day in AP style with its zone, "9:05 a.m. MDT", in one piece: its blanks do not break."""
    here = local(moment, zone)
    half = "a.m." if here.hour < _NOON else "p.m."
    return f"{here.hour % _NOON or _NOON}:{here.minute:02}\u00a0{half}\u00a0{here.tzname()}"


def when(moment: datetime, zone: ZoneInfo) -> str:
    """Return a moment in AP style: "Aug. 3, 2017, 9:05 a.m. MDT"."""
    return f"{ap_date(local(moment, zone))}, {clock(moment, zone)}"


def published(moment: datetime, zone: ZoneInfo) -> str:
    """Return the time that a source claims; its day alone when it gave no time, which comes as midnight in UTC."""
    utc = moment.astimezone(UTC)
    return ap_date(utc) if utc.time() == time() else when(moment, zone)


def published_day(moment: datetime, zone: ZoneInfo) -> str:
    """Return the day that a source claims; a day without a time belongs to no zone and is not moved by one."""
    utc = moment.astimezone(UTC)
    return ap_date(utc if utc.time() == time() else local(moment, zone))


def words(identifier: str) -> str:
    """Return a value's identifier as words: "jail access" for `jail_access`."""
    return identifier.replace("_", " ").replace("-", " ")


def delivery_words(state: DeliveryState) -> str:
    """Return what a state of a delivery means to a reader."""
    return _STATES[state]
