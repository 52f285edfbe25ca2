"""Scripts that said how long they stay good, kept between visits: a site's bundle is asked for once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from spiders.fetching import Answer

_MIB = 1024 * 1024


@dataclass(slots=True, kw_only=True)
class KeptScripts:
    """Answers by address, in memory; those used longest ago make room."""

    #: Bytes of bodies.
    most: int = 32 * _MIB
    _kept: dict[str, tuple[Answer, datetime]] = field(default_factory=dict)
    _size: int = 0

    def put(self, answer: Answer, now: datetime) -> None:
        """Keep an answer for as long as it said that it stays good."""
        size = _size(answer)
        if answer.capture is None or answer.fresh_for is None or size > self.most:
            return
        self._drop(answer.url)
        self._kept[answer.url] = (answer, now + answer.fresh_for)
        self._size += size
        while self._size > self.most:
            self._drop(next(iter(self._kept)))

    def get(self, url: str, now: datetime) -> Answer | None:
        """Return the answer of an address while it stays good, as one that took no bytes; None without one."""
        found = self._kept.pop(url, None)
        if found is None:
            return None
        answer, until = found
        # A clock that was set back would keep it for longer than it said.
        left = until - now
        if answer.fresh_for is None or not 0 < left.total_seconds() <= answer.fresh_for.total_seconds():
            self._size -= _size(answer)
            return None
        self._kept[url] = found
        return replace(answer, bytes=0, fresh_for=left)

    def _drop(self, url: str) -> None:
        found = self._kept.pop(url, None)
        self._size -= _size(found[0]) if found is not None else 0


def _size(answer: Answer) -> int:
    return len(answer.capture.body) if answer.capture is not None else 0
