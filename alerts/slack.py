"""Slack: alerts and digests by `chat.postMessage` of the Web API."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import UTC, datetime

from aiohttp import ClientError, ClientHandlerType, ClientRequest, ClientResponse
from pydantic import BaseModel, ConfigDict, Field, SecretStr
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from alerts.blocks import Post, alert_post, bulletin_post
from alerts.delivery import ANSWER_LOST
from alerts.dialling import DialRule, agent, judge_status, trouble
from alerts.message import Bulletin, Message
from alerts.plain import line, shorten
from alerts.slack_codes import verdict
from facts.address import Network
from facts.errors import DeliveryLater


class Settings(BaseModel):
    """The stanza of a Slack channel."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    token: SecretStr
    #: "#name" or an id.
    channel: str = Field(min_length=1)
    base_url: str = "https://slack.com/api/"
    #: Seconds for the whole exchange; far less than the lease of a delivery that is being sent.
    timeout: float = Field(default=30.0, gt=0, le=90)


class Channel:
    """Posts as the bot whose token it holds; the receipt is "channel id:ts"."""

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
        self._client: AsyncWebClient | None = None

    async def send(self, message: Message) -> str:
        """Post one alert."""
        return await self._post(alert_post(message))

    async def send_bulletin(self, bulletin: Bulletin) -> str:
        """Post one digest."""
        return await self._post(bulletin_post(bulletin))

    async def close(self) -> None:
        """Close the HTTP session."""
        if self._client is not None and self._client.session is not None:
            await self._client.session.close()
        self._client = None

    async def _post(self, post: Post) -> str:
        self._rule.check_url(self._settings.base_url)
        try:
            answer = await self._connected().chat_postMessage(
                channel=self._settings.channel,
                text=post.text,
                blocks=list(post.blocks),
                metadata={"event_type": post.event_type, "event_payload": {"id": post.key}},
                unfurl_links=False,
                unfurl_media=False,
                link_names=False,
                parse="none",
            )
        except SlackApiError as error:
            raise verdict(self._name, str(error.response.get("error", ""))) from error
        except (ClientError, OSError) as error:
            raise trouble(self._name, error) from error
        return shorten(line(f"{answer.get('channel', '')}:{answer.get('ts', '')}"), 100)

    def _connected(self) -> AsyncWebClient:
        if self._client is None:
            client = AsyncWebClient(
                token=self._settings.token.get_secret_value(),
                base_url=self._settings.base_url,
                session=self._rule.session(timeout=self._settings.timeout, middlewares=(self._screen,)),
                # The outbox repeats a message; a handler here would repeat it without a record.
                retry_handlers=[],
                user_agent_prefix=self._agent,
            )
            # The client takes a proxy from the environment, which would hide the target from the address rule.
            client.proxy = None
            self._client = client
        return self._client

    async def _screen(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        """Stop what is no answer of Slack's API before its client, which trusts every answer, reads it."""
        answer = await handler(request)
        refused = judge_status(self._name, answer.status, answer.headers.get("Retry-After"), datetime.now(UTC))
        if refused is None and not _is_slack(await answer.read()):
            # A portal or a proxy in between may have passed the message on.
            msg = f"{ANSWER_LOST}: what came is no answer of Slack's API"
            refused = DeliveryLater(msg, channel=self._name, in_doubt=True)
        if refused is not None:
            answer.close()
            raise refused
        return answer


def _is_slack(body: bytes) -> bool:
    try:
        answer = json.loads(body)
    except ValueError:
        return False
    return isinstance(answer, dict) and isinstance(answer.get("ok"), bool)
