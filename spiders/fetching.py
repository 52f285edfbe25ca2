"""What a spider asks of the network, and what it gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import ParamSpec, Protocol, TypeVar

from facts.document import Capture
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

    #: The address asked.
    url: str
    #: The address that answered, after redirects.
    final_url: str
    capture: Capture | None
    #: The validators to send next time, byte for byte as served.
    etag: str | None
    last_modified: str | None
    #: Bytes received, those of status lines and headers and of every redirect too; robots.txt left out.
    bytes: int


class Fetch(Protocol):
    """The one way out: every address a spider wants goes through this, and what came back is parsed by it.

    Raises (all `facts.errors.SourceError`):
        Unreachable: no answer, or a status of 400 and above.
        Blocked: a bot wall, whatever its status.
        Forbidden: robots.txt, a non-global address, a scheme or port we do not speak.
    """

    async def __call__(self, url: str, *, cap: BodyCap, validators: Remembered | None = None) -> Answer:
        """Fetch one address, conditionally when there are validators."""
        ...

    async def parse(self, parser: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a parser of what was fetched beside the event loop, within a limit of time (see `spiders.parsing`).

        Raises:
            Unreadable: it takes too long.
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


class Follower(Protocol):
    """Reads one page or attachment that a visit found."""

    async def __call__(self, fetch: Fetch, link: Link, now: datetime) -> Harvest:
        """Read the link; what it leads to is a document, and may link further letters."""
        ...
