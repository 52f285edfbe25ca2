"""Alembic's entry: runs the steps in the transaction that `storage.migrate` opened."""

from __future__ import annotations

from alembic import context

from storage.columns import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
context.run_migrations()
