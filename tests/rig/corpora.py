"""The outside corpora: where they lie, and what is packed in them. Imports nothing of ours: fuzzers start with it."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

CORPORA = Path(os.environ.get("PURSESTRINGS_CORPORA") or Path(__file__).parents[3] / "shared" / "corpora")


def members(path: Path) -> Iterator[bytes]:
    """Yield the files of an archive."""
    with tarfile.open(path) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            if file is not None:
                yield file.read()
