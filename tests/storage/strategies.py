"""Any value that the stages may write."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from facts.alert import Alert, Delivery, DeliveryState, DigestKey, Reason
from facts.document import Capture, CaptureKind, Document
from facts.event import Condition, Deadline, Event, Quote, Stance, StanceKind
from facts.places import Place, PlaceKind, Role
from facts.story import Member, Story
from facts.visit import Link, LinkKind, Outcome, Remembered, Visit
from storage.work import SourceRow, SourceState

#: Any text, with NUL, lone surrogates and bidirectional controls.
hostile = st.text(st.characters(exclude_categories=()), max_size=30)
#: Text that a database holds as it is.
text = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
times = st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001 (hypothesis wants naive bounds)
maybe_times = st.none() | times
maybe_text = st.none() | text
numbers = st.integers(0, 2**63 - 1)
sketches = st.lists(st.integers(0, 2**64 - 1), max_size=5).map(tuple)
texts = st.lists(hostile, max_size=3).map(tuple)

places = st.builds(
    Place, name=hostile, state=text, kind=st.sampled_from(PlaceKind), id=text, role=st.sampled_from(Role)
)
many_places = st.lists(places, max_size=3).map(tuple)

visits = st.builds(
    Visit,
    source=text,
    at=times,
    outcome=st.sampled_from(Outcome),
    documents=numbers,
    requests=numbers,
    bytes=numbers,
    not_modified=numbers,
    unchanged=numbers,
    error=maybe_text,
)
source_rows = st.builds(
    SourceRow,
    name=text,
    next_poll_at=times,
    state=st.sampled_from(SourceState),
    turned_at=maybe_times,
    failures=numbers,
    last_ok_at=maybe_times,
    last_visit_at=maybe_times,
    last_error=maybe_text,
    visited=st.booleans(),
)
remembered = st.builds(
    Remembered,
    url=text,
    etag=st.none() | hostile,
    last_modified=st.none() | hostile,
    body_digest=maybe_text,
    mark=maybe_text,
)
links = st.builds(
    Link,
    source=text,
    url=text,
    kind=st.sampled_from(LinkKind),
    parent=maybe_text,
    title=text,
    summary=text,
    published_at=maybe_times,
    places=many_places,
)
captures = st.builds(
    Capture,
    url=text.map("https://host.example/".__add__),
    status=st.integers(100, 999),
    headers=st.lists(st.tuples(hostile, hostile), max_size=4).map(tuple),
    body=st.binary(max_size=200),
    media_type=text,
    fetched_at=times,
    kind=st.sampled_from(CaptureKind),
)
documents = st.builds(
    Document,
    source=text,
    url=text,
    title=text,
    text=text,
    capture=captures,
    published_at=maybe_times,
    places=many_places,
    parent=maybe_text,
    scanned=st.booleans(),
)
events = st.builds(
    Event,
    id=text,
    snapshot_id=text,
    label=text,
    score=st.floats(0, 1),
    evidence=st.lists(st.builds(Quote, text=hostile, start=numbers, end=numbers), max_size=2).map(tuple),
    agencies=texts,
    programs=texts,
    instrument=text,
    places=many_places,
    deadline=st.none() | st.builds(Deadline, date=st.dates(), phrase=hostile, assumed_year=st.booleans()),
    conditions=st.lists(st.sampled_from(Condition), max_size=3).map(tuple),
    stances=st.lists(st.builds(Stance, place=places, stance=st.sampled_from(StanceKind)), max_size=2).map(tuple),
    source=text,
    url=text,
    title=text,
    published_at=maybe_times,
    version=numbers,
    backlog=st.booleans(),
    judged_by=text,
    judged_at=times,
    recognised_by=maybe_text,
)
members = st.builds(Member, event_id=text, snapshot_id=text, label=text, url=text, sketch=sketches)
stories = st.builds(
    Story,
    id=text,
    opened_by=text,
    opened_at=times,
    last_event_at=times,
    agencies=texts,
    programs=texts,
    instrument=text,
    place_ids=texts,
    members=st.lists(members, max_size=3, unique_by=lambda member: member.event_id).map(tuple),
)
alerts = st.builds(
    Alert,
    id=text,
    event_id=maybe_text,
    story_id=maybe_text,
    place=st.none() | places,
    source=maybe_text,
    detail=maybe_text,
    reason=st.sampled_from(Reason),
    route=text,
    channel=text,
    due_at=times,
)
deliveries = st.builds(
    Delivery,
    id=text,
    alert_ids=st.just(()),
    digest=st.none() | st.builds(DigestKey, name=text, local_date=st.dates()),
    channel=text,
    state=st.sampled_from(DeliveryState),
    attempt=numbers,
    at=times,
    receipt=maybe_text,
    error=maybe_text,
    retry_at=maybe_times,
    possible_repeat=st.booleans(),
)
