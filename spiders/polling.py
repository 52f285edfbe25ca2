"""One conditional look at one address, and what is to be remembered of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from facts.document import Capture
from facts.visit import Harvest, Remembered
from spiders.fetching import Answer, BodyCap, Fetch


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

    def harvest(self) -> Harvest:
        """Return the look as a harvest that brought nothing home."""
        return Harvest(
            remembered=(self.remembered,),
            requests=1,
            bytes=self.bytes,
            not_modified=int(self.not_modified),
            unchanged=int(self.capture is None and not self.not_modified),
        )


async def poll(fetch: Fetch, url: str, cap: BodyCap, memory: Mapping[str, Remembered]) -> Poll:
    """Ask an address, with the validators it gave last time; a body seen last time is not worth a second reading."""
    before = memory.get(url)
    answer = await fetch(url, cap=cap, validators=before)
    digest = before.body_digest if before is not None else None
    capture = answer.capture
    if capture is not None and capture.body_digest == digest:
        capture = None
    return Poll(
        final_url=answer.final_url,
        capture=capture,
        remembered=Remembered(
            url=url,
            etag=answer.etag,
            last_modified=answer.last_modified,
            body_digest=digest if capture is None else capture.body_digest,
            mark=before.mark if before is not None else None,
            whole_at=_whole_at(answer, before),
        ),
        bytes=answer.bytes,
        not_modified=answer.capture is None,
    )


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
    )
