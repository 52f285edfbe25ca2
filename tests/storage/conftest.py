"""A real archive in a temporary folder."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from facts.document import Snapshot
from facts.event import Event
from storage.opening import Stores, open_store
from storage.protocols import Catalogue, Store
from tests.storage.samples import NOW, document, event, judgement


@dataclass(slots=True, kw_only=True)
class Rig:
    """An open archive, and looks inside it that no stage has."""

    folder: Path
    stores: Stores

    @property
    def store(self) -> Store:
        return self.stores.store

    @property
    def catalogue(self) -> Catalogue:
        return self.stores.catalogue

    @property
    def database(self) -> Path:
        return self.folder / "archive.db"

    @property
    def url(self) -> str:
        return f"sqlite:///{self.database}"

    @property
    def warc(self) -> Path:
        return self.folder / "warc"

    def reopen(self) -> None:
        """Close the archive and open it again, as a restart does."""
        self.stores.close()
        self.stores = open_store(self.url, self.folder, patience=timedelta(seconds=5))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a statement on a connection of its own."""
        with closing(sqlite3.connect(self.database)) as connection:
            rows = connection.execute(sql).fetchall()
            connection.commit()
        return rows

    def keep(self, text: str = "The city must open its jail.", *, backlog: bool = False, **fields: Any) -> Snapshot:
        """Archive a document that is new."""
        (snapshot,) = self.store.keep([document(text, **fields)], backlog=backlog, now=NOW)
        assert snapshot is not None
        return snapshot

    def judged(self, *labels: str, text: str = "The city must open its jail.", **fields: Any) -> tuple[Event, ...]:
        """Archive a document and record the events it earned."""
        snapshot = self.keep(text, **fields)
        events = tuple(event(snapshot, label) for label in labels)
        self.store.record_judgements([judgement(snapshot, *events)])
        return events


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an empty archive once; making its tables is what takes time."""
    folder = tmp_path_factory.mktemp("empty")
    open_store(f"sqlite:///{folder}/archive.db", folder).close()
    return folder


@pytest.fixture
def rig(tmp_path: Path, empty: Path) -> Iterator[Rig]:
    """Open an empty archive."""
    folder = tmp_path / "data"
    shutil.copytree(empty, folder)
    rig = Rig(folder=folder, stores=open_store(f"sqlite:///{folder}/archive.db", folder, patience=timedelta(seconds=5)))
    yield rig
    rig.stores.close()


@pytest.fixture
def kept_bytes() -> Callable[[Path], list[bytes]]:
    """Return a reader of all response bodies of a WARC file, with warcio's own digest check."""
    from warcio.archiveiterator import ArchiveIterator

    def read(path: Path) -> list[bytes]:
        bodies = []
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests="raise"):
                body = record.content_stream().read()
                if record.rec_type == "response":
                    bodies.append(body)
        return bodies

    return read
