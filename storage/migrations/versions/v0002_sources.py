"""Sources: habits, hosts, other names of documents, looks for edits and removal, backfills."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add to what is there: nothing of an older archive changes."""
    op.add_column("sources", sa.Column("habits", sa.Text(), nullable=True))
    op.add_column("memories", sa.Column("whole_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("links", sa.Column("guid", sa.Text(), nullable=True))
    op.create_table(
        "hosts",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("robots", sa.Text(), nullable=True),
        sa.Column("robots_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_hosts")),
    )
    op.create_table(
        "aliases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", "source", name=op.f("pk_aliases")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "removals",
        sa.Column("snapshot_id", sa.Text(), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("missing_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshots.id"], name=op.f("fk_removals_snapshot_id_snapshots")),
        sa.PrimaryKeyConstraint("snapshot_id", name=op.f("pk_removals")),
    )
    _watches_and_backfills()


def _watches_and_backfills() -> None:
    op.create_table(
        "watches",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("link_id", sa.Text(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("missing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("found", sa.Text(), nullable=True),
        sa.Column("remembered", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("source", "url", name=op.f("pk_watches")),
    )
    op.create_index(op.f("ix_watches_look_at"), "watches", ["look_at"], unique=False)
    op.create_index(op.f("ix_watches_link_id"), "watches", ["link_id"], unique=False)
    op.create_table(
        "listings",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("urls", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_listings")),
    )
    op.create_table(
        "backfills",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", "since", "until", name=op.f("pk_backfills")),
    )
