"""The database's two doors, and the errors a person can act on."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError, OperationalError

from facts.errors import SchemaError, StorageError
from storage.engine import Database, acting_on, database_path, open_engine, open_reading
from tests.storage.conftest import Rig

SHORT = timedelta(milliseconds=50)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Open a database with one table."""
    database = open_engine(tmp_path / "new" / "a.db", patience=SHORT)
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x INTEGER PRIMARY KEY, y REFERENCES t)")
    yield database
    database.close()


def test_the_file_belongs_to_its_owner(rig: Rig) -> None:
    """Database, log and WARC files are readable by nobody else."""
    rig.keep()

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in rig.folder.rglob("*") if path.is_file()}

    assert {"archive.db", "archive.db-wal", "20170803-0001.warc.gz"} <= set(modes)
    assert set(modes.values()) == {0o600}


def test_what_is_committed_is_on_the_disk(rig: Rig) -> None:
    """Write-ahead log, every commit synced, references enforced."""
    with rig.store.database.read() as connection:  # type: ignore[attr-defined]
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "journal_size_limit")
        }

    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 5000,
        "journal_size_limit": 64 * 1024 * 1024,
    }


def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    """An error on the way rolls back all of it."""

    def fail() -> None:
        with database.write() as connection:
            connection.exec_driver_sql("INSERT INTO t VALUES (1, NULL)")
            raise KeyError

    with pytest.raises(KeyError):
        fail()

    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM t").scalar() == 0


def test_a_bug_passes(database: Database) -> None:
    """A wrong statement and a broken reference are no StorageError."""
    with pytest.raises(DBAPIError, match="FOREIGN KEY"), database.write() as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES (1, 2)")
    with pytest.raises(DBAPIError, match="no such table"), database.read() as connection:
        connection.exec_driver_sql("SELECT * FROM missing")


def test_a_held_database_is_told(database: Database) -> None:
    """Past its patience a writer says what to do; readers go on; afterwards the writer does too."""
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StorageError, match="another process holds it"), database.write():
            pass
        with database.read() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM t").scalar() == 0
    with database.write() as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES (1, NULL)")


def test_a_full_disk_is_told(database: Database) -> None:
    """What cannot be written is told, and nothing of it stays."""
    with database.write() as connection:
        # The pool gives the next transaction the same connection, with this limit.
        connection.exec_driver_sql("PRAGMA max_page_count = 2")

    with pytest.raises(StorageError, match="the disk is full"), database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE big AS SELECT randomblob(1000000)")

    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar() == 1


def test_a_damaged_database_is_told(rig: Rig) -> None:
    """Pages of noise are not served as rows."""
    for number in range(20):
        rig.keep(f"Letter {number} " * 200, url=f"https://doj.example/{number}")
    rig.stores.close()
    raw = bytearray(rig.database.read_bytes())
    raw[4096:] = b"\xa5" * (len(raw) - 4096)
    rig.database.write_bytes(raw)

    with pytest.raises(StorageError, match="is damaged"):
        rig.reopen()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """It is left as it was."""
    path = tmp_path / "letter.txt"
    path.write_text("Dear mayor, " * 100)
    database = open_engine(path, patience=SHORT)

    with pytest.raises(SchemaError, match="no SQLite database"), database.read() as connection:
        connection.exec_driver_sql("SELECT * FROM sqlite_master")
    database.close()
    assert path.read_text() == "Dear mayor, " * 100


def test_a_read_only_database_is_told(database: Database) -> None:
    """A connection to read cannot write."""
    reading = open_reading(database.path)

    with pytest.raises(StorageError, match="may not be written"), reading.read() as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES (1, NULL)")
    reading.close()


def test_a_path_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A folder in the file's place, and a file in the folder's, are named."""
    (tmp_path / "file").write_text("in the way")

    for path in (tmp_path, tmp_path / "file" / "a.db"):
        with pytest.raises(StorageError, match=rf"{path}: the database cannot be made"):
            open_engine(path)


def test_only_what_a_person_can_act_on() -> None:
    """An error without SQLite's code is a bug."""
    bug = OperationalError("SELECT", {}, ValueError("no"))

    with pytest.raises(OperationalError), acting_on(Path("a.db")):
        raise bug


@pytest.mark.parametrize("url", ["", "no url", "sqlite://", "sqlite:///:memory:", "postgresql://u:secret@h/db", "x://"])
def test_a_url_that_names_no_file_is_told(url: str) -> None:
    """The message says what to write, and no password."""
    with pytest.raises(StorageError, match="sqlite:///PATH") as told:
        database_path(url)
    assert "secret" not in str(told.value)


def test_odd_characters_in_a_path(tmp_path: Path) -> None:
    """A path is a path, whatever SQLite's URIs mean by its characters."""
    path = database_path(f"sqlite:///{tmp_path}/100%25 a#b&mode=memory/x.db")
    database = open_engine(path)
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x)")
    database.close()

    assert path.stat().st_size > 0
