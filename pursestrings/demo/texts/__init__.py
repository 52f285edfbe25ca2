"""The demo's texts, one file a site; all sentences, officials and newspapers are invented."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from importlib import resources
from typing import Any, Final

from pursestrings.demo import markup
from pursestrings.demo.ordinary import ordinary_releases
from pursestrings.demo.publication import Kind, Publication
from pursestrings.demo.world import World

_START: Final = datetime(2017, 8, 1, 12, tzinfo=UTC)
_END: Final = datetime(2017, 8, 22, tzinfo=UTC)
_SITES: Final = ("doj", "sandia-courier", "harbor-ledger", "channel-times", "arrowhead-inquirer", "cities")
#: What a site publishes when a piece does not say.
_KINDS: Final = {"doj": Kind.RELEASE}


def load_world() -> World:
    """Return the invented August: what was there when it starts, and what appears until it ends."""
    pieces = tuple(each for site in _SITES for each in _pieces(site))
    return World(publications=pieces + ordinary_releases(_read("doj-ordinary"), _START, _END), start=_START, end=_END)


def read_bytes(name: str) -> bytes:
    """Return one file of this folder."""
    return resources.files(__name__).joinpath(name).read_bytes()


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(read_bytes(f"{name}.toml").decode())


def _pieces(name: str) -> list[Publication]:
    table = _read(name)
    rows = {row["key"]: {"site": table["site"], **row} for row in table["piece"]}
    return [_publication(row, rows) for row in rows.values()]


def _publication(row: dict[str, Any], rows: dict[str, dict[str, Any]]) -> Publication:
    # A copy carries the original's text below a first paragraph of its own.
    original = rows[row["copy_of"]] if "copy_of" in row else row
    text = "\n\n".join((row.get("first", ""), original.get("text", "")))
    return Publication(
        key=row["key"],
        site=row["site"],
        path=row["path"],
        kind=Kind(row["kind"]) if "kind" in row else _KINDS.get(row["site"], Kind.ARTICLE),
        at=row["at"].astimezone(UTC),
        title=row["title"],
        paragraphs=markup.paragraphs(text),
        summary=row.get("summary", ""),
        author=row.get("author", ""),
        section=row.get("section", ""),
        attachments=tuple(row.get("attachments", ())),
        number=row.get("number", ""),
        components=tuple(row.get("components", ())),
        dated=row["dated"].astimezone(UTC) if "dated" in row else None,
        body=read_bytes(row["file"]) if "file" in row else b"",
    )
