"""Watch: a document that is looked at again, for edits and for removal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from facts.visit import Remembered


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What is known of a document's later looks; mutable work state, read as one value."""

    source: str
    #: The address that the document is archived under.
    url: str
    #: The link it was read from; None for one that its listing alone told of: then only its presence is looked at.
    link_id: str | None
    #: When the document became public, as far as is known: what its age is counted from.
    since: datetime
    #: The last time that it was found.
    last_seen: datetime
    #: None: it is looked at no more.
    look_at: datetime | None
    #: Looks in a row that did not find it.
    misses: int = 0
    #: The first of them, and what the last one found in its place.
    missing_since: datetime | None = None
    found: str | None = None
    #: What its address answered last.
    remembered: Remembered | None = None
