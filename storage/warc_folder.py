"""The folder of WARC files: append, take back, read, and repair what a kill left behind.

One file a UTC day, or several when it grows past a size: `20170803-0001.warc.gz`. The database is the truth: bytes
past the last committed record of a file were never promised to anybody. Whole records among them are set aside in
`aside/`, not deleted, since they can also mean that the database was restored from an older backup.
"""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from facts.document import Capture, WarcPlace
from facts.errors import StorageError
from storage.warc import Damaged, complete_members, member_of, read_body, warcinfo_member

#: A file that reached this size is closed: what other tools of the field use and copy with ease.
FILE_BYTES = 1 << 30

ASIDE = "aside"
_NAME = re.compile(r"[0-9]{8}-[0-9]{4,}\.warc\.gz")
_SUFFIX = "*.warc.gz"
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcFolder:
    """The WARC files of one archive; safe to use from several threads."""

    path: Path
    file_bytes: int = FILE_BYTES
    _turn: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def appending(self, take_back: Callable[[Appender], None]) -> Iterator[Appender]:
        """Lend an appender around a transaction; when that fails, `take_back` is asked to cut what is uncommitted."""
        with self._turn:
            appender = Appender(folder=self.path, file_bytes=self.file_bytes)
            try:
                yield appender
            except BaseException:
                take_back(appender)
                raise

    def body(self, place: WarcPlace, url: str, body_digest: str) -> bytes:
        """Read a kept body back and check it.

        Raises:
            StorageError: file or bytes are missing, or are not what was kept.
        """
        try:
            return read_body(self._bytes(place), url, body_digest)
        except (OSError, Damaged) as error:
            msg = f"{self.path / place.file}, offset {place.offset}: {error}; restore the file from a backup"
            raise StorageError(msg) from error

    def _bytes(self, place: WarcPlace) -> bytes:
        if not _NAME.fullmatch(place.file):
            msg = "no name of a WARC file of ours"
            raise Damaged(msg)
        with (self.path / place.file).open("rb") as file:
            file.seek(place.offset)
            member = file.read(place.length)
        if len(member) != place.length:
            msg = "the file ends before the record does"
            raise Damaged(msg)
        return member

    def repair(self, ends: Mapping[str, int]) -> None:
        """Cut every file back to its last committed byte; `ends` says where that is, by file name.

        To be called while no other process can append, which is within a write transaction.
        """
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            for path in sorted(self.path.glob(_SUFFIX)):
                _cut(path, ends.get(path.name, 0))
        except OSError as error:
            msg = f"{error.filename or self.path}: {error.strerror}; check the owner and mode of the folder"
            raise StorageError(msg) from error


@dataclass(slots=True, kw_only=True)
class Appender:
    """Appends records, and remembers which files it touched in one transaction."""

    folder: Path
    file_bytes: int
    _touched: list[Path] = field(default_factory=list)

    def append(self, found: Sequence[Capture], now: datetime, committed: Callable[[str], int]) -> list[WarcPlace]:
        """Write records to the disk for good and return where they lie, in their order.

        `committed` says how many bytes of a file are committed; a file that holds others is not appended to.

        Raises:
            StorageError: the disk is full, or the folder cannot be written.
        """
        waiting = deque(member_of(capture, capture.body_digest) for capture in found)
        places: list[WarcPlace] = []
        while waiting:
            path, start = self._current(now, committed)
            raw = bytearray(b"" if start else warcinfo_member(path.name, now))
            # One at least, then as many as the file takes.
            for _ in range(len(waiting)):
                places.append(WarcPlace(file=path.name, offset=start + len(raw), length=len(waiting[0])))
                raw += waiting.popleft()
                if start + len(raw) >= self.file_bytes:
                    break
            self._write(path, bytes(raw))
        return places

    def _write(self, path: Path, raw: bytes) -> None:
        self._touched.append(path)
        try:
            _append(path, raw)
        except OSError as error:
            msg = f"{path}: the record could not be written ({error.strerror}); free some space or check the folder"
            raise StorageError(msg) from error

    def take_back(self, committed: Callable[[str], int]) -> None:
        """Cut every touched file back to its committed bytes; if even that fails, the next start does it.

        The database is asked anew, since an interrupt can fall between its commit and our hearing of it. To be called
        within a write transaction, so that no other process is between its append and its commit.
        """
        for path in self._touched:
            with suppress(OSError):
                end = committed(path.name)
                if _size(path) > end:
                    _truncate(path, end)

    def _current(self, now: datetime, committed: Callable[[str], int]) -> tuple[Path, int]:
        day = now.astimezone(UTC).strftime("%Y%m%d")
        paths = (self.folder / f"{day}-{number:04}.warc.gz" for number in count(1))
        return next(
            (path, size) for path in paths if (size := _size(path)) < self.file_bytes and size == committed(path.name)
        )


def _append(path: Path, raw: bytes) -> None:
    new = not path.exists()
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        view = memoryview(raw)
        while view:
            view = view[os.write(handle, view) :]
        os.fsync(handle)
    finally:
        os.close(handle)
    if new:
        _sync_folder(path.parent)


def _cut(path: Path, end: int) -> None:
    if end == 0 and not _ours(path):
        path.replace(_free_name(path, end))
    elif _size(path) > end or end == 0:
        _set_whole_records_aside(path, end)
        _truncate(path, end)
    # A file shorter than what was committed is damaged: that is told when its record is read; nothing is written to it.


def _ours(path: Path) -> bool:
    with path.open("rb") as file:
        return bool(_NAME.fullmatch(path.name)) and _GZIP.startswith(file.read(len(_GZIP)))


def _set_whole_records_aside(path: Path, end: int) -> None:
    with path.open("rb") as file:
        file.seek(end)
        members = list(complete_members(file))
        if all(is_warcinfo for _, is_warcinfo in members):
            return
        file.seek(end)
        with _free_name(path, end).open("xb") as copy:
            shutil.copyfileobj(file, copy)
            copy.truncate(members[-1][0] - end)
            copy.flush()
            os.fsync(copy.fileno())


def _free_name(path: Path, end: int) -> Path:
    aside = path.parent / ASIDE
    aside.mkdir(mode=0o700, exist_ok=True)
    stem = path.name.removesuffix(".warc.gz")
    names = (aside / f"{stem}-{end}-{number}.warc.gz" for number in count(1))
    return next(name for name in names if not name.exists())


def _truncate(path: Path, end: int) -> None:
    if end:
        os.truncate(path, end)
    else:
        path.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _sync_folder(folder: Path) -> None:
    # A new file is only safe once the folder that names it is.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
