"""Bring a database to the present schema, in one transaction, and refuse one that is not ours or newer."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from facts.errors import NotFound, SchemaError
from storage.engine import Database, acting_on

#: "PURS", in the header of the database file, says that it is ours.
APPLICATION_ID = 0x50555253


def migrate(database: Database) -> None:
    """Make or upgrade the tables; all or nothing.

    Raises:
        SchemaError: the file belongs to another program or to a newer version of this one.
    """
    with database.read() as connection:
        # Before anything is written, so that a foreign file stays as it is.
        _refuse_strange(connection, database.path)
    _use_write_ahead_log(database)
    with database.write() as connection:
        _refuse_strange(connection, database.path)
        if _revision(connection) != _head():
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
            command.upgrade(_config(connection), "head")


def require_present(database: Database) -> None:
    """Check, without writing, that the database has the present schema.

    Raises:
        SchemaError: it is foreign, newer or older.
        NotFound: it is empty.
    """
    with database.read() as connection:
        _refuse_strange(connection, database.path)
        revision = _revision(connection)
    if revision is None:
        msg = f"{database.path}: there is no archive yet; run `pursestrings poll` once to make it"
        raise NotFound(msg)
    if revision != _head():
        msg = (
            f"{database.path}: the archive is of an older version; run `pursestrings poll` once to bring it up to date"
        )
        raise SchemaError(msg)


def _refuse_strange(connection: Connection, path: Path) -> None:
    owner = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
    tables = inspect(connection).get_table_names()
    if owner not in {0, APPLICATION_ID} or (owner == 0 and tables):
        msg = f"{path}: the database belongs to another program; name another file in [storage] url"
        raise SchemaError(msg)
    revision = _revision(connection)
    if revision is not None and revision not in _known():
        msg = f"{path}: the database was made by a newer version ({revision}); upgrade Pursestrings and start again"
        raise SchemaError(msg)


def _use_write_ahead_log(database: Database) -> None:
    # The journal mode cannot change within a transaction; once set it stays with the file.
    with acting_on(database.path), database.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA journal_mode = WAL")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config(None))


def _head() -> str | None:
    return _script().get_current_head()


def _known() -> set[str]:
    return {script.revision for script in _script().walk_revisions()}


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
