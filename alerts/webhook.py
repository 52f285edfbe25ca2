"""Webhook: each alert as one JSON POST to an address of the newsroom's own."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from aiohttp import ClientError, ClientSession
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from alerts.dialling import DialRule, agent, judge_status, trouble
from alerts.message import Bulletin, Message
from alerts.payload import bulletin_payload, payload
from facts.address import Network

#: The signature of the body as it was sent: "sha256=" and the HMAC in hex, keyed with the channel's secret.
SIGNATURE_HEADER = "X-Pursestrings-Signature"
#: The alert's or digest's id, the same at every try, so that the receiver recognises a repeat.
IDEMPOTENCY_HEADER = "Idempotency-Key"


class Settings(BaseModel):
    """The stanza of a webhook; the address often holds a token, so it is never shown."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    url: str = Field(repr=False)
    #: Signs every body when given.
    secret: SecretStr | None = None
    #: Seconds for the whole exchange; far less than the lease of a delivery that is being sent.
    timeout: float = Field(default=30.0, gt=0, le=90)

    @field_validator("url", mode="before")
    @classmethod
    def _from_environment(cls, value: object) -> object:
        return value.get_secret_value() if isinstance(value, SecretStr) else value


class Channel:
    """Posts JSON; the receipt is the status of the answer."""

    def __init__(
        self,
        *,
        name: str,
        settings: Settings,
        allow_networks: tuple[Network, ...] = (),
        allow_ports: Collection[int] = (80, 443),
        bot_name: str = "Pursestrings",
    ) -> None:
        self._name = name
        self._settings = settings
        self._rule = DialRule(channel=name, allow_networks=allow_networks, allow_ports=allow_ports)
        self._agent = agent(bot_name)
        self._session: ClientSession | None = None

    async def send(self, message: Message) -> str:
        """Post one alert."""
        return await self._post(message.alert_id, payload(message))

    async def send_bulletin(self, bulletin: Bulletin) -> str:
        """Post one digest."""
        return await self._post(bulletin.message_id, bulletin_payload(bulletin))

    async def close(self) -> None:
        """Close the HTTP session."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _post(self, key: str, values: dict[str, Any]) -> str:
        self._rule.check_url(self._settings.url)
        body = json.dumps(values, ensure_ascii=False).encode()
        if self._session is None:
            self._session = self._rule.session(timeout=self._settings.timeout)
        try:
            async with self._session.post(
                self._settings.url, data=body, headers=self._headers(key, body), allow_redirects=False
            ) as answer:
                refused = judge_status(self._name, answer.status, answer.headers.get("Retry-After"), datetime.now(UTC))
        except (ClientError, OSError) as error:
            # aiohttp's errors can print the URL, which may be a secret.
            raise trouble(self._name, error) from None
        if refused:
            raise refused
        return f"HTTP {answer.status}"

    def _headers(self, key: str, body: bytes) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "User-Agent": self._agent, IDEMPOTENCY_HEADER: key}
        if self._settings.secret is not None:
            secret = self._settings.secret.get_secret_value().encode()
            headers[SIGNATURE_HEADER] = "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()
        return headers
