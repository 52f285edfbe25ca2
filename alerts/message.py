"""Message and Bulletin: what is to be said, before any channel gives it a form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from facts.alert import Reason
from facts.places import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One alert in words; every string that came from outside is raw, a channel escapes it for itself."""

    alert_id: str
    reason: Reason
    #: What the reader sees first: the document's title, or the source and what is wrong with it.
    headline: str
    #: The label's id, "" for the health of a source.
    label: str
    #: The label and its certainty in words, such as "Funding condition letter (high certainty)".
    kind: str
    #: "Albuquerque, NM: disputes", or the recipients of a letter.
    places: tuple[str, ...]
    agencies: tuple[str, ...]
    programs: tuple[str, ...]
    #: "Aug. 18, 2017 (by Aug. 18; year assumed)", "" when there is none.
    deadline: str
    deadline_date: date | None
    conditions: tuple[str, ...]
    quote: str
    #: The source's own address and its host as a person would check it; "" for the health of a source.
    url: str
    host: str
    source: str
    published_at: datetime | None
    #: The same as the newsroom reads it, in its own zone; "" when the source claims none.
    published: str
    #: Our archived copy.
    archived_url: str
    #: An earlier try may have arrived.
    possible_repeat: bool
    #: The responding place of a follow-up.
    place: Place | None
    #: In a digest, the other sources that reported the same.
    also: tuple[str, ...] = ()
    #: What changed, in a notice of an edit or a removal; of a copy what it adds to its original.
    note: str = ""
    #: The program that recognised the words in a scan; "" where they stand in the document as such.
    recognised_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """A daily digest in words."""

    name: str
    local_date: date
    #: Stable for the digest and its day, so that a repeat is recognised by every mail reader.
    message_id: str
    subject: str
    #: What there is, counted: "1 letter, 2 responses; 1 source failing". The subject has it too.
    summary: str
    #: Headed groups of messages, in the order they are read; may be empty.
    sections: tuple[tuple[str, tuple[Message, ...]], ...]
    #: Sources that fail, one line each.
    failing: tuple[str, ...]
    #: Empty: the channel's own default recipients.
    to: tuple[str, ...]
    archive_url: str


class Channel(Protocol):
    """One way to tell people. Every `alerts/<kind>.py` has a class of this shape named `Channel`.

    Both methods return the receipt (a Slack ts, a Message-ID) and raise `DeliveryLater` or `DeliveryRefused`.
    """

    async def send(self, message: Message) -> str:
        """Tell one alert."""
        ...

    async def send_bulletin(self, bulletin: Bulletin) -> str:
        """Tell one digest."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
