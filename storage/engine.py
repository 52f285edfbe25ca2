"""The database as two doors, `write` and `read`, each one transaction, with errors a person can act on."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import QueuePool

from facts.errors import SchemaError, StorageError

#: How long a writer waits for another process before it gives up (docs/reliability.md, R14).
PATIENCE = timedelta(seconds=60)
#: Past this size the write-ahead log is cut back at the next checkpoint (R14: at most 64 MB).
WAL_BYTES = 64 * 1024 * 1024

# What a person can do, by SQLite's primary result code; every other code is a bug and passes.
_ADVICE = {
    sqlite3.SQLITE_FULL: "the disk is full; free some space and start again",
    sqlite3.SQLITE_READONLY: "it may not be written; check the owner and mode of the file and its folder",
    sqlite3.SQLITE_PERM: "it may not be opened; check the owner and mode of the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; check that its folder exists and may be written",
    sqlite3.SQLITE_BUSY: "another process holds it; end that process or wait, then try again",
    sqlite3.SQLITE_LOCKED: "another process holds it; end that process or wait, then try again",
    sqlite3.SQLITE_IOERR: "the disk failed to read or write it; check the disk",
    sqlite3.SQLITE_CORRUPT: "it is damaged; restore it from a backup, or recover it with the sqlite3 tool",
    sqlite3.SQLITE_INTERRUPT: "the look-up took too long and was stopped; use rarer words or a shorter time",
}
_NOT_OURS = "it is no SQLite database; name another file in [storage] url"


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """One database file; safe to use from several threads."""

    path: Path
    engine: Engine
    #: Writers of one process queue here, in turn; SQLite's own waiting is a poll.
    _turn: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Run one write transaction, which holds the database's write lock from its first statement."""
        with self._turn, acting_on(self.path), self.engine.connect() as connection:
            connection.execution_options(immediate=True)
            with connection.begin():
                yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Run one read transaction: everything in it sees the same state."""
        with acting_on(self.path), self.engine.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


@contextmanager
def acting_on(path: Path) -> Iterator[None]:
    """Turn those errors of SQLite that a person can act on into StorageError; bugs pass."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        original = error.orig if isinstance(error, DBAPIError) else error
        code = getattr(original, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_NOTADB:
            msg = f"{path}: {_NOT_OURS}"
            raise SchemaError(msg) from error
        if code in _ADVICE:
            msg = f"{path}: {_ADVICE[code]} ({original})"
            raise StorageError(msg) from error
        raise


def database_path(url: str) -> Path:
    """Return the file that a URL such as sqlite:///ABSOLUTE/PATH names.

    Raises:
        StorageError: the URL names no SQLite file.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        msg = f"[storage] url is no database URL; write sqlite:///PATH ({error})"
        raise StorageError(msg) from error
    if parsed.get_backend_name() != "sqlite" or parsed.database in {None, "", ":memory:"}:
        msg = "[storage] url must name a file as sqlite:///PATH; other databases are not supported yet"
        raise StorageError(msg)
    return Path(str(parsed.database))


def open_engine(path: Path, *, patience: timedelta = PATIENCE) -> Database:
    """Open a database file to read and write, making it (mode 0600) and its folder when they are missing."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        msg = f"{path}: the database cannot be made or written ({error.strerror}); check [storage] url and its folder"
        raise StorageError(msg) from error
    return Database(path=path, engine=_engine(path, "rw", patience))


def open_reading(path: Path, *, patience: timedelta = PATIENCE) -> Database:
    """Open a database file that exists, to read only."""
    return Database(path=path, engine=_engine(path, "ro", patience))


def _engine(path: Path, mode: str, patience: timedelta) -> Engine:
    # Every thread gets a connection: the number of threads is the caller's to bound.
    engine = create_engine(
        "sqlite://", creator=_connector(path, mode, patience), poolclass=QueuePool, pool_size=8, max_overflow=-1
    )
    event.listen(engine, "begin", _begin)
    return engine


def _connector(path: Path, mode: str, patience: timedelta) -> Callable[[], sqlite3.Connection]:
    uri = f"file:{quote(str(path))}?mode={mode}"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            uri, uri=True, timeout=patience.total_seconds(), isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        if mode == "ro":
            connection.execute("PRAGMA query_only = ON")
        else:
            connection.execute(f"PRAGMA journal_size_limit = {WAL_BYTES}")
        return connection

    return connect


def _begin(connection: Connection) -> None:
    # The sqlite3 module would begin late and without the lock; a reader that turns writer can then fail at once.
    immediate = connection.get_execution_options().get("immediate", False)
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("BEGIN IMMEDIATE" if immediate else "BEGIN")
