"""The tables of sources: work state, which changes, and their visits, which do not."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Table, UniqueConstraint

from storage.columns import flag, json, metadata, moment, number, text

# In each table with a `seq`, it is the order of arrival.

sources = Table(
    "sources",
    metadata,
    text("name", key=True),
    flag("registered"),
    moment("next_poll_at"),
    moment("lease_until", null=True),
    text("state"),
    moment("turned_at", null=True),
    number("failures"),
    moment("last_ok_at", null=True),
    moment("last_visit_at", null=True),
    text("last_error", null=True),
    flag("visited"),
    text("habits", null=True),
    Index(None, "registered", "next_poll_at"),
)

memories = Table(
    "memories",
    metadata,
    text("source", key=True),
    text("url", key=True),
    # JSON: validators go back byte for byte, even those that are no valid text.
    json("etag", null=True),
    json("last_modified", null=True),
    text("body_digest", null=True),
    text("mark", null=True),
    moment("whole_at", null=True),
)

hosts = Table(
    "hosts",
    metadata,
    text("host", key=True),
    # What the host said of itself, and when its robots.txt has to be read again; None: it has none.
    text("robots", null=True),
    moment("robots_until", null=True),
    # Nothing is asked of it before this time.
    moment("blocked_until", null=True),
    number("failures"),
    text("last_error", null=True),
)

visits = Table(
    "visits",
    metadata,
    number("seq", key=True),
    text("source"),
    moment("at"),
    text("outcome"),
    number("documents"),
    number("requests"),
    number("bytes"),
    number("not_modified"),
    number("unchanged"),
    text("error", null=True),
    UniqueConstraint("source", "at"),
)

links = Table(
    "links",
    metadata,
    number("seq", key=True),
    text("id"),
    text("source"),
    text("url"),
    text("kind"),
    text("parent", null=True),
    text("title"),
    text("summary"),
    moment("published_at", null=True),
    json("places"),
    flag("backlog"),
    # waiting, read or given_up
    text("state"),
    number("attempt"),
    # Leases in a row that ended before the try did.
    number("lost"),
    moment("lease_until", null=True),
    moment("retry_at"),
    text("error", null=True),
    text("guid", null=True),
    UniqueConstraint("id"),
    Index(None, "state", "retry_at"),
    Index(None, "source", "state", "backlog", "retry_at"),
    Index(None, "lease_until"),
)

# Documents that are looked at again, for edits and for removal.
watches = Table(
    "watches",
    metadata,
    text("source", key=True),
    text("url", key=True),
    text("link_id", null=True),
    moment("since"),
    moment("last_seen"),
    moment("look_at", null=True),
    moment("lease_until", null=True),
    number("misses"),
    moment("missing_since", null=True),
    text("found", null=True),
    json("remembered", null=True),
    Index(None, "look_at"),
    Index(None, "link_id"),
)

# What each source listed last, in its order.
listings = Table(
    "listings",
    metadata,
    text("source", key=True),
    json("urls"),
)

# How far the reading of a source's history came.
backfills = Table(
    "backfills",
    metadata,
    text("source", key=True),
    Column("since", Date, primary_key=True),
    Column("until", Date, primary_key=True),
    text("cursor", null=True),
    flag("done"),
    number("pages"),
    number("documents"),
    moment("at"),
)
