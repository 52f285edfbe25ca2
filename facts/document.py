"""Document: what a spider read. Snapshot: the version of it that the archive keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from facts.identity import digest_bytes, make_id
from facts.places import Place
from facts.text import content_digest

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One HTTP answer as it was received, the evidence behind every document read from it."""

    #: The address that was asked, which for a feed entry is the feed's.
    url: str
    status: int
    headers: Headers
    #: The body as received, content encoding removed.
    body: bytes
    media_type: str
    fetched_at: datetime

    @property
    def body_digest(self) -> str:
        """The sha256 of the body, in hex."""
        return digest_bytes(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One readable thing at one address: a release, an article, a letter, a page."""

    source: str
    #: The canonical address: what a reader would cite.
    url: str
    title: str
    text: str
    capture: Capture
    #: As the source claims it; never "now".
    published_at: datetime | None = None
    #: What the source is about, from its stanza.
    places: tuple[Place, ...] = ()
    #: The page that linked this attachment.
    parent: str | None = None
    #: A PDF whose pages hold pictures and no text.
    scanned: bool = False

    @property
    def digest(self) -> str:
        """The digest of the normalised text, which decides "changed"."""
        return content_digest(self.title, self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcPlace:
    """Where a capture lies: a file of the archive folder, and the bytes of one gzip member in it."""

    file: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One version of a document, as archived; a new version only when the normalised text changed."""

    id: str
    source: str
    url: str
    title: str
    text: str
    published_at: datetime | None
    places: tuple[Place, ...]
    taken_at: datetime
    #: 1 at first sight.
    version: int
    digest: str
    body_digest: str
    media_type: str
    warc: WarcPlace
    parent: str | None = None
    scanned: bool = False
    #: A first visit or a backfill brought it: archived, searchable, alerting nobody.
    backlog: bool = False


def snapshot_id(source: str, url: str, version: int, digest: str) -> str:
    """Return the id of a version: its source, its address, its number and its text."""
    return make_id("snapshot", source, url, str(version), digest)


def next_version(document: Document, latest: Snapshot | None) -> int | None:
    """Return the number of the version this document makes, or None when its text did not change."""
    if latest is None:
        return 1
    return None if latest.digest == document.digest else latest.version + 1
