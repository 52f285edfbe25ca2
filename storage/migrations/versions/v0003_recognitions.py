"""Recognitions: whose reading of a scan the words of a snapshot are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add to what is there: nothing of an older archive changes."""
    op.create_table(
        "recognitions",
        sa.Column("snapshot_id", sa.Text(), nullable=False),
        sa.Column("recognised_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshots.id"], name=op.f("fk_recognitions_snapshot_id_snapshots")),
        sa.PrimaryKeyConstraint("snapshot_id", name=op.f("pk_recognitions")),
    )
    op.add_column("events", sa.Column("recognised_by", sa.Text(), nullable=True))
