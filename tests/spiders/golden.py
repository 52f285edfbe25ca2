"""Harvests as JSON, compared with what was saved and reviewed."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from facts.visit import Harvest

SAMPLES = Path(__file__).parent / "samples"


def as_json(harvest: Harvest, base: str) -> dict[str, Any]:
    """Return what a harvest says; the site's address, which changes from run to run, becomes http://site."""

    def plain(value: object) -> object:
        return f"<{len(value)} bytes>" if isinstance(value, bytes) else str(value)

    said = asdict(harvest)
    for document in said["documents"]:
        document["capture"] = {name: document["capture"][name] for name in ("url", "status", "media_type", "body")}
    text = json.dumps({name: said[name] for name in ("documents", "links", "warnings")}, default=plain)
    loaded: dict[str, Any] = json.loads(text.replace(base, "http://site"))
    return loaded


def saved(name: str, actual: dict[str, Any]) -> dict[str, Any]:
    """Return the saved JSON; where there is none yet, the actual one is written for a person to review."""
    path = SAMPLES / f"{name}.golden.json"
    if not path.exists():
        path.write_text(json.dumps(actual, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        msg = f"{path.name} was written: review it and run again"
        raise AssertionError(msg)
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def sample(name: str) -> bytes:
    """Return a saved sample."""
    return (SAMPLES / name).read_bytes()
