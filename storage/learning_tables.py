"""The tables of what the classifier learns from its readers: their verdicts, and the models made with them.

All of it is append-only: a later verdict counts in place of an earlier one, and the model in use follows from the uses.
"""

from __future__ import annotations

from sqlalchemy import Index, Table, UniqueConstraint

from storage.columns import json, metadata, moment, number, refers, text

# In each table with a `seq`, it is the order of arrival.

feedback = Table(
    "feedback",
    metadata,
    number("seq", key=True),
    text("id"),
    text("verdict"),
    text("label"),
    text("url"),
    refers("event_id", "events.id", null=True),
    refers("snapshot_id", "snapshots.id", null=True),
    text("text_digest", null=True),
    text("model", null=True),
    json("evidence", null=True),
    json("places"),
    text("by"),
    moment("at"),
    UniqueConstraint("id"),
    Index(None, "event_id"),
)

models = Table(
    "models",
    metadata,
    text("name", key=True),
    moment("made_at"),
    text("base"),
    text("digest"),
    number("labels"),
    text("against"),
    # How it fares, and how the model fared that was in use when it was made.
    json("scores"),
)

model_uses = Table(
    "model_uses",
    metadata,
    number("seq", key=True),
    text("step"),
    refers("model", "models.name"),
    moment("at"),
)
