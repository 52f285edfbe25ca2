"""Open the archive: to write, which makes, upgrades and repairs it; or to read only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from facts.errors import NotFound
from storage import outbox
from storage.catalogue import SqlCatalogue
from storage.documents import committed_ends
from storage.engine import PATIENCE, Database, database_path, open_engine, open_reading
from storage.hosts import SqlHosts
from storage.learning import SqlLearning
from storage.migrate import migrate, require_present
from storage.protocols import Catalogue, Store
from storage.store import SqlStore
from storage.warc_folder import WarcFolder

_WARC = "warc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """The faces of one open archive."""

    store: Store
    catalogue: Catalogue
    hosts: SqlHosts
    learning: SqlLearning
    close: Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    """What an operator may do to deliveries while the service runs: each call is one small transaction."""

    database: Database

    def retry(self, now: datetime, *, delivery_id: str | None = None, channel: str | None = None) -> int:
        """Make refused deliveries due again: that of an id, those of a channel, or all; return how many.

        Raises:
            NotFound: no refused delivery has this id.
        """
        with self.database.write() as connection:
            return outbox.retry(connection, now, id_=delivery_id, channel=channel)

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


def open_store(url: str, folder: Path, *, patience: timedelta = PATIENCE) -> Stores:
    """Open the archive to read and write; `url` is sqlite:///PATH, and `folder` holds warc/.

    Makes what is missing, brings the tables up to date, and cuts WARC files back to what was committed. `patience`
    is how long a writer waits for another process.

    Raises:
        StorageError: database or folder cannot be made, opened or written.
        SchemaError: the database belongs to another program or a newer version; it is left as it was.
    """
    database = open_engine(database_path(url), patience=patience)
    try:
        migrate(database)
        warc = WarcFolder(path=folder / _WARC)
        # Within the write lock: no other process is between its append and its commit.
        with database.write() as connection:
            warc.repair(committed_ends(connection))
    except BaseException:
        database.close()
        raise
    return Stores(
        store=SqlStore(database=database, folder=warc),
        catalogue=SqlCatalogue(database=database, folder=warc),
        hosts=SqlHosts(database=database),
        learning=SqlLearning(database=database),
        close=database.close,
    )


def open_catalogue(url: str, folder: Path, *, patience: timedelta = PATIENCE) -> SqlCatalogue:
    """Open the archive to read only; nothing is made, upgraded or repaired.

    Raises:
        NotFound: there is no archive yet.
        SchemaError: the database belongs to another program, or to another version.
    """
    database = _present(open_reading(_existing(url), patience=patience))
    return SqlCatalogue(database=database, folder=WarcFolder(path=folder / _WARC))


def open_outbox(url: str, *, patience: timedelta = PATIENCE) -> Outbox:
    """Open the outbox alone to write, beside a running service: nothing is made, upgraded or repaired.

    Raises:
        NotFound: there is no archive yet.
        SchemaError: the database belongs to another program, or to another version.
    """
    return Outbox(database=_present(open_engine(_existing(url), patience=patience)))


def open_learning(url: str, *, patience: timedelta = PATIENCE) -> SqlLearning:
    """Open what readers said and the models alone to write, beside a running service: nothing is made or upgraded.

    Raises:
        NotFound: there is no archive yet.
        SchemaError: the database belongs to another program, or to another version.
    """
    return SqlLearning(database=_present(open_engine(_existing(url), patience=patience)))


def _existing(url: str) -> Path:
    path = database_path(url)
    if not path.exists():
        msg = f"{path}: there is no archive yet; run `pursestrings poll` once to make it"
        raise NotFound(msg)
    return path


def _present(database: Database) -> Database:
    try:
        require_present(database)
    except BaseException:
        database.close()
        raise
    return database
