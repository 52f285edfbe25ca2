"""Open the archive: to write, which makes, upgrades and repairs it; or to read only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from facts.errors import NotFound
from storage.catalogue import SqlCatalogue
from storage.documents import committed_ends
from storage.engine import PATIENCE, database_path, open_engine, open_reading
from storage.migrate import migrate, require_present
from storage.protocols import Catalogue, Store
from storage.store import SqlStore
from storage.warc_folder import WarcFolder

_WARC = "warc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """The two faces of one open archive."""

    store: Store
    catalogue: Catalogue
    close: Callable[[], None]


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
        close=database.close,
    )


def open_catalogue(url: str, folder: Path, *, patience: timedelta = PATIENCE) -> SqlCatalogue:
    """Open the archive to read only; nothing is made, upgraded or repaired.

    Raises:
        NotFound: there is no archive yet.
        SchemaError: the database belongs to another program, or to another version.
    """
    path = database_path(url)
    if not path.exists():
        msg = f"{path}: there is no archive yet; run `pursestrings poll` once to make it"
        raise NotFound(msg)
    database = open_reading(path, patience=patience)
    try:
        require_present(database)
    except BaseException:
        database.close()
        raise
    return SqlCatalogue(database=database, folder=WarcFolder(path=folder / _WARC))
