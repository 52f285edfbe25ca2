"""A kind of source."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class Paging(BaseModel):
    """A table within the stanza."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pages: int | str


class Settings(BaseModel):
    """What its stanza takes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    follow: bool = False
    #: A secret in each value of a table.
    headers: dict[str, SecretStr] = {}
    sections: tuple[str, ...] = ()
    paging: Paging | None = None
    limit: int = Field(default=10, ge=1)


class Spider:
    """Nothing the loader calls."""
