"""A kind of channel that needs secrets."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator


class Settings(BaseModel):
    """What its stanza takes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    token: SecretStr
    second: SecretStr | None = None
    sender: str = Field(default="", alias="from")
    #: May hold a token, so it keeps out of the repr.
    url: str = Field(default="", repr=False)

    @field_validator("token")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() == "refused-token":
            message = f"bad token {value.get_secret_value()}"
            raise ValueError(message)
        return value


class Channel:
    """Nothing the loader calls."""
