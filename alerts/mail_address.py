"""Which mail addresses and mail hosts a configuration may name."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

#: A host name, or an IP address.
HOST_PATTERN = r"^(?:(?:[A-Za-z0-9_-]{1,63}\.)*[A-Za-z0-9_-]{1,63}\.?|[0-9A-Fa-f:]+)$"

# The dot-atom of RFC 5322 at a host name: nothing in it can end a header or an SMTP command.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(\.{_ATOM})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


def is_address(value: str) -> bool:
    """Return whether this is a bare address such as desk@example.org: no name, no brackets, ASCII."""
    return _ADDRESS.fullmatch(value) is not None


def _bare(value: str) -> str:
    if not is_address(value):
        msg = "must be a bare address like desk@example.org"
        raise ValueError(msg)
    return value


#: A setting that holds one address.
MailAddress = Annotated[str, AfterValidator(_bare)]
