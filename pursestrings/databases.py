"""Database addresses: which are spoken, and where a relative file lies."""

from __future__ import annotations

from pathlib import Path

_SQLITE = "sqlite:///"


def absolute_url(url: str, folder: Path) -> str:
    """Return the database's URL with the path of the SQLite file made absolute from this folder.

    Raises:
        ValueError: "what is wrong; expected what", without the URL, which may hold a password.
    """
    file = url.removeprefix(_SQLITE)
    if file == url or not file or file.startswith(":"):
        problem = f'is not a database that is spoken here; expected a file, such as "{_SQLITE}data/pursestrings.db"'
        raise ValueError(problem)
    return f"{_SQLITE}{folder / file}"
