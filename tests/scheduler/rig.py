"""A pipeline over the real archive, with scripted sources at one edge and a recording channel at the other."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from alerts.message import Bulletin, Message
from alerts.router import Route, source_alert
from classifier.copies import sketch_of
from facts.alert import Reason
from facts.document import CaptureKind, Document, Snapshot
from facts.errors import DeliveryLater, SourceError
from facts.event import LETTER, RESPONSE, Event, Judgement, event_id
from facts.places import Role
from facts.visit import Harvest, Link, LinkKind, Outcome, Remembered, Visit
from scheduler.digests import DigestPlan
from scheduler.pipeline import Newsroom, Pipeline
from spiders.fetching import Answer, BodyCap, Fetch
from storage.opening import Stores, open_store
from storage.work import SourceRow, VisitEnd
from tests.facts.samples import NOON, capture, document, event, place, stance

HOUR = timedelta(hours=1)
URL = "https://news.example/"


@dataclass
class ScriptedSpider:
    """Gives its harvests one after the other, the last for ever; an error among them is raised."""

    harvests: Sequence[Harvest | Exception]
    memories: list[Mapping[str, Remembered]] = field(default_factory=list)
    #: Held up until this is set.
    gate: asyncio.Event | None = None

    async def visit(self, fetch: Fetch, memory: Mapping[str, Remembered], now: datetime) -> Harvest:
        """Look once."""
        del fetch, now
        self.memories.append(memory)
        if self.gate:
            await self.gate.wait()
        harvest = self.harvests[min(len(self.memories), len(self.harvests)) - 1]
        if isinstance(harvest, Exception):
            raise harvest
        return harvest


@dataclass
class LedgerChannel:
    """Writes down what it is told; raises what it is scripted to, once each."""

    verdicts: list[Exception] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    bulletins: list[Bulletin] = field(default_factory=list)
    #: The headline of a message it never takes.
    poison: str = ""
    #: How often it was asked to take an alert.
    asked: int = 0
    #: Held up until this is set.
    gate: asyncio.Event | None = None

    async def send(self, message: Message) -> str:
        """Take one alert."""
        self.asked += 1
        if self.gate:
            await self.gate.wait()
        if self.verdicts:
            raise self.verdicts.pop(0)
        if message.headline == self.poison:
            msg = "500"
            raise DeliveryLater(msg, channel="desk")
        self.messages.append(message)
        return f"receipt-{len(self.messages)}"

    async def send_bulletin(self, bulletin: Bulletin) -> str:
        """Take one digest."""
        self.bulletins.append(bulletin)
        return bulletin.message_id

    async def close(self) -> None:
        """Hold nothing."""


async def no_fetch(url: str, *, cap: BodyCap, validators: Remembered | None = None) -> Answer:
    """Refuse: a scripted source asks nothing of the network."""
    del cap, validators
    msg = "no network here"
    raise SourceError(msg, url=url)


def page(name: str, text: str, **changes: Any) -> Document:
    """Return a document at an address of its own."""
    base = document(url=URL + name, title=f"About {name}", text=text, capture=capture(url=URL + name))
    return replace(base, **changes)


def link(name: str, **changes: Any) -> Link:
    """Return a link to a page."""
    values: dict[str, Any] = {
        "source": "ledger",
        "url": URL + name,
        "kind": LinkKind.PAGE,
        "parent": None,
        "title": f"About {name}",
        "summary": "A letter to Stockton.",
        "published_at": NOON,
        "places": (),
    }
    return Link(**{**values, **changes})


def health_alerts(made: Rig, count: int, *, channel: str = "desk", first: int = 0) -> None:
    """Raise alerts that need nothing else, due at noon; each is headed by its number."""
    visit = Visit(source="elsewhere", at=NOON + timedelta(microseconds=first), outcome=Outcome.FAILED)
    alerts = [
        source_alert(f"{number:03}", Reason.SOURCE_FAILING, NOON, "", channel, NOON)
        for number in range(first, first + count)
    ]
    store, row = made.stores.store, SourceRow(name="elsewhere", next_poll_at=NOON)
    for names in ([row.name], list(made.pipeline.spiders)):
        # Known, and not due.
        store.register(names, NOON)
    store.finish_visits([VisitEnd(visit=visit, row=row, alerts=tuple(alerts))])


def judge(snapshot: Snapshot, now: datetime) -> Judgement:
    """Flag a text that says "letter" or "answer"; "bug" trips it."""
    if "bug" in snapshot.text:
        msg = "a bug in the classifier"
        raise ZeroDivisionError(msg)
    labels = [label for word, label in (("letter", LETTER), ("answer", RESPONSE)) if word in snapshot.text]
    return Judgement(
        snapshot_id=snapshot.id,
        model="test",
        judged_at=now,
        events=tuple(_event(snapshot, label, now) for label in labels),
        sketch=sketch_of(snapshot.text),
    )


def _event(snapshot: Snapshot, label: str, now: datetime) -> Event:
    answers = (stance("Stockton", "CA"),) if label == RESPONSE else ()
    return event(
        id=event_id(snapshot.id, label),
        snapshot_id=snapshot.id,
        label=label,
        places=() if answers else (place("Stockton", "CA", Role.RECIPIENT),),
        stances=answers,
        source=snapshot.source,
        url=snapshot.url,
        title=snapshot.title,
        backlog=snapshot.backlog,
        version=snapshot.version,
        judged_at=now,
        published_at=snapshot.published_at,
    )


#: What a first visit brings, so that what comes next is news.
FIRST = Harvest(documents=(page("first", "It rains on Sunday."),))


async def follow_nothing(fetch: Fetch, link: Link, now: datetime, *, before: Remembered | None = None) -> Harvest:
    """Find an empty page."""
    del fetch, link, now, before
    return Harvest()


def summary_of(link: Link, now: datetime) -> Document | None:
    """Return the listing's own text, which no server sent as the page."""
    if not link.summary:
        return None
    made = page(link.url.removeprefix(URL), link.summary, published_at=link.published_at)
    return replace(made, capture=replace(made.capture, kind=CaptureKind.RESOURCE, fetched_at=now))


@dataclass(frozen=True, kw_only=True)
class Rig:
    """The pipeline with its edges at hand."""

    pipeline: Pipeline
    stores: Stores
    desk: LedgerChannel
    folder: Path


@contextmanager
def rig(folder: Path, spiders: Mapping[str, Any], **changes: Any) -> Iterator[Rig]:
    """Open an archive in the folder and a pipeline over it; every source is due at noon."""
    stores = open_store(f"sqlite:///{folder / 'archive.db'}", folder)
    desk = LedgerChannel()
    values: dict[str, Any] = {
        "store": stores.store,
        "catalogue": stores.catalogue,
        "fetch": no_fetch,
        "spiders": spiders,
        "every": dict.fromkeys(spiders, HOUR),
        "follow": follow_nothing,
        "from_summary": summary_of,
        "judge": judge,
        "routes": [Route(name="desk", labels=(LETTER, RESPONSE), places=(), channel="desk")],
        "channels": {"desk": desk},
        "ops": "desk",
        "digests": {"morning": DigestPlan(name="morning", at=time(7), channel="desk", to=())},
        "newsroom": Newsroom(
            bot_name="Test desk", zone=ZoneInfo("America/Denver"), public_url="http://archive.example"
        ),
        "jitter": lambda: 0.0,
    }
    try:
        stores.store.register(list(spiders), NOON)
        yield Rig(pipeline=Pipeline(**{**values, **changes}), stores=stores, desk=desk, folder=folder)
    finally:
        stores.close()
