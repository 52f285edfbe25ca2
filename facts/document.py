"""Document: what a spider read. Snapshot: the version of it that the archive keeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from facts.identity import digest_bytes, make_id
from facts.places import Place
from facts.text import adds_little, content_digest

Headers = tuple[tuple[str, str], ...]

#: A source's clock may be this far ahead of ours before its date is called ahead of time.
CLOCK_SLACK = timedelta(hours=26)


class CaptureKind(StrEnum):
    """What a capture is, in the words of WARC (ISO 28500:2017, section 6)."""

    #: An HTTP answer as it was received.
    RESPONSE = "response"
    #: What another address said of this one, which itself gave no words: nothing that its server sent.
    RESOURCE = "resource"
    #: What a browser made of an answer after its scripts had run.
    CONVERSION = "conversion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """The evidence behind every document read from it: one HTTP answer, or a summary where there was none to read."""

    #: The address that was asked, which for a feed entry is the feed's.
    url: str
    #: 0 for a resource: no server answered.
    status: int
    #: Those of the HTTP answer; of a resource, what its record says of where it comes from.
    headers: Headers
    #: The body as received, content encoding removed.
    body: bytes
    media_type: str
    #: When it was received; of a resource, when it was made.
    fetched_at: datetime
    kind: CaptureKind = CaptureKind.RESPONSE
    #: The sha256 of the body, in hex; made once, since every entry of a feed asks for it.
    body_digest: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the digest."""
        object.__setattr__(self, "body_digest", digest_bytes(self.body))


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
    #: A PDF of which half the pages or more are pictures.
    scanned: bool = False
    #: The program that recognised words in pictures of pages; None where all words stand in the capture as such.
    recognised_by: str | None = None
    #: What its feed names it by (RSS guid, Atom id, the API's uuid), which may outlive its address.
    guid: str | None = None

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
class Removal:
    """What is known of a document that is no longer there: two bounds, and never a day of deletion."""

    #: The last time that it was found.
    last_seen: datetime
    #: The first look that did not find it.
    missing_since: datetime
    #: What was found in its place, in one line.
    found: str


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
    #: Whether its capture is an answer of its own server.
    capture_kind: CaptureKind = CaptureKind.RESPONSE
    parent: str | None = None
    scanned: bool = False
    recognised_by: str | None = None
    #: A first visit or a backfill brought it: archived, searchable, alerting nobody.
    backlog: bool = False
    #: Set on a tombstone: the document was not found any more, at repeated looks. It has the last version's title.
    removed: Removal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The latest version of an archived document, as far as its next sighting is compared with it."""

    #: The address it is archived under.
    url: str
    title: str
    text: str
    digest: str
    published_at: datetime | None
    version: int
    backlog: bool
    #: That version is a tombstone.
    removed: bool = False


def dated_ahead(published_at: datetime | None, first_seen: datetime) -> bool:
    """Return whether a source dates a document later than it was seen, by more than a wrong zone or clock explains."""
    return published_at is not None and published_at - first_seen > CLOCK_SLACK


def snapshot_id(source: str, url: str, version: int, digest: str) -> str:
    """Return the id of a version: its source, its address, its number and its text."""
    return make_id("snapshot", source, url, str(version), digest)


def next_version(digest: str, latest: Known | None) -> int | None:
    """Return the number of the version that a document of this digest makes, or None when its text did not change.

    What returns after it was missing is a version, whatever its text.
    """
    if latest is None:
        return 1
    return None if latest.digest == digest and not latest.removed else latest.version + 1


def is_backlog(document: Document, latest: Known | None, *, backlog: bool) -> bool:
    """Return whether this version is backlog: brought as such, or a small edit of a version that was.

    A substantial edit is news, whatever came before: a page that a city adds its statements to is watched for that.
    """
    if backlog or latest is None or not latest.backlog:
        return backlog
    return adds_little(f"{latest.title}\n{latest.text}", f"{document.title}\n{document.text}")
