"""The tests of alerts.dialling."""

from __future__ import annotations

import asyncio
import socket
import ssl
from datetime import timedelta
from email.utils import format_datetime
from ipaddress import ip_network

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey

from alerts.dialling import CONNECT_TIMEOUT, DialRule, judge_status, seconds_named, trouble
from facts.errors import DeliveryLater, DeliveryRefused
from tests.alerts.material import LOOPBACK, NOW, corpus
from tests.rig.hook import FakeHook

STRICT = DialRule(channel="hook", allow_networks=(), allow_ports=(80, 443))


def info(ip: str, port: int = 443) -> tuple[int, int, int, str, tuple[str, int]]:
    """Return one resolved address."""
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    return (family, socket.SOCK_STREAM, 0, "", (ip, port))


@pytest.mark.parametrize("ip", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fe80::1%lo", "::ffff:127.0.0.1"])
def test_no_socket_for_a_private_address(ip: str) -> None:
    """What is not public is not dialled, and the operator reads how to allow it."""
    with pytest.raises(PermissionError, match=r"fetch\.allow_networks"):
        STRICT.open_socket(info(ip))


def test_no_socket_for_another_port() -> None:
    """A port that is not allowed is not dialled."""
    with pytest.raises(PermissionError, match=r"port 22 is not among fetch\.allow_ports"):
        STRICT.open_socket(info("192.0.78.9", 22))


def test_a_socket_for_what_is_allowed() -> None:
    """A network allowed by name is dialled."""
    rule = DialRule(channel="hook", allow_networks=(ip_network("10.0.0.0/8"),), allow_ports=(443,))

    with rule.open_socket(info("10.1.2.3")) as opened:
        assert opened.type == socket.SOCK_STREAM


async def test_S1_no_spelling_of_loopback_reaches_a_canary() -> None:
    """No spelling of a loopback or private host gets past the socket, by HTTP."""
    hosts = corpus("loopback-hosts.txt", 43).read_text(encoding="utf-8").splitlines()
    async with FakeHook() as canary:
        rule = DialRule(channel="hook", allow_networks=(), allow_ports=(canary.port,))
        async with rule.session(timeout=5) as session:
            for host in filter(None, hosts):
                with pytest.raises((aiohttp.ClientError, ValueError, UnicodeError)):
                    await session.get(f"http://{host}:{canary.port}/")

    assert len(hosts) >= 43
    assert canary.received == []


async def test_mail_dials_the_checked_address() -> None:
    """A name is resolved once, and the address that was checked is the one that is dialled."""
    async with FakeHook() as server:
        rule = DialRule(channel="mail", allow_networks=LOOPBACK, allow_ports=(server.port,))
        sock = await rule.dial("localhost", server.port)
        peer = sock.getpeername()
        sock.close()

        assert peer == ("127.0.0.1", server.port)
        with pytest.raises(PermissionError):
            await STRICT.dial("localhost", server.port)


async def test_dialling_nobody_says_so(unused_tcp_port: int) -> None:
    """A closed port and a name without address are connection failures."""
    rule = DialRule(channel="mail", allow_networks=LOOPBACK, allow_ports=(unused_tcp_port,))

    with pytest.raises(ConnectionRefusedError):
        await rule.dial("127.0.0.1", unused_tcp_port)


async def test_a_silent_address_outweighs_a_refused_one(monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int) -> None:
    """A name with one private address and one that does not answer is tried again, not refused for good."""

    async def both(*_: object, **__: object) -> list[object]:
        return [info("127.0.0.1", unused_tcp_port), info("10.0.0.1", unused_tcp_port)]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", both)
    rule = DialRule(channel="mail", allow_networks=LOOPBACK, allow_ports=(unused_tcp_port,))

    with pytest.raises(ConnectionRefusedError):
        await rule.dial("two.example", unused_tcp_port)


async def test_a_name_without_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """A resolver that returns nothing is a failure, not an endless wait."""

    async def nothing(*_: object, **__: object) -> list[object]:
        return []

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", nothing)

    with pytest.raises(OSError, match="has no address"):
        await STRICT.dial("nowhere.example", 443)


def test_a_url_is_checked_by_its_looks() -> None:
    """Scheme, credentials and port are refused before anything is dialled; the URL is not repeated."""
    for url in ("ftp://a.example/s3cret", "https://u:s3cret@a.example/", "https://a.example:8443/s3cret"):
        with pytest.raises(DeliveryRefused) as refused:
            STRICT.check_url(url)

        assert "s3cret" not in str(refused.value)
    STRICT.check_url("https://a.example/s3cret")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        *((status, None) for status in (200, 201, 202, 204)),
        *((status, DeliveryLater) for status in (408, 425, 429, 500, 502, 503, 504, 599)),
        *((status, DeliveryRefused) for status in (301, 302, 307, 308, 400, 401, 403, 404, 410, 413, 422)),
        (100, DeliveryRefused),
    ],
)
def test_statuses(status: int, kind: type[Exception] | None) -> None:
    """Every status means done, later or never."""
    judged = judge_status("hook", status, None, NOW)

    assert (type(judged) if judged else None) is kind


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        (" 120 ", 120.0),
        ("1000000000", 3600.0),
        ("9" * 400, 3600.0),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW + timedelta(days=9), usegmt=True), 3600.0),
        (format_datetime(NOW - timedelta(seconds=90), usegmt=True), None),
        ("0", None),
        ("-5", None),
        ("soon", None),
        ("٣", None),
        ("", None),
        (None, None),
        ("Fri, 04 Aug 2017 13:31:00", None),
        ("Fri, 99 Aug 99999 13:31:00 GMT", None),
    ],
)
def test_R6_retry_after(header: str | None, seconds: float | None) -> None:
    """A number or a date to come is followed, to an hour; everything else is left to the back-off."""
    assert seconds == seconds_named(header, NOW)


def test_troubles_before_and_after_the_connection() -> None:
    """Not connected: nothing was sent. Connected: the message may have arrived, and the words say so."""
    key = ConnectionKey("h", 443, True, True, None, None, None)
    before: list[aiohttp.ClientError | OSError] = [
        aiohttp.ClientConnectorCertificateError(key, ssl.CertificateError("self-signed")),
        aiohttp.ClientConnectorError(key, OSError("odd")),
        aiohttp.ConnectionTimeoutError("slow"),
    ]
    after: list[aiohttp.ClientError | OSError] = [
        aiohttp.ServerDisconnectedError(),
        TimeoutError(),
        ConnectionResetError(),
        aiohttp.ClientPayloadError(),
    ]

    assert isinstance(trouble("hook", aiohttp.InvalidURL("http://a..b")), DeliveryRefused)
    told = [trouble("hook", each) for each in (*before, *after)]
    assert [each.in_doubt for each in told if isinstance(each, DeliveryLater)] == [False] * len(before) + [True] * len(
        after
    )
    assert ["answer was lost" in str(each) for each in told] == [False] * len(before) + [True] * len(after)
    assert f"{CONNECT_TIMEOUT:.0f} seconds" in str(trouble("hook", before[2]))
