"""E-mail: alerts and digests as mails with a text and an HTML part, by SMTP."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Collection
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Literal

import aiosmtplib
from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from alerts.dialling import DialRule
from alerts.mail import Draft, alert_draft, bulletin_draft, mail
from alerts.mail_address import HOST_PATTERN, MailAddress, is_address
from alerts.message import Bulletin, Message
from alerts.smtp_answers import judge, refused_receipt, trouble
from facts.address import Network
from facts.errors import DeliveryLater, DeliveryRefused

#: Submission and its elders (RFC 8314, RFC 6409, RFC 5321), and the port that hosts offer where those are blocked.
MAIL_PORTS = frozenset({25, 465, 587, 2525})
_IMPLICIT_TLS = 465
# Seconds for one command; also what a server that went silent costs at the farewell.
_STEP_TIMEOUT = 20.0


class Settings(BaseModel):
    """The stanza of a mail channel."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    host: str = Field(pattern=HOST_PATTERN, max_length=253)
    #: 465 means TLS from the first byte.
    port: int = Field(default=587, ge=1, le=65535)
    #: "auto" upgrades when the server can, and must upgrade before a password is sent.
    starttls: Literal["auto", "always", "never"] = "auto"
    username: str | None = None
    password: SecretStr | None = None
    sender: MailAddress = Field(alias="from")
    to: tuple[MailAddress, ...] = ()
    #: Seconds for the whole exchange; far less than the lease of a delivery that is being sent.
    timeout: float = Field(default=60.0, gt=0, le=90)

    @model_validator(mode="after")
    def _whole_login(self) -> Settings:
        if (self.username is None) != (self.password is None):
            msg = "username and password belong together: give both or neither"
            raise ValueError(msg)
        return self


class Channel:
    """Mails each alert and digest; the receipt is the Message-ID, and who was refused."""

    def __init__(
        self,
        *,
        name: str,
        settings: Settings,
        allow_networks: tuple[Network, ...] = (),
        allow_ports: Collection[int] = (),
        bot_name: str = "Pursestrings",
    ) -> None:
        self._name = name
        self._settings = settings
        self._bot_name = bot_name
        self._rule = DialRule(
            channel=name, allow_networks=allow_networks, allow_ports=MAIL_PORTS | frozenset(allow_ports)
        )
        #: Who has which mail already, while others of its recipients are still to be tried.
        self._told: dict[str, frozenset[str]] = {}

    async def send(self, message: Message) -> str:
        """Mail one alert to the channel's recipients."""
        return await self._send(alert_draft(message), self._settings.to)

    async def send_bulletin(self, bulletin: Bulletin) -> str:
        """Mail one digest to its recipients, or to the channel's."""
        return await self._send(bulletin_draft(bulletin), bulletin.to or self._settings.to)

    async def close(self) -> None:
        """Nothing is held: each mail has its own connection."""

    async def _send(self, draft: Draft, to: tuple[str, ...]) -> str:
        if not to or not all(is_address(address) for address in to):
            msg = "no recipient, or one that is no bare address; correct `to` of the channel or the digest"
            raise DeliveryRefused(msg, channel=self._name)
        letter = mail(draft, sender=self._settings.sender, bot_name=self._bot_name, to=to, now=datetime.now(UTC))
        told = self._told.pop(draft.key, frozenset())
        waiting = [address for address in dict.fromkeys(to) if address not in told]
        refusals = await self._deliver(letter, waiting) if waiting else {}
        told |= set(waiting) - set(refusals)
        verdict = judge(self._name, refusals, anybody=bool(told))
        if isinstance(verdict, DeliveryLater):
            self._told[draft.key] = told
        if verdict is not None:
            raise verdict
        return refused_receipt(str(letter["Message-ID"]), refusals)

    async def _deliver(self, letter: EmailMessage, to: list[str]) -> dict[str, tuple[int, str]]:
        """Hand the mail to the server; return whom it refused, each with its code and words."""
        sent = False
        try:
            async with asyncio.timeout(self._settings.timeout), await self._connected() as server:
                if self._settings.username is not None and self._settings.password is not None:
                    await server.login(self._settings.username, self._settings.password.get_secret_value())
                sent = True
                refusals, _ = await server.send_message(letter, sender=self._settings.sender, recipients=to)
        except aiosmtplib.SMTPRecipientsRefused as error:
            return {each.recipient: (each.code, each.message) for each in error.recipients}
        except (aiosmtplib.SMTPException, OSError) as error:
            # Not chained where a log would print the dialogue, which can hold the password.
            raise trouble(self._name, error, sent=sent) from None
        return {address: (answer.code, answer.message) for address, answer in refusals.items()}

    async def _connected(self) -> aiosmtplib.SMTP:
        settings = self._settings
        implicit = settings.port == _IMPLICIT_TLS
        must = settings.starttls == "always" or (settings.starttls == "auto" and settings.password is not None)
        sock = await self._rule.dial(settings.host, settings.port)
        return aiosmtplib.SMTP(
            hostname=settings.host,
            sock=sock,
            local_hostname=_address_literal(sock),
            timeout=min(settings.timeout, _STEP_TIMEOUT),
            use_tls=implicit,
            start_tls=False if implicit or settings.starttls == "never" else (True if must else None),
        )


def _address_literal(sock: socket.socket) -> str:
    """Return this machine's address as EHLO takes it (RFC 5321, section 4.1.3); a look-up of its name can hang."""
    own = sock.getsockname()[0]
    return f"[IPv6:{own}]" if ":" in own else f"[{own}]"
