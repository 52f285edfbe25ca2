"""One service a data folder: two would write the same files and send everything twice."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from facts.errors import PursestringsError

LOCK_NAME = "pursestrings.lock"


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the data folder while the block runs; the system lets go of it however the process ends.

    Raises:
        PursestringsError: another process holds it, or it cannot be made or written to.
    """
    with _opened(folder) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = lock.read().strip() or "unknown"
            msg = (
                f"{folder} is in use by another pursestrings (process {holder}); stop it first, or name another folder"
            )
            raise PursestringsError(msg) from error
        lock.seek(0)
        lock.truncate()
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def _opened(folder: Path) -> TextIO:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return os.fdopen(os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600), "r+")
    except OSError as error:
        msg = f"{folder} cannot be written to: {error.strerror}; name another folder as bot.data"
        raise PursestringsError(msg) from error
