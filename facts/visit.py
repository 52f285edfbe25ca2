"""Visit: one look at one source, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from facts.document import Document
from facts.identity import make_id
from facts.places import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a feed or listing looked like when it was read, which tells one that lives from one that dies."""

    #: Entries on it, those known before too.
    items: int
    #: How many of them have a date, a title and a text.
    dated: int
    titled: int
    worded: int
    #: The latest date that does not lie ahead.
    newest: datetime | None = None
    #: A fingerprint of the markup that holds the entries: it stays while entries come and go.
    layout: str | None = None


class Outcome(StrEnum):
    """How a visit ended."""

    FRESH = "fresh"
    UNCHANGED = "unchanged"
    EMPTY = "empty"
    BLOCKED = "blocked"
    FAILED = "failed"
    #: The server says that the address is gone for good (RFC 9110, section 15.5.11).
    GONE = "gone"
    #: Nothing was asked: the host named a time before which it wants no request. No failure of the source.
    HELD = "held"

    @property
    def failed(self) -> bool:
        """Whether the source could not be read."""
        return self in (Outcome.BLOCKED, Outcome.FAILED, Outcome.GONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """The record of one look at a source."""

    source: str
    at: datetime
    outcome: Outcome
    documents: int = 0
    requests: int = 0
    bytes: int = 0
    not_modified: int = 0
    unchanged: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """What an address answered last: its validators byte for byte, and the digest of its body."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    body_digest: str | None = None
    #: When it last answered with a body: after a week of nothing but 304 it is asked without validators.
    whole_at: datetime | None = None
    #: How far the source was read, in the words of its own kind.
    mark: str | None = None


class LinkKind(StrEnum):
    """What a link leads to."""

    PAGE = "page"
    LETTER = "letter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A page or an attachment that a visit found and that is still to be read."""

    source: str
    url: str
    kind: LinkKind
    #: The page or release that linked it.
    parent: str | None
    title: str
    #: What the listing or feed says of it, kept as the document when its page refuses us.
    summary: str
    published_at: datetime | None
    places: tuple[Place, ...]
    #: What its feed names it by, which may outlive its address; no part of the id.
    guid: str | None = None

    @property
    def id(self) -> str:
        """Stable while title and summary stay: an edited entry is a new link, so its page is read again."""
        return make_id("link", self.source, self.url, self.kind, self.title, self.summary)


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """What a spider brought home from one visit."""

    documents: tuple[Document, ...] = ()
    links: tuple[Link, ...] = ()
    #: What each asked address answered, to be committed only after the documents.
    remembered: tuple[Remembered, ...] = ()
    requests: int = 0
    bytes: int = 0
    #: Answers that were 304.
    not_modified: int = 0
    #: Answers that were 200 with the very body seen last time.
    unchanged: int = 0
    #: What was odd but not fatal, one line each, for the operator.
    warnings: tuple[str, ...] = ()
    #: None when nothing was read anew: a 304, or the body of last time.
    shape: Shape | None = None
    #: The canonical addresses of the entries, in their order; empty when nothing was read anew.
    listed: tuple[str, ...] = ()
    #: The least time until the next look that the source asks for: its ttl, or max-age of Cache-Control.
    wait: timedelta | None = None
