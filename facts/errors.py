"""Every error a person can act on, as one tree.

PursestringsError
├── ConfigError(where)               the configuration is wrong: file, line, key and what was expected
├── SourceError(source, url)         one source could not be read this time
│   ├── Unreachable                  no answer: DNS, refused, reset, deadline, or an error status
│   │   └── Held                     not asked: the host named a time before which it wants no request
│   ├── Blocked                      an answer that is a bot wall, not the document
│   ├── Unreadable                   an answer whose bytes make no sense
│   └── Forbidden                    we refuse to fetch it: robots.txt, a private address, a scheme
├── StorageError                     the archive could not be read or written
│   ├── SchemaError                  the database belongs to another program or a newer version
│   └── NotFound                     no such document, version or capture
└── DeliveryError(channel)           one message could not be delivered
    ├── DeliveryLater(retry_after)   try again later; it may have arrived (in_doubt)
    └── DeliveryRefused              never: the channel said so

Bugs are not in this tree and are not caught.
"""

from __future__ import annotations

from datetime import datetime


class PursestringsError(Exception):
    """Anything that went wrong in a way the operator can do something about."""


class ConfigError(PursestringsError):
    """The configuration is wrong; `where` says the file, line and key."""

    def __init__(self, message: str, *, where: str) -> None:
        super().__init__(f"{where}: {message}")
        self.where = where


class SourceError(PursestringsError):
    """A source could not be read this time; other sources go on."""

    def __init__(
        self,
        message: str,
        *,
        source: str = "",
        url: str = "",
        status: int | None = None,
        retry_at: datetime | None = None,
    ) -> None:
        super().__init__(message)
        self.source = source
        self.url = url
        self.status = status
        self.retry_at = retry_at


class Unreachable(SourceError):
    """No usable answer: DNS, refused, reset, deadline, or an error status."""


class Held(Unreachable):
    """Not asked: its host named a time, `retry_at`, before which it wants no request. No failure of what was wanted."""


class Blocked(SourceError):
    """The answer is a bot wall or a challenge, not the document."""


class Unreadable(SourceError):
    """The answer arrived, but its bytes are not what the source should serve."""


class Forbidden(SourceError):
    """We do not fetch this: robots.txt says no, the address is not public, or the scheme is not http(s)."""


class StorageError(PursestringsError):
    """The archive could not be read or written."""


class SchemaError(StorageError):
    """The database belongs to another program, or to a newer version of this one."""


class NotFound(StorageError):
    """No such document, version or capture in the archive."""


class DeliveryError(PursestringsError):
    """A message could not be delivered."""

    def __init__(self, message: str, *, channel: str) -> None:
        super().__init__(f"{channel}: {message}")
        self.channel = channel


class DeliveryLater(DeliveryError):
    """The channel cannot take it now; `retry_after` is in seconds, None when the channel named no time.

    `in_doubt`: the answer was lost, so the message may have arrived. `only_this`: the channel works, and what waits
    behind this message need not wait for it.
    """

    def __init__(
        self,
        message: str,
        *,
        channel: str,
        retry_after: float | None = None,
        in_doubt: bool = False,
        only_this: bool = False,
    ) -> None:
        super().__init__(message, channel=channel)
        self.retry_after = retry_after
        self.in_doubt = in_doubt
        self.only_this = only_this


class DeliveryRefused(DeliveryError):
    """The channel will never take this message as it is: no blind retry, the operator is told."""
