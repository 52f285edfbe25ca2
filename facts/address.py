"""The address rule: which addresses and URLs the bot may dial. Pure; spiders and alerts share it.

The networks are those of the IANA special-purpose registries (RFC 6890 and its updates). `ipaddress.is_global` is not
asked: its answer for NAT64, 6to4 and mapped addresses differs by Python version.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

SCHEMES = {"http": 80, "https": 443}

_REFUSED_V4 = tuple(
    (IPv4Network(network), reason)
    for network, reason in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared by a carrier (CGNAT)"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "a cloud platform's own service"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved for protocols"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)

_REFUSED_V6 = tuple(
    (IPv6Network(network), reason)
    for network, reason in (
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("::/96", "IPv4-compatible"),
        ("64:ff9b:1::/48", "NAT64 of a local network"),
        ("100::/64", "discard"),
        ("2001::/32", "Teredo"),
        ("2001:2::/48", "benchmarking"),
        ("2001:db8::/32", "documentation"),
        ("2001::/23", "reserved for protocols"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
        ("fc00::/7", "unique-local"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)

#: The one block of IPv6 that is handed out for use on the Internet.
_GLOBAL_UNICAST = IPv6Network("2000::/3")
#: The two ways to write an IPv4 address that a dual-stack or an IPv6-only machine really dials.
_MAPPED = IPv6Network("::ffff:0:0/96")
_NAT64 = IPv6Network("64:ff9b::/96")
#: The interface identifiers of ISATAP (RFC 5214, section 6.1), local and universal.
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})

# White space and control characters, which URL parsers drop or keep as they please.
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f-\xa0]")


def refusal(ip: str | Address, allow: Iterable[Network] = ()) -> str | None:
    """Return why this address may not be dialled, or None when it may.

    `allow` lifts the refusal for the networks in it. An address that carries an IPv4 address inside it (mapped, NAT64,
    ISATAP) is judged as that one; 6to4, Teredo and IPv4-compatible addresses are refused whatever they carry.

    Raises:
        ValueError: `ip` is not an address.
    """
    address = ip_address(ip) if isinstance(ip, str) else ip
    allowed = tuple(allow)
    if any(address.version == network.version and address in network for network in allowed):
        return None
    if isinstance(address, IPv4Address):
        return _named(address, _REFUSED_V4)
    inner = _dialled(address)
    if inner is not None:
        reason = refusal(inner, allowed)
        return None if reason is None else f"{address} stands for {reason}"
    return _refusal_v6(address, allowed)


def refusal_of_url(url: str, allow_ports: Collection[int] = (80, 443)) -> str | None:
    """Return why this URL may not be fetched by its looks alone, or None; its address is judged when it is dialled."""
    if _UNPRINTABLE.search(url):
        return "it holds white space or control characters"
    try:
        parts = urlsplit(url)
        port = parts.port
        host = parts.hostname
    except ValueError as error:
        return f"it is not a URL ({error})"
    if parts.scheme not in SCHEMES:
        return f"its scheme is {parts.scheme!r}; only http and https are spoken"
    if "@" in parts.netloc:
        return "it carries credentials"
    if not host or "\\" in parts.netloc:
        return "it names no host"
    port = SCHEMES[parts.scheme] if port is None else port
    return None if port in allow_ports else f"port {port} is not among allow_ports"


def _refusal_v6(address: IPv6Address, allow: tuple[Network, ...]) -> str | None:
    reason = _named(address, _REFUSED_V6)
    if reason is None and address not in _GLOBAL_UNICAST:
        return f"{address} is not global (reserved)"
    if reason is None and int(address) >> 32 & 0xFFFFFFFF in _ISATAP:
        inner = refusal(_low_bits(address), allow)
        return None if inner is None else f"{address} (ISATAP) stands for {inner}"
    return reason


def _named(address: Address, refused: Iterable[tuple[Network, str]]) -> str | None:
    for network, reason in refused:
        if address in network:
            return f"{address} is not global ({reason})"
    return None


def _dialled(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that dialling this one reaches, or None."""
    return _low_bits(address) if address in _MAPPED or address in _NAT64 else None


def _low_bits(address: IPv6Address) -> IPv4Address:
    return IPv4Address(int(address) & 0xFFFFFFFF)
