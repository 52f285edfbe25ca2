"""What a mail server's answers and failures mean for a mail."""

from __future__ import annotations

from collections.abc import Mapping
from socket import gaierror

from aiosmtplib import SMTPAuthenticationError, SMTPException, SMTPResponseException

from alerts.delivery import ANSWER_LOST
from alerts.plain import line, shorten
from facts.errors import DeliveryError, DeliveryLater, DeliveryRefused

#: Reply codes from here up are permanent, those below ask to try again (RFC 5321, section 4.2.1).
PERMANENT = 500
_LAST_CODE = 599


def judge(channel: str, refusals: Mapping[str, tuple[int, str]], *, anybody: bool) -> DeliveryError | None:
    """Return what the recipients' refusals, code and words by address, mean for the mail; None when it is done.

    It is tried again while one of them may still be told, and refused when nobody was; `anybody` says one was.
    """
    waiting = {address: said for address, said in refusals.items() if said[0] < PERMANENT}
    if waiting:
        # One full mailbox must not keep the next mail from everybody else.
        return DeliveryLater(f"the server asks to wait for {_listed(waiting)}", channel=channel, only_this=anybody)
    if refusals and not anybody:
        msg = f"the server refuses every recipient: {_listed(refusals)}; correct `to`"
        return DeliveryRefused(msg, channel=channel)
    return None


def refused_receipt(message_id: str, refusals: Mapping[str, tuple[int, str]]) -> str:
    """Return the receipt: the Message-ID, and which recipients did not get the mail."""
    return f"{message_id}; not to {_listed(refusals)}" if refusals else message_id


def trouble(channel: str, error: SMTPException | OSError, *, sent: bool) -> DeliveryError:
    """Return what a failed dialogue means; `sent` says that the mail was on its way, so it may have arrived."""
    if isinstance(error, PermissionError):
        return DeliveryRefused(error.strerror or "not to be dialled", channel=channel)
    if isinstance(error, SMTPResponseException):
        return _answered(channel, error)
    if isinstance(error, OSError):
        if sent:
            msg = f"{ANSWER_LOST} ({type(error).__name__}); the mail may have arrived and is sent again"
            return DeliveryLater(msg, channel=channel, in_doubt=True)
        reason = "the host has no address" if isinstance(error, gaierror) else error.strerror or type(error).__name__
        return DeliveryLater(f"no connection ({reason})", channel=channel)
    said = shorten(line(str(error)), 200)
    msg = f"the server cannot do what is configured: {said}; see `starttls`, `username` and `port`"
    return DeliveryRefused(msg, channel=channel)


def _answered(channel: str, error: SMTPResponseException) -> DeliveryError:
    # The words of a failed login may repeat what was sent.
    secret = isinstance(error, SMTPAuthenticationError)
    words = "to the login; correct `username` and `password`" if secret else shorten(line(error.message), 200)
    kind = DeliveryRefused if PERMANENT <= error.code <= _LAST_CODE else DeliveryLater
    return kind(f"the server answered {error.code} {words}", channel=channel)


def _listed(refusals: Mapping[str, tuple[int, str]]) -> str:
    each = (f"{address} ({code} {shorten(line(words), 100)})" for address, (code, words) in refusals.items())
    return shorten(", ".join(each), 600)
