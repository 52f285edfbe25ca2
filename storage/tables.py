"""The tables of the archive: documents, what was read out of them, and who was told.

One definition for every database. Values are append-only; unjudged, waiting, stories (a story grows), deliveries and
channels are work state. The full-text index is no table of ours: see `fulltext`; sources have `source_tables`.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, Float, Index, Table, UniqueConstraint

from storage.columns import PackedSketch, flag, json, metadata, moment, number, refers, text

# In each table with a `seq`, it is the order of arrival.

captures = Table(
    "captures",
    metadata,
    text("id", key=True),
    text("kind"),
    text("url"),
    number("status"),
    json("headers"),
    text("media_type"),
    moment("fetched_at"),
    text("body_digest"),
    text("file"),
    number("offset"),
    number("length"),
    UniqueConstraint("file", "offset"),
)

snapshots = Table(
    "snapshots",
    metadata,
    number("seq", key=True),
    text("id"),
    text("source"),
    text("url"),
    moment("published_at", null=True),
    moment("taken_at"),
    number("version"),
    text("digest"),
    refers("capture_id", "captures.id"),
    text("parent", null=True),
    flag("scanned"),
    flag("backlog"),
    json("places"),
    text("title"),
    # Last: a look-up reads a row's head without the pages of a long text.
    text("text"),
    UniqueConstraint("id"),
    UniqueConstraint("source", "url", "version"),
    Index(None, "url"),
)

# By what a document is known beside its address: the names that its feed gave it.
aliases = Table(
    "aliases",
    metadata,
    text("name", key=True),
    text("source", key=True),
    text("url"),
    sqlite_with_rowid=False,
)

removals = Table(
    "removals",
    metadata,
    refers("snapshot_id", "snapshots.id", key=True),
    moment("last_seen"),
    moment("missing_since"),
    text("found"),
)

# Few snapshots have one, and a column behind the text would be read past it.
recognitions = Table(
    "recognitions",
    metadata,
    refers("snapshot_id", "snapshots.id", key=True),
    text("recognised_by"),
)

unjudged = Table(
    "unjudged",
    metadata,
    refers("snapshot_id", "snapshots.id", key=True),
    flag("backlog"),
    number("seq"),
    Index(None, "backlog", "seq"),
)

judgements = Table(
    "judgements",
    metadata,
    refers("snapshot_id", "snapshots.id", key=True),
    text("model", key=True),
    moment("judged_at"),
    Column("sketch", PackedSketch, nullable=False),
)

events = Table(
    "events",
    metadata,
    number("seq", key=True),
    text("id"),
    refers("snapshot_id", "snapshots.id"),
    text("label"),
    Column("score", Float, nullable=False),
    json("evidence"),
    json("agencies"),
    json("programs"),
    text("instrument"),
    json("places"),
    json("deadline", null=True),
    json("conditions"),
    json("stances"),
    text("source"),
    text("url"),
    text("title"),
    moment("published_at", null=True),
    number("version"),
    flag("backlog"),
    text("judged_by"),
    moment("judged_at"),
    text("recognised_by", null=True),
    UniqueConstraint("id"),
    Index(None, "snapshot_id"),
    Index(None, "label"),
    Index(None, "judged_at"),
)

event_places = Table(
    "event_places",
    metadata,
    refers("event_id", "events.id", key=True),
    text("place_id", key=True),
    text("state"),
    text("role", key=True),
    Index(None, "place_id"),
    Index(None, "state"),
)

waiting = Table(
    "waiting",
    metadata,
    refers("event_id", "events.id", key=True),
    # The order: by snapshot, and of one snapshot the letter first.
    number("snapshot_seq"),
    number("rank"),
    Index(None, "snapshot_seq", "rank"),
)

stories = Table(
    "stories",
    metadata,
    text("id", key=True),
    refers("opened_by", "events.id"),
    moment("opened_at"),
    moment("last_event_at"),
    json("agencies"),
    json("programs"),
    text("instrument"),
    json("place_ids"),
    Index(None, "last_event_at"),
)

story_events = Table(
    "story_events",
    metadata,
    number("seq", key=True),
    refers("story_id", "stories.id"),
    refers("event_id", "events.id"),
    text("snapshot_id"),
    text("label"),
    Column("sketch", PackedSketch, nullable=False),
    # The event whose document this one's takes its text from.
    text("copy_of", null=True),
    UniqueConstraint("event_id"),
    Index(None, "story_id"),
)

alerts = Table(
    "alerts",
    metadata,
    text("id", key=True),
    refers("event_id", "events.id", null=True),
    refers("story_id", "stories.id", null=True),
    json("place", null=True),
    text("source", null=True),
    text("detail", null=True),
    text("reason"),
    text("route"),
    text("channel"),
    moment("due_at"),
    Index(None, "event_id"),
)

deliveries = Table(
    "deliveries",
    metadata,
    # The order in which they were raised, which a channel is told in, however often some of them are tried.
    number("seq", key=True),
    text("id"),
    text("digest_name", null=True),
    Column("digest_date", Date, nullable=True),
    text("channel"),
    text("state"),
    number("attempt"),
    moment("at"),
    text("receipt", null=True),
    text("error", null=True),
    moment("retry_at", null=True),
    flag("possible_repeat"),
    moment("lease_until", null=True),
    Index(None, "state", "retry_at"),
    Index(None, "at"),
    UniqueConstraint("id"),
)

channels = Table(
    "channels",
    metadata,
    text("name", key=True),
    # What said "later" is asked nothing before this time.
    moment("held_until"),
)

delivery_alerts = Table(
    "delivery_alerts",
    metadata,
    refers("delivery_id", "deliveries.id", key=True),
    refers("alert_id", "alerts.id", key=True),
    number("position"),
    Index(None, "alert_id"),
)

attempts = Table(
    "attempts",
    metadata,
    refers("delivery_id", "deliveries.id", key=True),
    number("attempt", key=True),
    # One try may be noted twice: in doubt when its lease ran out, and sent when its answer came late.
    text("state", key=True),
    moment("at"),
    text("receipt", null=True),
    text("error", null=True),
)

digests = Table(
    "digests",
    metadata,
    text("name", key=True),
    Column("local_date", Date, primary_key=True),
    refers("delivery_id", "deliveries.id"),
    # The last event that the digest tells of.
    number("until_seq"),
)
