"""A kind of channel that needs nothing."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Settings(BaseModel):
    """What its stanza takes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    width: int = 80


class Channel:
    """Nothing the loader calls."""
