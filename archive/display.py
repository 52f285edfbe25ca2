"""How things are shown to a person: words, and outside strings made safe to look at. Pure."""

from __future__ import annotations

from facts.alert import DeliveryState

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


def words(identifier: str) -> str:
    """Return a value's identifier as words: "jail access" for `jail_access`."""
    return identifier.replace("_", " ").replace("-", " ")


def delivery_words(state: DeliveryState) -> str:
    """Return what a state of a delivery means to a reader."""
    return _STATES[state]
