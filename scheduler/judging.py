"""Judging and linking: snapshots become events, events become stories and alerts."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime

from alerts.router import route
from classifier.stories import STORY_WINDOW, happened_at, join
from facts.document import Snapshot
from facts.event import Judgement
from scheduler.pipeline import Pipeline

log = logging.getLogger(__name__)

#: The model named in the judgement of a text that the classifier could not read.
FAILED = "failed"


async def judge_waiting(pipeline: Pipeline, now: datetime, *, limit: int) -> int:
    """Judge the snapshots that wait; return how many were judged."""
    waiting = await asyncio.to_thread(pipeline.store.unjudged, limit)
    for snapshot in waiting:
        await asyncio.to_thread(_judge, pipeline, snapshot, now)
    return len(waiting)


def _judge(pipeline: Pipeline, snapshot: Snapshot, now: datetime) -> None:
    try:
        judgement = pipeline.judge(snapshot, now)
    except Exception:  # one text that trips the classifier must not hold up all that come after it
        log.exception(
            "snapshot %s (%s): the classifier failed; recorded as judged by nobody", snapshot.id, snapshot.url
        )
        judgement = Judgement(snapshot_id=snapshot.id, model=FAILED, judged_at=now, events=(), sketch=())
    pipeline.store.record_judgement(judgement)


async def route_waiting(pipeline: Pipeline, now: datetime, *, limit: int) -> int:
    """Put each waiting event into its story and raise its alerts, in order; return how many were put."""
    return await asyncio.to_thread(_route, pipeline, now, limit)


def _route(pipeline: Pipeline, now: datetime, limit: int) -> int:
    waiting = pipeline.store.waiting_events(limit)
    if not waiting:
        return 0
    oldest = min(happened_at(one.event) for one in waiting)
    stories = {story.id: story for story in pipeline.store.open_stories(oldest - STORY_WINDOW)}
    for one in waiting:
        joined = join(one.event, one.sketch, stories.values())
        pipeline.store.commit_story(one.event, joined, route(one.event, joined, pipeline.routes, now))
        stories[joined.story.id] = joined.story
    return len(waiting)
