"""Copies: the member of a story whose text another one takes over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add to what is there: what joined a story before is nobody's copy."""
    op.add_column("story_events", sa.Column("copy_of", sa.Text(), nullable=True))
