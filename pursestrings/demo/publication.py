"""Publication: one thing that one site of the invented web makes public. Page: what a site answers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import NAMESPACE_URL, UUID, uuid5

from facts.times import require_aware
from pursestrings.demo import markup


class Kind(StrEnum):
    """What is published, which decides where it is shown."""

    #: A press release: a row of the JSON API and an item of the RSS feed.
    RELEASE = "release"
    #: A calendar entry that the RSS feed carries among the news.
    EVENT = "event"
    #: A newspaper's article.
    ARTICLE = "article"
    #: One block of a page that is rewritten in place.
    STATEMENT = "statement"
    #: A city hall's news item, with a page of its own.
    NEWS = "news"
    #: A file.
    LETTER = "letter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One text and the moment from which it can be read; paragraphs are in the markup of `markup.py`."""

    #: "site/name"; stable, so that a test can move it.
    key: str
    site: str
    #: Below the server's root, such as "/sandia-courier/2017/08/04/a-slug/".
    path: str
    kind: Kind
    at: datetime
    title: str
    paragraphs: tuple[str, ...] = ()
    summary: str = ""
    author: str = ""
    section: str = ""
    #: Paths of attached files.
    attachments: tuple[str, ...] = ()
    #: The number of a release, "" when it has none.
    number: str = ""
    components: tuple[str, ...] = ()
    #: The date the site prints when it is not `at`: a calendar entry lies in the future.
    dated: datetime | None = None
    #: The bytes of a file.
    body: bytes = b""

    def __post_init__(self) -> None:
        """Refuse a moment without a zone."""
        require_aware(self.at, self.key)

    @property
    def shown_at(self) -> datetime:
        """The date the site prints."""
        return self.dated or self.at

    @property
    def text(self) -> str:
        """The whole text without its links."""
        return "\n\n".join(markup.plain(paragraph) for paragraph in self.paragraphs)

    @property
    def links(self) -> tuple[str, ...]:
        """The paths that the text links to."""
        return tuple(path for paragraph in self.paragraphs for path in markup.links(paragraph))

    @property
    def uuid(self) -> UUID:
        """The identity that its content system would give it; stays when it is moved or edited."""
        return uuid5(NAMESPACE_URL, self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer before it has headers."""

    status: int
    media_type: str
    body: bytes
    #: When what it shows last changed; None for what is made on the spot, which has no validators.
    modified: datetime | None = None

    @property
    def etag(self) -> str:
        """A strong entity tag: of the bytes."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'
