"""Every value read from a row equals the one that was written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from sqlalchemy import Connection, Row, Table, create_engine, insert, select

from facts.alert import Alert, Delivery
from facts.document import Capture, Document, WarcPlace
from facts.event import Event
from facts.story import Story
from facts.visit import Link, Remembered, Visit
from storage import event_rows, rows, source_tables, tables
from storage.columns import metadata, storable
from storage.work import SourceRow
from tests.storage import strategies
from tests.storage.samples import NOW

PLACE = WarcPlace(file="20170803-0001.warc.gz", offset=0, length=1)


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    """Open tables whose rows need not refer to one another: a round trip is about one row."""
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(":memory:", check_same_thread=False))
    metadata.create_all(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def written(connection: Connection, table: Table, *fields: rows.Fields) -> list[Row[Any]]:
    """Write rows and read them back, leaving nothing behind."""
    with connection.begin_nested() as savepoint:
        for each in fields:
            connection.execute(insert(table), each)
        found = connection.execute(select(table)).all()
        savepoint.rollback()
    return list(found)


def once(connection: Connection, table: Table, fields: rows.Fields) -> Row[Any]:
    """Write one row and read it back."""
    (row,) = written(connection, table, fields)
    return row


@settings(max_examples=40)
@given(row=strategies.source_rows)
def test_source(connection: Connection, row: SourceRow) -> None:
    """A source's work state comes back."""
    fields = {"name": row.name, "registered": True, **rows.source_fields(row)}

    assert row == rows.source_of(once(connection, source_tables.sources, fields))


@settings(max_examples=40)
@given(remembered=strategies.remembered)
def test_remembered(connection: Connection, remembered: Remembered) -> None:
    """Validators come back to the character, even when they are no valid text."""
    assert remembered == rows.memory_of(once(connection, source_tables.memories, rows.memory_fields("doj", remembered)))


@settings(max_examples=40)
@given(visit=strategies.visits)
def test_visit(connection: Connection, visit: Visit) -> None:
    """A visit comes back."""
    assert visit == rows.visit_of(once(connection, source_tables.visits, rows.visit_fields(visit)))


@settings(max_examples=40)
@given(link=strategies.links)
def test_link(connection: Connection, link: Link) -> None:
    """A link comes back under the id it was stored with."""
    work = {"backlog": False, "state": "waiting", "attempt": 0, "lost": 0, "retry_at": NOW}
    row = once(connection, source_tables.links, {**rows.link_fields(link), **work})

    assert link == rows.link_of(row)
    assert link.id == row.id


@settings(max_examples=40)
@given(capture=strategies.captures)
def test_capture(connection: Connection, capture: Capture) -> None:
    """A capture comes back with its headers as served."""
    fields = rows.capture_fields("c", capture, capture.body_digest, PLACE)
    row = once(connection, tables.captures, fields)

    assert capture == rows.capture_of(row, capture.body)
    assert rows.warc_place_of(row) == PLACE


@settings(max_examples=40)
@given(event=strategies.events)
def test_event(connection: Connection, event: Event) -> None:
    """An event comes back with all that is nested in it."""
    assert event == event_rows.event_of(once(connection, tables.events, event_rows.event_fields(event)))


@settings(max_examples=40)
@given(story=strategies.stories)
def test_story(connection: Connection, story: Story) -> None:
    """A story comes back with its members in order."""
    row = once(connection, tables.stories, event_rows.story_fields(story))
    fields = [event_rows.member_fields(story.id, member) for member in story.members]
    kept = written(connection, tables.story_events, *fields)
    members = [event_rows.member_of(row, member.url) for row, member in zip(kept, story.members, strict=True)]

    assert story == event_rows.story_of(row, members)


@settings(max_examples=40)
@given(alert=strategies.alerts)
def test_alert(connection: Connection, alert: Alert) -> None:
    """An alert comes back."""
    assert alert == event_rows.alert_of(once(connection, tables.alerts, event_rows.alert_fields(alert)))


@settings(max_examples=40)
@given(delivery=strategies.deliveries)
def test_delivery(connection: Connection, delivery: Delivery) -> None:
    """A delivery comes back."""
    row = once(connection, tables.deliveries, event_rows.delivery_fields(delivery))

    assert delivery == event_rows.delivery_of(row, ())


@pytest.mark.parametrize("clean", [lambda text: text.title, lambda text: text.text, lambda text: text.url])
@settings(max_examples=40)
@given(document=strategies.documents, hostile=strategies.hostile)
def test_clean_document_is_storable(clean: Callable[[Document], str], document: Document, hostile: str) -> None:
    """What a document holds is made storable before ids and digests are made, and twice is once."""
    document = replace(document, title=hostile, text=hostile, url=hostile)

    cleaned = rows.clean_document(document)

    assert storable(hostile) == clean(cleaned)
    assert cleaned == rows.clean_document(cleaned)
    assert len(hostile) == len(cleaned.text)
