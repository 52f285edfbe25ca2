"""Missing: what the archive notes when a document is not found, is listed no more, or is edited (rules: `watching`)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime

from alerts.notices import edited, removed
from facts.alert import Alert
from facts.canary import CANARY
from facts.document import Capture, CaptureKind, Document, Removal, Snapshot
from facts.errors import SourceError
from facts.visit import Link
from facts.watch import Watch
from scheduler import watching
from scheduler.pipeline import Pipeline
from storage.work import Listing, SourceRow

log = logging.getLogger(__name__)


def first_watch(link: Link, document: Document, now: datetime) -> Watch | None:
    """Return the watch of a document that was just read from its link, None when it is too old to need one."""
    since = min(document.published_at or now, now)
    look_at = watching.next_look(since, now)
    if look_at is None or document.capture.kind is CaptureKind.RESOURCE:
        return None
    return Watch(source=link.source, url=document.url, link_id=link.id, since=since, last_seen=now, look_at=look_at)


async def miss(pipeline: Pipeline, watch: Watch, latest: Snapshot, found: str, now: datetime) -> None:
    """Commit a look that did not find the document; at the third one, over a day, that it is removed."""
    after, removal = watching.absent(watch, now, found, removed=latest.removed is not None)
    if removal is None:
        await asyncio.to_thread(pipeline.store.settle_look, after)
        return
    log.warning("source %s: %s was removed: %s", watch.source, watch.url, found)
    alerts = await asyncio.to_thread(_removed_alerts, pipeline, latest, removal, now)
    tombstone = _tombstone(latest, removal, now)
    await asyncio.to_thread(pipeline.store.bury, after, tombstone, removal, alerts, now)


async def note_listing(
    pipeline: Pipeline, source: str, listed: Sequence[str], last_seen: datetime | None, now: datetime
) -> int:
    """Compare what a source lists with what it listed before; what vanished is looked at now.

    Returns:
        How many addresses it did not list before; 0 when nothing is known of before.
    """
    before = await pipeline.listed.ask(pipeline.store.listings, source)
    if tuple(listed) == before:
        return 0
    lost = tuple(watching.vanished(before, listed))
    now_listed = Listing(source=source, urls=tuple(listed), vanished=lost, last_seen=last_seen or now, at=now)

    def commit(found: Sequence[Listing]) -> Sequence[None]:
        pipeline.store.keep_listings(found)
        return [None] * len(found)

    await pipeline.listings.ask(commit, now_listed)
    return len(set(listed) - set(before)) if before else 0


async def miss_page(pipeline: Pipeline, row: SourceRow, error: SourceError, found: str, now: datetime) -> None:
    """Commit that a watched page, which is a source of its own, was not found; each poll is a look.

    `found` says what is there instead.
    """
    if not watching.is_absent(error):
        return
    latest = await asyncio.to_thread(pipeline.store.latest, row.name, error.url)
    if latest is None:
        return
    known = await asyncio.to_thread(pipeline.store.watch, row.name, latest.url)
    seen = row.last_ok_at or latest.taken_at
    if known is None or known.last_seen < seen:
        # Its polls are its looks: it is not asked for between them. What they missed before they found it is over.
        known = Watch(source=row.name, url=latest.url, link_id=None, since=seen, last_seen=seen, look_at=None)
    await miss(pipeline, known, latest, found, now)


def edited_alerts(pipeline: Pipeline, after: Snapshot, now: datetime) -> list[Alert]:
    """Return the notices to those who were told of an earlier version of this one."""
    if after.version == 1 or after.backlog or after.source == CANARY:
        return []
    told = pipeline.store.told_of(after.source, after.url)
    if not told:
        return []
    versions = [one for one in pipeline.catalogue.versions(after.url) if one.source == after.source]
    before = next((one for one in reversed(versions) if one.version < after.version), None)
    return [] if before is None else edited(told, before, after, now)


def _removed_alerts(pipeline: Pipeline, latest: Snapshot, removal: Removal, now: datetime) -> list[Alert]:
    return removed(pipeline.store.told_of(latest.source, latest.url), latest, removal, now)


def _tombstone(latest: Snapshot, removal: Removal, now: datetime) -> Document:
    """Return the record that stands for what is missing: our own words, and nothing that a server sent."""
    said = (
        f"{latest.url} was not found at repeated looks. Last found: {removal.last_seen.isoformat()}. "
        f"Missing since: {removal.missing_since.isoformat()}. In its place: {removal.found}"
    )
    capture = Capture(
        url=latest.url,
        status=0,
        headers=(("Comment", "written by the archive: what was looked for and not found"),),
        body=said.encode("utf-8", "replace"),
        media_type="text/plain",
        fetched_at=now,
        kind=CaptureKind.RESOURCE,
    )
    return Document(source=latest.source, url=latest.url, title=latest.title, text="", capture=capture)
