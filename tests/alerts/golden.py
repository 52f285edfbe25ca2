"""Saved renderings: what a person has looked at and found right."""

from __future__ import annotations

from pathlib import Path

SAMPLES = Path(__file__).parent / "samples"


def assert_golden(name: str, rendering: str) -> None:
    """Compare with the saved rendering; a new one is written and fails once, so that somebody looks at it."""
    path = SAMPLES / name
    if not path.exists():
        path.write_text(rendering, encoding="utf-8")
        msg = f"{name} was written: look at it, and run the test again"
        raise AssertionError(msg)

    assert path.read_text(encoding="utf-8") == rendering
