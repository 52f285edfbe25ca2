"""Migrations: the tables are those of the definition; strangers and newer schemas are refused untouched."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, event

from facts.errors import NotFound, SchemaError
from storage.columns import metadata
from storage.engine import open_engine
from storage.migrate import APPLICATION_ID, migrate, require_present
from tests.storage.conftest import Rig


def ours(_object: object, name: str, kind: str, *_: object) -> bool:
    """Leave out the full-text index and Alembic's own table."""
    return not (kind == "table" and name.startswith(("documents_fts", "alembic_")))


def test_the_migrations_make_the_defined_tables(rig: Rig) -> None:
    """Nothing is missing and nothing too much."""
    engine = create_engine(rig.url)
    with engine.connect() as connection:
        options = {"include_object": ours, "compare_type": True}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    engine.dispose()

    assert differences == []
    assert rig.rows("PRAGMA application_id") == [(APPLICATION_ID,)]
    assert rig.rows("PRAGMA foreign_key_check") == []


def test_opening_again_changes_nothing(rig: Rig) -> None:
    """A second start finds everything as it was."""
    snapshot = rig.keep()
    schema = rig.rows("SELECT sql FROM sqlite_master ORDER BY name")

    rig.reopen()

    assert schema == rig.rows("SELECT sql FROM sqlite_master ORDER BY name")
    assert [snapshot] == rig.store.unjudged(9)
    assert rig.catalogue.capture(snapshot).body == snapshot.text.encode()


def test_a_newer_schema_is_refused(rig: Rig) -> None:
    """The message says to upgrade, and the data stays."""
    rig.keep()
    rig.stores.close()
    rig.rows("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(SchemaError, match=r"newer version \(9999\); upgrade Pursestrings"):
        rig.reopen()
    assert rig.rows("SELECT count(*) FROM snapshots") == [(1,)]


@pytest.mark.parametrize("script", ["CREATE TABLE posts (id)", "PRAGMA application_id = 7"])
def test_a_foreign_database_is_refused_untouched(tmp_path: Path, script: str) -> None:
    """Another program's file is not written to, not even its journal mode."""
    path = tmp_path / "foreign.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(script)
        connection.commit()
    before = path.read_bytes()
    database = open_engine(path)

    with pytest.raises(SchemaError, match="belongs to another program"):
        migrate(database)
    database.close()
    assert before == path.read_bytes()
    assert [path] == list(tmp_path.iterdir())


@pytest.mark.parametrize("statement", [1, 3, 10, 20, 30])
def test_a_migration_that_ends_midway_leaves_nothing(tmp_path: Path, statement: int) -> None:
    """All of it is one transaction; the next start makes the tables."""
    database = open_engine(tmp_path / "a.db")
    left = [statement]

    def stop(_connection: Any, _cursor: Any, sql: str, *_: Any) -> None:
        left[0] -= sql.lstrip().startswith(("CREATE", "INSERT"))
        if left[0] == 0:
            raise KeyboardInterrupt

    event.listen(database.engine, "after_cursor_execute", stop)
    with pytest.raises(KeyboardInterrupt):
        migrate(database)
    event.remove(database.engine, "after_cursor_execute", stop)

    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar() == 0
    migrate(database)
    require_present(database)
    database.close()


def test_an_empty_database_is_no_archive_yet(tmp_path: Path) -> None:
    """Reading does not make it."""
    database = open_engine(tmp_path / "a.db")

    with pytest.raises(NotFound, match="run `pursestrings poll` once"):
        require_present(database)
    database.close()


def test_an_older_schema_is_not_read(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading does not upgrade it, but says what does."""
    monkeypatch.setattr("storage.migrate._head", lambda: "9999")

    with pytest.raises(SchemaError, match="older version"):
        require_present(rig.store.database)  # type: ignore[attr-defined]
