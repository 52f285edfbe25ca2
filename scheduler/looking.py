"""Looking again: archived documents are asked for once more, for edits and for removal (the rules: `watching`)."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import datetime, timedelta

from facts.document import Document
from facts.errors import Blocked, Forbidden, SourceError, StorageError
from facts.visit import Harvest, Remembered
from facts.watch import Watch
from scheduler import watching
from scheduler.missing import miss
from scheduler.pipeline import Pipeline
from scheduler.polling import Followed, in_words, keep
from storage.work import PendingLook

log = logging.getLogger(__name__)

#: As for a link: pages of one host wait for each other.
LEASE = timedelta(hours=1)
#: A page that answers so refuses us, and is there: RFC 9110, sections 15.5.2 and 15.5.4, and RFC 7725.
_REFUSALS = frozenset({401, 403, 451})


async def claim_looks(pipeline: Pipeline, now: datetime, *, limit: int) -> list[PendingLook]:
    """Take documents that are due to be looked at again."""
    return await asyncio.to_thread(pipeline.store.claim_looks, now, lease=LEASE, limit=limit)


async def look_again(pipeline: Pipeline, pending: PendingLook, now: datetime) -> Followed:
    """Look at one archived document again and commit what that taught; return what it took and brought.

    Raises:
        StorageError: the archive cannot take it now; the look is made again when its lease ends.
    """
    watch = pending.watch
    try:
        return await _seen(pipeline, pending, now)
    except StorageError:
        raise
    except SourceError as error:
        await _not_seen(pipeline, pending, error, now)
    except Exception:  # as in `polling.poll`: one page must not stop the others
        log.exception("look at %s: internal error", watch.url)
        await asyncio.to_thread(pipeline.store.settle_look, watching.unknown(watch, now, None))
    return Followed(requests=1)


async def _seen(pipeline: Pipeline, pending: PendingLook, now: datetime) -> Followed:
    watch, removed = pending.watch, pending.latest.removed is not None
    before = watch.remembered if watching.is_conditional(watch, now) and not removed else None
    harvest = await pipeline.follow(pipeline.fetch, pending.link, now, before=before)
    snapshots = 0
    # Of one that its listing alone told of, the listing's words are the document: its page proves its presence only.
    if watch.link_id is not None or removed:
        # What is back is no more news than it was; an edit is, where it says more than a backlog page did.
        snapshots = await keep(pipeline, _under(harvest, watch), backlog=removed and pending.latest.backlog, now=now)
    if watch.link_id is not None and harvest.links:
        # Letters that an edit added; those that were there before are known.
        await asyncio.to_thread(pipeline.store.finish_link, pending.link, harvest.links, backlog=False)
    await asyncio.to_thread(pipeline.store.settle_look, watching.found(watch, now, _answered(harvest)))
    return Followed(
        requests=harvest.requests, bytes=harvest.bytes, documents=len(harvest.documents), snapshots=snapshots
    )


def _under(harvest: Harvest, watch: Watch) -> tuple[Document, ...]:
    """Return the documents, that of the look itself under the address that its archive knows."""
    return tuple(replace(document, url=watch.url) for document in harvest.documents)


def _answered(harvest: Harvest) -> Remembered | None:
    return next(iter(harvest.remembered), None)


async def _not_seen(pipeline: Pipeline, pending: PendingLook, error: SourceError, now: datetime) -> None:
    watch = pending.watch
    if watching.is_absent(error):
        await miss(pipeline, watch, pending.latest, in_words(error), now)
        return
    after = watching.unknown(watch, now, error.retry_at)
    if watch.link_id is None and _refuses(error):
        # As it always did; whether its listing has it is all that there is to see.
        (listed,) = await asyncio.to_thread(pipeline.store.listings, [watch.source])
        if watch.url not in listed:
            await miss(pipeline, watch, pending.latest, f"its source no longer lists it ({in_words(error)})", now)
            return
        after = watching.found(watch, now, None)
    await asyncio.to_thread(pipeline.store.settle_look, after)


def _refuses(error: SourceError) -> bool:
    return isinstance(error, Forbidden | Blocked) or error.status in _REFUSALS
