"""Mark: how far a source that pages was read, so that a visit after a long pause reads on to where the last one was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Rows that no visit has read yet, because there were more than one visit reads."""

    #: They end at rows of this date, which were read before.
    since: datetime
    #: Pages from the newest one on after which they begin.
    depth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How far a source was read: the date of its newest row that was read, and what lies unread behind it."""

    newest: datetime
    gap: Gap | None = None

    def __str__(self) -> str:
        """Return the mark as it is remembered; `read` is its inverse."""
        gap = (self.gap.since.isoformat(), str(self.gap.depth)) if self.gap is not None else ()
        return " ".join((self.newest.isoformat(), *gap))

    @classmethod
    def read(cls, words: str) -> Self:
        """Return the mark that was remembered in these words."""
        newest, *gap = words.split()
        return cls(
            newest=datetime.fromisoformat(newest),
            gap=Gap(since=datetime.fromisoformat(gap[0]), depth=int(gap[1])) if gap else None,
        )
