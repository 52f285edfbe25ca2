"""The address rule: every block that is not the open Internet, in every dress."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facts.address import refusal, refusal_of_url

LOOPBACK = (ip_network("127.0.0.0/8"),)

REFUSED = {
    "0.0.0.0": "this network",
    "0.1.2.3": "this network",
    "10.0.0.1": "private",
    "100.64.0.1": "CGNAT",
    "100.127.255.255": "CGNAT",
    "127.0.0.1": "loopback",
    "127.255.255.254": "loopback",
    "168.63.129.16": "cloud",
    "169.254.169.254": "link-local",
    "172.16.0.1": "private",
    "172.31.255.255": "private",
    "192.0.0.192": "protocols",
    "192.0.2.1": "documentation",
    "192.88.99.1": "6to4 relay",
    "192.168.1.1": "private",
    "198.18.0.1": "benchmarking",
    "198.19.255.255": "benchmarking",
    "198.51.100.1": "documentation",
    "203.0.113.1": "documentation",
    "224.0.0.1": "multicast",
    "239.255.255.250": "multicast",
    "240.0.0.1": "reserved",
    "255.255.255.255": "reserved",
    "::": "unspecified",
    "::1": "loopback",
    "::7f00:1": "IPv4-compatible",
    "::808:808": "IPv4-compatible",
    "::ffff:127.0.0.1": "stands for 127.0.0.1 is not global",
    "::ffff:10.1.2.3": "private",
    "64:ff9b::7f00:1": "stands for 127.0.0.1",
    "64:ff9b::a9fe:a9fe": "link-local",
    "64:ff9b:1::808:808": "NAT64 of a local network",
    "64:ff9b:2::1": "reserved",
    "100::1": "discard",
    "2001::1": "Teredo",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2": "Teredo",
    "2001:2::1": "benchmarking",
    "2001:10::1": "protocols",
    "2001:20::1": "protocols",
    "2001:db8::1": "documentation",
    "2002:7f00:1::": "6to4",
    "2002:808:808::1": "6to4",
    "3fff::1": "documentation",
    "4000::1": "reserved",
    "5f00::1": "reserved",
    "fc00::1": "unique-local",
    "fd00:ec2::254": "unique-local",
    "fe80::1": "link-local",
    "fe80::1%eth0": "link-local",
    "fec0::1": "site-local",
    "ff02::1": "multicast",
    "2a00:1450:4001::5efe:7f00:1": "ISATAP",
    "2a00:1450:4001::200:5efe:10.0.0.1": "ISATAP",
}
OPEN = (
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.1",
    "126.255.255.255",
    "128.0.0.1",
    "149.101.1.1",
    "172.15.255.255",
    "172.32.0.1",
    "192.0.1.1",
    "198.17.255.255",
    "198.20.0.1",
    "223.255.255.255",
    "2606:4700::1111",
    "2a00:1450:4001:830::200e",
    "2001:200::1",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2a00:1450:4001::5efe:808:808",
)


@pytest.mark.parametrize(("address", "reason"), REFUSED.items())
def test_what_is_not_global_is_refused(address: str, reason: str) -> None:
    """Every block of the special-purpose registries, and what stands for an address of one."""
    assert reason in (refusal(address) or "allowed")


@pytest.mark.parametrize("address", OPEN)
def test_the_open_internet_may_be_dialled(address: str) -> None:
    """The neighbours of each block are free."""
    assert refusal(address) is None


@given(st.ip_addresses(v=4))
@settings(max_examples=300)
def test_what_stands_for_an_address_is_judged_as_that_address(inner: IPv4Address) -> None:
    """A mapped or NAT64 address is refused exactly when the one inside it is, and so is an ISATAP one."""
    refused = refusal(inner) is not None
    for prefix in (0xFFFF << 32, 0x64FF9B << 96, (0x2A001450 << 96) | (0x5EFE << 32)):
        assert refused == (refusal(IPv6Address(prefix | int(inner))) is not None)


@given(st.ip_addresses())
@settings(max_examples=300)
def test_the_rule_never_allows_what_python_calls_private(address: IPv4Address | IPv6Address) -> None:
    """Whatever `ipaddress` calls private, loopback, link-local, multicast or reserved is refused."""
    if address.is_private or address.is_loopback or address.is_link_local or address.is_multicast:
        assert refusal(address) is not None


def test_an_allowed_network_lifts_the_refusal() -> None:
    """For its own addresses, and for what stands for them; for nothing else."""
    assert refusal("127.0.0.1", LOOPBACK) is None
    assert refusal("::ffff:127.0.0.1", LOOPBACK) is None
    assert refusal("64:ff9b::7f00:1", LOOPBACK) is None
    assert refusal("::1", LOOPBACK) is not None
    assert refusal("10.0.0.1", LOOPBACK) is not None
    assert refusal("2002:7f00:1::", LOOPBACK) is not None
    assert refusal("2002:7f00:1::", (ip_network("2002::/16"),)) is None
    assert refusal("fd00::7", (*LOOPBACK, ip_network("fd00::/8"))) is None


def test_what_is_no_address_is_a_bug() -> None:
    """A name is not an address."""
    with pytest.raises(ValueError, match="localhost"):
        refusal("localhost")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://example.org/", "only http and https"),
        ("file:///etc/hostname", "only http and https"),
        ("data:text/html,x", "only http and https"),
        ("javascript:alert(1)", "only http and https"),
        ("//example.org/", "only http and https"),
        ("", "only http and https"),
        ("https://user@example.org/", "credentials"),
        ("https://user:pw@example.org/", "credentials"),
        ("http://127.0.0.1:80\\@example.org/", "credentials"),
        ("http://exa\\mple.org/", "no host"),
        ("http:///path", "no host"),
        ("http://example.org:8080/", "port 8080"),
        ("http://example.org:0/", "port 0"),
        ("http://example.org:99999/", "not a URL"),
        ("http://example.org:x/", "not a URL"),
        ("http://[::1/", "not a URL"),
        ("http://exam ple.org/", "white space"),
        ("ht\ntp://example.org/", "white space"),
        ("http://example.org/\x00", "control"),
    ],
)
def test_a_url_is_refused_by_its_looks(url: str, reason: str) -> None:
    """Schemes, credentials, ports, and what two parsers would read differently."""
    assert reason in (refusal_of_url(url) or "allowed")


@pytest.mark.parametrize("url", ["http://example.org", "HTTPS://example.org:443/a?b#c", "http://[2606:4700::1]/"])
def test_an_ordinary_url_passes(url: str) -> None:
    """With the default ports."""
    assert refusal_of_url(url) is None


def test_ports_are_the_operators_choice() -> None:
    """A port is allowed when it is listed, and only then."""
    assert refusal_of_url("http://example.org:8080/", (8080,)) is None
    assert refusal_of_url("http://example.org/", (8080,)) is not None


@given(st.text(max_size=60))
@settings(max_examples=300)
def test_no_text_breaks_the_rule_for_urls(text: str) -> None:
    """Any text gets an answer."""
    for url in (text, f"http://{text}", f"https://example.org:{text}/"):
        assert isinstance(refusal_of_url(url), str | None)
