"""Looking again: archived documents are asked for once more, for edits and for removal (the rules: `watching`)."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import datetime, timedelta

from facts.document import Document
from facts.errors import Forbidden, SourceError, StorageError
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
    watch = pending.watch
    before = watch.remembered if watching.is_conditional(watch, now) and pending.latest.removed is None else None
    harvest = await pipeline.follow(pipeline.fetch, pending.link, now, before=before)
    snapshots = 0
    # Of one that its listing alone told of, the listing's words are the document: its page proves its presence only.
    if watch.link_id is not None:
        snapshots = await keep(pipeline, _under(harvest, watch), backlog=pending.latest.backlog, now=now)
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
    unlisted = watch.link_id is None and not watching.is_absent(error.status)
    if watching.is_absent(error.status):
        await miss(pipeline, watch, pending.latest, in_words(error), now)
    elif unlisted and (isinstance(error, Forbidden) or error.status is not None):
        # Its page refuses us, as it always did; that its listing dropped it is all that there is to see.
        await miss(pipeline, watch, pending.latest, f"its source no longer lists it ({in_words(error)})", now)
    else:
        after = watching.unknown(watch, now, error.retry_at)
        await asyncio.to_thread(pipeline.store.settle_look, after)
