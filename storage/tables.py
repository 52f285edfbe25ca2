"""The tables: one definition for every database.

Values are append-only. Work state, which changes, stands apart: sources, memories, links, unjudged, waiting,
stories (a story grows), deliveries, channels. The full-text index is no table of ours: see `fulltext`.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
)

from storage.columns import CleanText, PackedSketch, UtcTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(name: str, *, null: bool = False, key: bool = False) -> Column[str]:
    return Column(name, CleanText, primary_key=key, nullable=null)


def _number(name: str, *, key: bool = False) -> Column[int]:
    return Column(name, Integer, primary_key=key, nullable=False)


def _time(name: str, *, null: bool = False, key: bool = False) -> Column[object]:
    return Column(name, UtcTime, primary_key=key, nullable=null)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False)


def _json(name: str, *, null: bool = False) -> Column[object]:
    return Column(name, JSON(none_as_null=True), nullable=null)


def _refers(name: str, target: str, *, null: bool = False, key: bool = False) -> Column[str]:
    return Column(name, CleanText, ForeignKey(target), primary_key=key, nullable=null)


# In each table with a `seq`, it is the order of arrival.

sources = Table(
    "sources",
    metadata,
    _text("name", key=True),
    _flag("registered"),
    _time("next_poll_at"),
    _time("lease_until", null=True),
    _text("state"),
    _time("turned_at", null=True),
    _number("failures"),
    _time("last_ok_at", null=True),
    _time("last_visit_at", null=True),
    _text("last_error", null=True),
    _flag("visited"),
    _text("habits", null=True),
    Index(None, "registered", "next_poll_at"),
)

memories = Table(
    "memories",
    metadata,
    _text("source", key=True),
    _text("url", key=True),
    # JSON: validators go back byte for byte, even those that are no valid text.
    _json("etag", null=True),
    _json("last_modified", null=True),
    _text("body_digest", null=True),
    _text("mark", null=True),
    _time("whole_at", null=True),
)

hosts = Table(
    "hosts",
    metadata,
    _text("host", key=True),
    # What the host said of itself, and when its robots.txt has to be read again; None: it has none.
    _text("robots", null=True),
    _time("robots_until", null=True),
    # Nothing is asked of it before this time.
    _time("blocked_until", null=True),
    _number("failures"),
    _text("last_error", null=True),
)

visits = Table(
    "visits",
    metadata,
    _number("seq", key=True),
    _text("source"),
    _time("at"),
    _text("outcome"),
    _number("documents"),
    _number("requests"),
    _number("bytes"),
    _number("not_modified"),
    _number("unchanged"),
    _text("error", null=True),
    UniqueConstraint("source", "at"),
)

links = Table(
    "links",
    metadata,
    _number("seq", key=True),
    _text("id"),
    _text("source"),
    _text("url"),
    _text("kind"),
    _text("parent", null=True),
    _text("title"),
    _text("summary"),
    _time("published_at", null=True),
    _json("places"),
    _flag("backlog"),
    # waiting, read or given_up
    _text("state"),
    _number("attempt"),
    # Leases in a row that ended before the try did.
    _number("lost"),
    _time("lease_until", null=True),
    _time("retry_at"),
    _text("error", null=True),
    _text("guid", null=True),
    UniqueConstraint("id"),
    Index(None, "state", "retry_at"),
    Index(None, "source", "state", "backlog", "retry_at"),
    Index(None, "lease_until"),
)

captures = Table(
    "captures",
    metadata,
    _text("id", key=True),
    _text("kind"),
    _text("url"),
    _number("status"),
    _json("headers"),
    _text("media_type"),
    _time("fetched_at"),
    _text("body_digest"),
    _text("file"),
    _number("offset"),
    _number("length"),
    UniqueConstraint("file", "offset"),
)

snapshots = Table(
    "snapshots",
    metadata,
    _number("seq", key=True),
    _text("id"),
    _text("source"),
    _text("url"),
    _time("published_at", null=True),
    _time("taken_at"),
    _number("version"),
    _text("digest"),
    _refers("capture_id", "captures.id"),
    _text("parent", null=True),
    _flag("scanned"),
    _flag("backlog"),
    _json("places"),
    _text("title"),
    # Last: a look-up reads a row's head without the pages of a long text.
    _text("text"),
    UniqueConstraint("id"),
    UniqueConstraint("source", "url", "version"),
    Index(None, "url"),
)

# By what a document is known beside its address: the names that its feed gave it.
aliases = Table(
    "aliases",
    metadata,
    _text("source", key=True),
    _text("name", key=True),
    _text("url"),
)

removals = Table(
    "removals",
    metadata,
    _refers("snapshot_id", "snapshots.id", key=True),
    _time("last_seen"),
    _time("missing_since"),
    _text("found"),
)

# Documents that are looked at again, for edits and for removal.
watches = Table(
    "watches",
    metadata,
    _text("source", key=True),
    _text("url", key=True),
    _text("kind"),
    _text("title"),
    _time("first_seen"),
    _time("last_seen"),
    # None: it is looked at no more.
    _time("look_at", null=True),
    _time("lease_until", null=True),
    _number("looks"),
    # Looks in a row that did not find it, the first of them, and what the last one found.
    _number("misses"),
    _time("missing_since", null=True),
    _text("found", null=True),
    _json("etag", null=True),
    _json("last_modified", null=True),
    _text("body_digest", null=True),
    Index(None, "look_at"),
)

# How far the reading of a source's history came.
backfills = Table(
    "backfills",
    metadata,
    _text("source", key=True),
    Column("since", Date, primary_key=True),
    Column("until", Date, primary_key=True),
    _text("cursor", null=True),
    _flag("done"),
    _number("pages"),
    _number("documents"),
    _time("at"),
)

unjudged = Table(
    "unjudged",
    metadata,
    _refers("snapshot_id", "snapshots.id", key=True),
    _flag("backlog"),
    _number("seq"),
    Index(None, "backlog", "seq"),
)

judgements = Table(
    "judgements",
    metadata,
    _refers("snapshot_id", "snapshots.id", key=True),
    _text("model", key=True),
    _time("judged_at"),
    Column("sketch", PackedSketch, nullable=False),
)

events = Table(
    "events",
    metadata,
    _number("seq", key=True),
    _text("id"),
    _refers("snapshot_id", "snapshots.id"),
    _text("label"),
    Column("score", Float, nullable=False),
    _json("evidence"),
    _json("agencies"),
    _json("programs"),
    _text("instrument"),
    _json("places"),
    _json("deadline", null=True),
    _json("conditions"),
    _json("stances"),
    _text("source"),
    _text("url"),
    _text("title"),
    _time("published_at", null=True),
    _number("version"),
    _flag("backlog"),
    _text("judged_by"),
    _time("judged_at"),
    UniqueConstraint("id"),
    Index(None, "snapshot_id"),
    Index(None, "label"),
    Index(None, "judged_at"),
)

event_places = Table(
    "event_places",
    metadata,
    _refers("event_id", "events.id", key=True),
    _text("place_id", key=True),
    _text("state"),
    _text("role", key=True),
    Index(None, "place_id"),
    Index(None, "state"),
)

waiting = Table(
    "waiting",
    metadata,
    _refers("event_id", "events.id", key=True),
    # The order: by snapshot, and of one snapshot the letter first.
    _number("snapshot_seq"),
    _number("rank"),
    Index(None, "snapshot_seq", "rank"),
)

stories = Table(
    "stories",
    metadata,
    _text("id", key=True),
    _refers("opened_by", "events.id"),
    _time("opened_at"),
    _time("last_event_at"),
    _json("agencies"),
    _json("programs"),
    _text("instrument"),
    _json("place_ids"),
    Index(None, "last_event_at"),
)

story_events = Table(
    "story_events",
    metadata,
    _number("seq", key=True),
    _refers("story_id", "stories.id"),
    _refers("event_id", "events.id"),
    _text("snapshot_id"),
    _text("label"),
    Column("sketch", PackedSketch, nullable=False),
    UniqueConstraint("event_id"),
    Index(None, "story_id"),
)

alerts = Table(
    "alerts",
    metadata,
    _text("id", key=True),
    _refers("event_id", "events.id", null=True),
    _refers("story_id", "stories.id", null=True),
    _json("place", null=True),
    _text("source", null=True),
    _text("detail", null=True),
    _text("reason"),
    _text("route"),
    _text("channel"),
    _time("due_at"),
    Index(None, "event_id"),
)

deliveries = Table(
    "deliveries",
    metadata,
    # The order in which they were raised, which a channel is told in, however often some of them are tried.
    _number("seq", key=True),
    _text("id"),
    _text("digest_name", null=True),
    Column("digest_date", Date, nullable=True),
    _text("channel"),
    _text("state"),
    _number("attempt"),
    _time("at"),
    _text("receipt", null=True),
    _text("error", null=True),
    _time("retry_at", null=True),
    _flag("possible_repeat"),
    _time("lease_until", null=True),
    Index(None, "state", "retry_at"),
    Index(None, "at"),
    UniqueConstraint("id"),
)

channels = Table(
    "channels",
    metadata,
    _text("name", key=True),
    # What said "later" is asked nothing before this time.
    _time("held_until"),
)

delivery_alerts = Table(
    "delivery_alerts",
    metadata,
    _refers("delivery_id", "deliveries.id", key=True),
    _refers("alert_id", "alerts.id", key=True),
    _number("position"),
    Index(None, "alert_id"),
)

attempts = Table(
    "attempts",
    metadata,
    _refers("delivery_id", "deliveries.id", key=True),
    _number("attempt", key=True),
    # One try may be noted twice: in doubt when its lease ran out, and sent when its answer came late.
    _text("state", key=True),
    _time("at"),
    _text("receipt", null=True),
    _text("error", null=True),
)

digests = Table(
    "digests",
    metadata,
    _text("name", key=True),
    Column("local_date", Date, primary_key=True),
    _refers("delivery_id", "deliveries.id"),
    # The last event that the digest tells of.
    _number("until_seq"),
)
