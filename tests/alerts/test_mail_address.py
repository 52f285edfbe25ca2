"""The tests of alerts.mail_address."""

from __future__ import annotations

from email.headerregistry import Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.mail_address import is_address


@pytest.mark.parametrize("value", ["a@b", "desk@example.org", "first.last+tag@sub.example.org", "o'neil@example.org"])
def test_bare_addresses(value: str) -> None:
    """Addresses as newsrooms have them."""
    assert is_address(value)


@pytest.mark.parametrize(
    "value", ["", "a", "@b", "a@", "a b@c", "a..b@c", ".a@b", "a@b..c", "A <a@b>", "a@b,c@d", "a@b\n", '"a b"@c', "ü@b"]
)
def test_what_is_no_bare_address(value: str) -> None:
    """Names, lists, quotes and anything with white space are none."""
    assert not is_address(value)


@given(st.from_regex(r"[!-~]{1,12}@[!-~]{1,12}", fullmatch=True))
def test_every_bare_address_can_head_a_mail(value: str) -> None:
    """What passes is an address to the library that writes the header, and is the same to it."""
    if is_address(value):
        assert value == Address(addr_spec=value).addr_spec
