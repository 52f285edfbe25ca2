"""One conditional look at one address, and what is to be remembered of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from facts.document import Capture
from facts.visit import Harvest, Remembered
from spiders.fetching import Answer, BodyCap, Fetch, request_name

#: The longest time of nothing but 304 (docs/reliability.md, R31).
WHOLE_EVERY = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What came of one look."""

    #: The address that answered, after redirects.
    final_url: str
    #: The answer, None when it is the one seen last time.
    capture: Capture | None
    remembered: Remembered
    bytes: int
    not_modified: bool
    #: How long the answer says it stays good.
    fresh_for: timedelta | None = None

    def harvest(self) -> Harvest:
        """Return the look as a harvest that brought nothing home."""
        return Harvest(
            remembered=(self.remembered,),
            requests=1,
            bytes=self.bytes,
            not_modified=int(self.not_modified),
            unchanged=int(self.capture is None and not self.not_modified),
            wait=self.fresh_for,
        )


async def poll(
    fetch: Fetch, url: str, cap: BodyCap, memory: Mapping[str, Remembered], *, data: bytes | None = None
) -> Poll:
    """Ask an address, with the validators it gave last time; a body seen last time is not worth a second reading."""
    name = request_name(url, data)
    before = memory.get(name)
    answer = await fetch(url, cap=cap, validators=before, data=data)
    digest = before.body_digest if before is not None else None
    capture = answer.capture
    if capture is not None and capture.body_digest == digest:
        capture = None
    return Poll(
        final_url=answer.final_url,
        capture=capture,
        remembered=Remembered(
            url=name,
            etag=answer.etag,
            last_modified=answer.last_modified,
            body_digest=digest if capture is None else capture.body_digest,
            mark=before.mark if before is not None else None,
            whole_at=_whole_at(answer, before),
        ),
        bytes=answer.bytes,
        not_modified=answer.capture is None,
        fresh_for=answer.fresh_for,
    )


def due_whole(memory: Mapping[str, Remembered], now: datetime) -> Mapping[str, Remembered]:
    """Return the memory without the validators of addresses that said nothing but 304 for a week.

    Some say 304 whatever they have: an unconditional look finds out.
    """
    bare = {url: replace(one, etag=None, last_modified=None) for url, one in memory.items() if _is_long_ago(one, now)}
    return {**memory, **bare} if bare else memory


def _is_long_ago(one: Remembered, now: datetime) -> bool:
    # A time that far ahead was noted by a clock that was; without one, nobody knows since when it says 304.
    return one.whole_at is None or abs(now - one.whole_at) >= WHOLE_EVERY


def _whole_at(answer: Answer, before: Remembered | None) -> datetime | None:
    if answer.capture is not None:
        return answer.capture.fetched_at
    return before.whole_at if before is not None else None


def total(looks: Iterable[Poll]) -> Harvest:
    """Return several looks as one harvest that brought nothing home."""
    each = [look.harvest() for look in looks]
    return Harvest(
        remembered=tuple(remembered for harvest in each for remembered in harvest.remembered),
        requests=len(each),
        bytes=sum(harvest.bytes for harvest in each),
        not_modified=sum(harvest.not_modified for harvest in each),
        unchanged=sum(harvest.unchanged for harvest in each),
        wait=max((harvest.wait for harvest in each if harvest.wait), default=None),
    )
