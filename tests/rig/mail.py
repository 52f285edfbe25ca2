"""A mail server on loopback that does as it is told and keeps a ledger of what it took."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One mail as the server took it."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def mail(self) -> EmailMessage:
        """The mail as a reader's program understands it."""
        return message_from_bytes(self.content, policy=policy.default)


class FakeMail:
    """An SMTP server in the test's own loop.

    `refuse` holds answers by recipient, `after_data` those to the next mails ("drop": the connection ends instead).
    """

    def __init__(self, *, login: tuple[str, str] | None = None, greeting: str = "", silent: bool = False) -> None:
        self._login = login
        self._silent = silent
        self._server: asyncio.Server | None = None
        self.port = 0
        self.greeting = greeting
        self.refuse: dict[str, str] = {}
        self.after_data: deque[str] = deque()
        self.taken: list[Taken] = []
        self.sessions = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.get_running_loop().create_server(
            asyncio.Protocol if self._silent else self._session, "127.0.0.1", 0
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()

    def _session(self) -> SMTP:
        return SMTP(
            self,
            hostname="mail.rig",
            authenticator=self._authenticate if self._login else None,
            auth_require_tls=False,
        )

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Count the session, or turn it away."""
        del server, envelope
        self.sessions += 1
        session.host_name = hostname
        return [self.greeting] if self.greeting else responses

    async def handle_HELO(self, server: SMTP, session: Session, envelope: Envelope, hostname: str) -> str:
        """Greet, or turn away, a client that tried EHLO before."""
        del server, envelope
        session.host_name = hostname
        return self.greeting or "250 mail.rig"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take or refuse a recipient."""
        del server, session, options
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take or refuse a mail; a dropped connection comes after the mail was taken."""
        del session
        answer = self.after_data.popleft() if self.after_data else "250 OK"
        if answer[0] in "2d":
            content = envelope.original_content or b""
            recipients = tuple(envelope.rcpt_tos)
            self.taken.append(Taken(sender=envelope.mail_from or "", recipients=recipients, content=content))
        if answer == "drop":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            return "250 never seen"
        return answer

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        del server, session, envelope, mechanism
        given = (data.login.decode(), data.password.decode()) if isinstance(data, LoginPassword) else None
        return AuthResult(success=given == self._login, handled=False)
