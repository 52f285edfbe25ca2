"""Values that tests build on: small, valid and easily varied."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from facts.document import Capture, Document, Snapshot, WarcPlace, snapshot_id
from facts.event import LETTER, Event, Stance, StanceKind, event_id
from facts.places import Place, PlaceKind, Role

NOON = datetime(2017, 8, 3, 16, 0, tzinfo=UTC)


def place(name: str, state: str, role: Role = Role.MENTION, kind: PlaceKind = PlaceKind.CITY) -> Place:
    """Return a place whose id is made of its name."""
    return Place(name=name, state=state, kind=kind, id=f"{kind}:{name}-{state}", role=role)


def capture(**changes: Any) -> Capture:
    """Return an HTML answer."""
    base = Capture(
        url="https://news.example/a",
        status=200,
        headers=(("Content-Type", "text/html"),),
        body=b"<p>Hello</p>",
        media_type="text/html",
        fetched_at=NOON,
    )
    return replace(base, **changes)


def document(**changes: Any) -> Document:
    """Return a document of one line."""
    base = Document(
        source="ledger", url="https://news.example/a", title="A title", text="Some text.", capture=capture()
    )
    return replace(base, **changes)


def snapshot(**changes: Any) -> Snapshot:
    """Return a first version."""
    base = Snapshot(
        id="",
        source="ledger",
        url="https://news.example/a",
        title="A title",
        text="Some text.",
        published_at=NOON,
        places=(),
        taken_at=NOON,
        version=1,
        digest="d" * 64,
        body_digest="b" * 64,
        media_type="text/html",
        warc=WarcPlace(file="a.warc.gz", offset=0, length=1),
    )
    made = replace(base, **changes)
    return made if made.id else replace(made, id=snapshot_id(made.source, made.url, made.version, made.digest))


def event(**changes: Any) -> Event:
    """Return a letter of the Justice Department to Stockton."""
    base = Event(
        id="",
        snapshot_id="s1",
        label=LETTER,
        score=0.9,
        evidence=(),
        agencies=("Department of Justice",),
        programs=("Public Safety Partnership",),
        instrument="letter",
        places=(place("Stockton", "CA", Role.RECIPIENT),),
        deadline=None,
        conditions=(),
        stances=(),
        source="ledger",
        url="https://news.example/a",
        title="A title",
        published_at=NOON,
        version=1,
        backlog=False,
        judged_by="test",
        judged_at=NOON,
    )
    made = replace(base, **changes)
    return made if made.id else replace(made, id=event_id(made.snapshot_id, made.label))


def stance(name: str, state: str, kind: StanceKind = StanceKind.DISPUTES) -> Stance:
    """Return what a city answered."""
    return Stance(place=place(name, state, Role.RESPONDENT), stance=kind)
