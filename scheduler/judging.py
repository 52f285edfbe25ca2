"""Judging and linking: snapshots become events, events become stories and alerts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from datetime import datetime

from alerts.canary import canary_alert
from alerts.router import route
from alerts.storm import MOST, Raised, calm
from classifier.stories import STORY_WINDOW, happened_at, join
from facts.alert import Alert
from facts.canary import CANARY
from facts.document import Snapshot
from facts.event import Event, Judgement
from facts.story import Joined
from scheduler.copying import with_own_words
from scheduler.missing import edited_alerts
from scheduler.pipeline import Pipeline
from storage.work import WaitingEvent

log = logging.getLogger(__name__)

#: The model named in the judgement of a text that the classifier could not read.
FAILED = "failed"
#: Judgements committed together: a commit costs as much as judging one document.
TOGETHER = 50
#: Characters of their texts. A letter among them waits for the others, and so does a stop of the service: 0.7 s where
#: every sentence is about funding.
TOGETHER_CHARACTERS = 100_000


async def judge_waiting(pipeline: Pipeline, now: datetime, *, limit: int) -> int:
    """Judge the snapshots that wait; return how many were judged."""
    waiting = await asyncio.to_thread(pipeline.store.unjudged, limit)
    for some in _together(waiting):
        await asyncio.to_thread(_judge_some, pipeline, some, now)
    return len(waiting)


def _together(waiting: Sequence[Snapshot]) -> Iterator[list[Snapshot]]:
    some: list[Snapshot] = []
    length = 0
    for snapshot in waiting:
        length += len(snapshot.text)
        if some and (len(some) == TOGETHER or length > TOGETHER_CHARACTERS):
            yield some
            some, length = [], len(snapshot.text)
        some.append(snapshot)
    if some:
        yield some


def _judge_some(pipeline: Pipeline, snapshots: Sequence[Snapshot], now: datetime) -> None:
    judged = [_judge(pipeline, snapshot, now) for snapshot in snapshots]
    notices = [alert for snapshot in snapshots for alert in edited_alerts(pipeline, snapshot, now)]
    pipeline.store.record_judgements(judged, notices)


def _judge(pipeline: Pipeline, snapshot: Snapshot, now: datetime) -> Judgement:
    try:
        return pipeline.judge(snapshot, now)
    except Exception:  # one text that trips the classifier must not hold up all that come after it
        log.exception(
            "snapshot %s (%s): the classifier failed; recorded as judged by nobody", snapshot.id, snapshot.url
        )
        return Judgement(snapshot_id=snapshot.id, model=FAILED, judged_at=now, events=(), sketch=())


async def route_waiting(pipeline: Pipeline, now: datetime, *, limit: int) -> int:
    """Put each waiting event into its story and raise its alerts, in order; return how many were put."""
    return await asyncio.to_thread(_route, pipeline, now, limit)


def _route(pipeline: Pipeline, now: datetime, limit: int) -> int:
    """Put what waits into its stories: what one source brings in crowds apart, and only when all of it is judged.

    Whether it is too much to be told one by one can be seen of the whole alone.
    """
    crowds = pipeline.store.crowds(MOST)
    routed = _join(pipeline, pipeline.store.waiting_events(limit, without=[crowd.source for crowd in crowds]), now)
    for crowd in crowds:
        if not crowd.unjudged:
            waiting = pipeline.store.waiting_events(crowd.waiting, of=crowd.source)
            routed += _join(pipeline, waiting, now, crowd=crowd.source)
    return routed


def _join(pipeline: Pipeline, waiting: Sequence[WaitingEvent], now: datetime, *, crowd: str | None = None) -> int:
    news = [one for one in waiting if not _tell_canary(pipeline, one.event, now)]
    if news:
        _join_news(pipeline, news, now, crowd)
    return len(waiting)


def _tell_canary(pipeline: Pipeline, event: Event, now: datetime) -> bool:
    """Raise the alert of a canary's event, which joins no story; False for every other event."""
    if event.source != CANARY:
        return False
    pipeline.store.commit_apart(event, [canary_alert(event, pipeline.ops, now)])
    return True


def _join_news(pipeline: Pipeline, waiting: Sequence[WaitingEvent], now: datetime, crowd: str | None) -> None:
    oldest = min(happened_at(one.event) for one in waiting)
    stories = {story.id: story for story in pipeline.store.open_stories(oldest - STORY_WINDOW)}
    found: list[tuple[Joined, Raised]] = []
    for one in waiting:
        joined = join(one.event, one.sketch, stories.values())
        stories[joined.story.id] = joined.story
        raised = Raised(event=one.event, alerts=tuple(route(one.event, joined, pipeline.routes, now)))
        found.append((joined, raised))
    alerts = [raised.alerts for _, raised in found] if crowd is None else _calmed(pipeline, crowd, found, now)
    for (joined, raised), told in zip(found, alerts, strict=True):
        said = with_own_words(pipeline, raised.event, joined, told)
        pipeline.store.commit_story(raised.event, joined, said)


def _calmed(
    pipeline: Pipeline, source: str, found: Sequence[tuple[Joined, Raised]], now: datetime
) -> list[tuple[Alert, ...]]:
    every = [raised for _, raised in found]
    told = pipeline.store.raised({alert.id for raised in every for alert in raised.alerts})
    return calm(source, every, told, now)
