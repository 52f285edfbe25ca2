"""Servers on loopback that are no web sites: they reset, hang, talk nonsense, or show a certificate nobody trusts."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


def certificate(folder: Path, *, host: str = "127.0.0.1", days: int = 9) -> Path:
    """Write a key and a certificate that nobody vouches for, good from ten days ago to so many days from yesterday."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"rig {host} {days}")])
    yesterday = datetime.now(UTC) - timedelta(days=1)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(yesterday - timedelta(days=9)).not_valid_after(yesterday + timedelta(days=days))
    made = made.add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(host))]), critical=False)
    encoding = serialization.Encoding.PEM
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / f"certificate-{host}-{days}.pem"
    path.write_bytes(private + made.sign(key, hashes.SHA256()).public_bytes(encoding))
    return path


def serving(path: Path) -> ssl.SSLContext:
    """Return the server's side of a certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


@asynccontextmanager
async def open_odd_servers(*certificates: Path) -> AsyncIterator[dict[str, int]]:
    """Open servers that answer oddly; yields the port of each, and one that nobody listens on."""
    own, expired, other = map(serving, certificates)

    async def abort(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.transport.abort()

    async def junk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"220 mail.example ESMTP\r\n\r\n")
        writer.close()

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with AsyncExitStack() as stack:
        servers = {
            "reset": await asyncio.start_server(abort, "127.0.0.1", 0),
            "junk": await asyncio.start_server(junk, "127.0.0.1", 0),
            "hang": await asyncio.start_server(hang, "127.0.0.1", 0),
            "own": await asyncio.start_server(hang, "127.0.0.1", 0, ssl=own),
            "expired": await asyncio.start_server(hang, "127.0.0.1", 0, ssl=expired),
            "other": await asyncio.start_server(hang, "127.0.0.1", 0, ssl=other),
            "closed": await asyncio.start_server(hang, "127.0.0.1", 0),
        }
        for server in servers.values():
            stack.callback(server.close)
        ports = {name: server.sockets[0].getsockname()[1] for name, server in servers.items()}
        servers["closed"].close()
        yield ports
