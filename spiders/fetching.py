"""What a spider asks of the network, and what it gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import ParamSpec, Protocol, TypeVar, runtime_checkable

from facts.document import Capture
from facts.identity import ID_LENGTH, digest_bytes
from facts.visit import Harvest, Link, Remembered

_MIB = 1024 * 1024

P = ParamSpec("P")
T = TypeVar("T")


class BodyCap(Enum):
    """The most bytes of a body, inflated, by what is expected (docs/reliability.md, S5)."""

    FEED = 4 * _MIB
    PAGE = 16 * _MIB
    LETTER = 50 * _MIB


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an address answered; `capture` is None when it said 304."""

    #: The address asked; of a POST its `request_name`.
    url: str
    #: The address that answered, after redirects.
    final_url: str
    capture: Capture | None
    #: The validators to send next time, byte for byte as served.
    etag: str | None
    last_modified: str | None
    #: How long the answer says it stays good, at most 24 hours; None when it does not say.
    fresh_for: timedelta | None = None
    #: Bytes received, those of status lines and headers and of every redirect too; robots.txt left out.
    bytes: int


class Fetch(Protocol):
    """The one way out: every address a spider wants goes through this, and what came back is parsed by it.

    Raises (all `facts.errors.SourceError`):
        Unreachable: no answer, or a status of 400 and above.
        Blocked: a bot wall, whatever its status.
        Forbidden: robots.txt, a non-global address, a scheme or port we do not speak.
    """

    async def __call__(
        self, url: str, *, cap: BodyCap, validators: Remembered | None = None, data: bytes | None = None
    ) -> Answer:
        """Fetch one address, conditionally when there are validators; JSON in `data` is sent by POST, unconditionally.

        The capture of a POST is named by `request_name`, since one address answers many.
        """
        ...

    async def parse(self, parser: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a parser of what was fetched in a child process, within its limits (see `spiders.parsing`).

        The parser is a function of a module. What it takes can be pickled; what it returns is made of plain values,
        times, and dataclasses and enums of `facts` and `spiders`. Errors of `facts.errors` come back as they are.

        Raises:
            Unreadable: it takes too much time or memory, or crashes.
            Unreachable: no process could read it now.
        """
        ...


class Spider(Protocol):
    """One source: how to look at it. Every `spiders/<kind>.py` has a class of this shape named `Spider`."""

    async def visit(self, fetch: Fetch, memory: Mapping[str, Remembered], now: datetime) -> Harvest:
        """Look at the source once; `memory` holds what each address answered last, by address.

        Raises:
            SourceError: the source could not be read this time.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One page of a source's past."""

    harvest: Harvest
    #: Where the next call goes on, in words of its own kind; None at the end.
    cursor: str | None
    #: From this day on to the last one asked for everything is read now; None before that is known.
    reached: date | None
    #: An estimate of the calls that are left; None while there is none.
    pages_left: int | None


@runtime_checkable
class Historian(Protocol):
    """A source that can be read back into its past, one polite page a call; some kinds' `Spider` is one."""

    async def history(self, fetch: Fetch, cursor: str | None, since: date, until: date, now: datetime) -> Leaf:
        """Read one page of what was published from `since` to `until`, both days included, the latest first.

        A call without a cursor begins; one with the cursor of the last leaf goes on, in another process too. A call
        that raised may be made again. What a page holds of other days is left out; what has no date is not.

        Raises:
            SourceError: the page could not be read this time.
        """
        ...


def request_name(url: str, data: bytes | None) -> str:
    """Return what a request is remembered and captured by: its address, and for a POST the digest of what was sent."""
    return url if data is None else f"{url}#{digest_bytes(data)[:ID_LENGTH]}"


class Follower(Protocol):
    """Reads one page or attachment that a visit found."""

    async def __call__(self, fetch: Fetch, link: Link, now: datetime, *, before: Remembered | None = None) -> Harvest:
        """Read the link; what it leads to is a document, and may link further letters."""
        ...
