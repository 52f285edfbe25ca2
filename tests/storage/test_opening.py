"""Opening an archive to write, and to read only."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from facts.errors import NotFound, SchemaError, StorageError
from storage.opening import open_catalogue, open_store
from storage.protocols import Search
from tests.storage.conftest import Rig


def test_opening_repairs_every_warc_file(rig: Rig, kept_bytes: Callable[[Path], list[bytes]]) -> None:
    """A torn tail is gone, a file with nothing committed too, and what was committed is served."""
    snapshot = rig.keep("First.")
    path = rig.warc / snapshot.warc.file
    with path.open("ab") as file:
        file.write(path.read_bytes()[snapshot.warc.offset : -9])
    (rig.warc / "20170804-0001.warc.gz").write_bytes(path.read_bytes()[:50])

    rig.reopen()

    assert [path] == list(rig.warc.iterdir())
    assert kept_bytes(path) == [b"First."]
    assert rig.catalogue.capture(snapshot).body == b"First."
    assert rig.keep("Second.").warc.offset == snapshot.warc.offset + snapshot.warc.length


def test_a_record_without_its_row_is_set_aside(rig: Rig, kept_bytes: Callable[[Path], list[bytes]]) -> None:
    """A kill between the disk's answer and the commit loses no bytes, and the document is kept when it comes again."""
    first, second = rig.keep("First."), rig.keep("Second.")
    for table in ("unjudged", "snapshots", "captures"):
        key = {"captures": "offset", "snapshots": "version", "unjudged": "seq"}[table]
        rig.rows(f"DELETE FROM {table} WHERE {key} = (SELECT max({key}) FROM {table})")

    rig.reopen()

    assert kept_bytes(rig.warc / first.warc.file) == [b"First."]
    (aside,) = (rig.warc / "aside").iterdir()
    assert kept_bytes(aside) == [b"Second."]
    assert second == rig.keep("Second.")


def test_an_archive_that_cannot_be_opened_is_closed(rig: Rig) -> None:
    """No connection stays behind a refusal."""
    rig.stores.close()
    rig.rows("PRAGMA application_id = 7")

    with pytest.raises(SchemaError):
        open_store(rig.url, rig.folder)
    with pytest.raises(SchemaError):
        open_catalogue(rig.url, rig.folder)


def test_a_catalogue_reads_beside_the_service(rig: Rig) -> None:
    """It sees what is committed while the store is open, and changes no file of the archive."""
    snapshot = rig.keep("The jail.")
    catalogue = open_catalogue(rig.url, rig.folder)
    before = {path: path.read_bytes() for path in rig.folder.rglob("*") if path.is_file() and path.suffix != ".db-shm"}

    hits, total = catalogue.search(Search(words="jail"))
    body = catalogue.capture(snapshot).body
    catalogue.close()

    assert ([snapshot], 1, b"The jail.") == ([hit.snapshot for hit in hits], total, body)
    after = {path: path.read_bytes() for path in before}
    assert before == after


def test_a_catalogue_reads_after_the_service(rig: Rig) -> None:
    """A closed archive is read too."""
    snapshot = rig.keep()
    rig.stores.close()

    catalogue = open_catalogue(rig.url, rig.folder)

    assert snapshot == catalogue.snapshot(snapshot.id)
    catalogue.close()


def test_a_catalogue_repairs_nothing(rig: Rig) -> None:
    """A torn tail may be the service's, in the middle of its work."""
    snapshot = rig.keep()
    path = rig.warc / snapshot.warc.file
    with path.open("ab") as file:
        file.write(b"half a record")
    size = path.stat().st_size

    open_catalogue(rig.url, rig.folder).close()

    assert size == path.stat().st_size


def test_no_archive_yet(tmp_path: Path) -> None:
    """Reading makes nothing, and says what does."""
    with pytest.raises(NotFound, match="run `pursestrings poll` once"):
        open_catalogue(f"sqlite:///{tmp_path}/data/archive.db", tmp_path / "data")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    """The message names the path and what to check."""
    tmp_path.chmod(0o500)
    with pytest.raises(StorageError, match=r"check \[storage\] url"):
        open_store(f"sqlite:///{tmp_path}/data/archive.db", tmp_path / "data")
