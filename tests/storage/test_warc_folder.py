"""WARC files on the disk: append, take back, repair."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from facts.document import WarcPlace
from facts.errors import StorageError
from storage.warc_folder import ASIDE, WarcFolder
from tests.storage.samples import NOW, capture

Read = Callable[[Path], list[bytes]]


@pytest.fixture
def folder(tmp_path: Path) -> WarcFolder:
    """Make an empty folder of small files."""
    folder = WarcFolder(path=tmp_path / "warc", file_bytes=2000)
    folder.repair({})
    return folder


def append(folder: WarcFolder, body: bytes, ends: dict[str, int]) -> WarcPlace:
    """Append one record and count it as committed."""
    kept = capture(body)
    with folder.appending(lambda _: None) as appender:
        (place,) = appender.append([kept], NOW, lambda name: ends.get(name, 0))
    ends[place.file] = place.offset + place.length
    return place


def test_a_new_day_is_a_new_file(folder: WarcFolder, kept_bytes: Read) -> None:
    """Files are named by their UTC day; each opens with a warcinfo record and belongs to its owner alone."""
    kept = capture()
    with folder.appending(lambda _: None) as appender:
        (first,) = appender.append([kept], NOW, lambda _: 0)
        (second,) = appender.append([kept], NOW + timedelta(hours=12), lambda _: 0)

    assert [first.file, second.file] == ["20170803-0001.warc.gz", "20170804-0001.warc.gz"]
    assert kept_bytes(folder.path / first.file) == [kept.body]
    assert (folder.path / first.file).stat().st_mode & 0o777 == 0o600


def test_a_full_file_is_closed(folder: WarcFolder, kept_bytes: Read) -> None:
    """Past its size a day gets another file."""
    ends: dict[str, int] = {}
    bodies = [os.urandom(900) for _ in range(4)]

    files = [append(folder, body, ends).file for body in bodies]

    assert files == ["20170803-0001.warc.gz"] * 2 + ["20170803-0002.warc.gz"] * 2
    assert bodies == [body for name in sorted(set(files)) for body in kept_bytes(folder.path / name)]


def test_a_failed_transaction_takes_its_record_back(folder: WarcFolder, kept_bytes: Read) -> None:
    """What was appended in vain is cut off; a file with nothing else is gone."""
    kept = capture()
    ends: dict[str, int] = {}

    def committed(name: str) -> int:
        return ends.get(name, 0)

    def fail() -> None:
        with folder.appending(lambda appender: appender.take_back(committed)) as appender:
            appender.append([kept], NOW, committed)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert list(folder.path.iterdir()) == []
    place = append(folder, b"first", ends)
    with pytest.raises(KeyError):
        fail()
    assert kept_bytes(folder.path / place.file) == [b"first"]
    assert (folder.path / place.file).stat().st_size == ends[place.file]


def test_a_file_that_holds_other_bytes_is_not_appended_to(folder: WarcFolder) -> None:
    """A shorter or longer file than what was committed is left alone until the next repair."""
    ends: dict[str, int] = {}
    place = append(folder, b"first", ends)
    with (folder.path / place.file).open("ab") as file:
        file.write(b"x")

    assert append(folder, b"second", ends).file == "20170803-0002.warc.gz"


def test_a_torn_tail_is_cut(folder: WarcFolder, kept_bytes: Read) -> None:
    """Wherever in a record a kill fell, the file is whole again after repair, and what was committed is in it."""
    ends: dict[str, int] = {}
    place = append(folder, b"first", ends)
    committed = dict(ends)
    last = append(folder, b"second", ends)
    path = folder.path / place.file
    whole = path.read_bytes()

    for cut in range(1, last.length, last.length // 40):
        path.write_bytes(whole[: last.offset + cut])
        folder.repair(committed)
        assert path.stat().st_size == last.offset
    assert kept_bytes(path) == [b"first"]
    assert not (folder.path / ASIDE).exists()


def test_a_whole_record_that_nobody_knows_is_set_aside(folder: WarcFolder, kept_bytes: Read) -> None:
    """Records past the committed end are copied before they are cut off, each time under a free name."""
    ends: dict[str, int] = {}
    append(folder, b"first", ends)
    committed = dict(ends)
    last = append(folder, b"second", ends)
    path = folder.path / last.file
    whole = path.read_bytes()

    for tail in (b"", b"torn"):
        path.write_bytes(whole + tail)
        folder.repair(committed)

    assert kept_bytes(path) == [b"first"]
    aside = sorted((folder.path / ASIDE).iterdir())
    assert [f"20170803-0001-{last.offset}-{number}.warc.gz" for number in (1, 2)] == [each.name for each in aside]
    assert [kept_bytes(each) for each in aside] == [[b"second"], [b"second"]]


def test_a_file_with_nothing_committed(folder: WarcFolder, kept_bytes: Read) -> None:
    """It is removed when it holds no whole record, and set aside when it does."""
    place = append(folder, b"first", {})
    path = folder.path / place.file
    whole = path.read_bytes()

    for size in (0, 1, 2, place.offset - 1, place.offset, place.offset + 1, len(whole) - 1):
        path.write_bytes(whole[:size])
        folder.repair({})
        assert list(folder.path.iterdir()) == []
    path.write_bytes(whole)
    folder.repair({})
    assert not path.exists()
    assert [kept_bytes(each) for each in (folder.path / ASIDE).iterdir()] == [[b"first"]]


@pytest.mark.parametrize(
    ("name", "content"), [("holiday.warc.gz", b""), ("20170803-0001.warc.gz", b"WARC/1.0\r\nnot compressed")]
)
def test_a_file_that_is_not_ours_is_moved_whole(folder: WarcFolder, name: str, content: bytes) -> None:
    """What somebody else put there is moved as it is, never cut or deleted."""
    (folder.path / name).write_bytes(content)
    (folder.path / "notes.txt").write_bytes(b"mine")

    folder.repair({})

    assert [content] == [each.read_bytes() for each in (folder.path / ASIDE).iterdir()]
    assert (folder.path / "notes.txt").read_bytes() == b"mine"


def test_a_file_shorter_than_committed_is_left_alone(folder: WarcFolder) -> None:
    """Repair does not hide lost bytes: reading tells them, and names file and offset."""
    place = append(folder, b"first", {})
    path = folder.path / place.file
    path.write_bytes(path.read_bytes()[:-1])

    folder.repair({place.file: place.offset + place.length})

    with pytest.raises(StorageError, match=rf"20170803-0001\.warc\.gz, offset {place.offset}: the file ends before"):
        folder.body(place, capture().url, capture(b"first").body_digest)


@pytest.mark.parametrize("name", ["../20170803-0001.warc.gz", "/etc/passwd", "20170803-0001.warc.gz\n", ""])
def test_no_other_file_is_read(folder: WarcFolder, name: str) -> None:
    """A row that names another file, as a tampered database may, opens nothing."""
    with pytest.raises(StorageError, match="no name of a WARC file"):
        folder.body(WarcPlace(file=name, offset=0, length=1), "https://a.example/", "")


def test_a_missing_file_is_told(folder: WarcFolder) -> None:
    """The message names the file."""
    with pytest.raises(StorageError, match=r"20990101-0001\.warc\.gz"):
        folder.body(WarcPlace(file="20990101-0001.warc.gz", offset=0, length=1), "https://a.example/", "")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """A file in the folder's place is named."""
    (tmp_path / "warc").write_text("in the way")

    with pytest.raises(StorageError, match="check the owner and mode"):
        WarcFolder(path=tmp_path / "warc").repair({})


def test_a_record_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A failing disk is an error a person can act on."""
    with pytest.raises(StorageError, match="could not be written"):
        append(WarcFolder(path=tmp_path / "absent"), b"first", {})
