"""Visit: one look at one source, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from facts.document import Document
from facts.identity import make_id
from facts.places import Place


class Outcome(StrEnum):
    """How a visit ended."""

    FRESH = "fresh"
    UNCHANGED = "unchanged"
    EMPTY = "empty"
    BLOCKED = "blocked"
    FAILED = "failed"


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
