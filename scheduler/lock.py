"""One service a data folder: two would write the same files and send everything twice."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from facts.errors import PursestringsError

LOCK_NAME = "pursestrings.lock"
#: Seconds that a folder in use is waited for: of a process that was killed while it started a reader, that one holds
#: the lock until it is a program of its own.
PATIENCE = 1.0
_AGAIN = 0.02


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the data folder while the block runs; the system lets go of it however the process ends.

    Raises:
        PursestringsError: another process holds it, or it cannot be made or written to.
    """
    with _opened(folder) as lock:
        if not _taken(lock):
            holder = lock.read().strip() or "unknown"
            msg = (
                f"{folder} is in use by another pursestrings (process {holder}); stop it first, or name another folder"
            )
            raise PursestringsError(msg)
        lock.seek(0)
        lock.truncate()
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def _taken(lock: TextIO) -> bool:
    """Take the lock, soon or not at all."""
    ends_at = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= ends_at:
                return False
            threading.Event().wait(_AGAIN)
        else:
            return True


def _opened(folder: Path) -> TextIO:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return os.fdopen(os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600), "r+")
    except OSError as error:
        msg = f"{folder} cannot be written to: {error.strerror}; name another folder as bot.data"
        raise PursestringsError(msg) from error
