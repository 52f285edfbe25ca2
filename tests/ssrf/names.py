"""A name server on loopback that answers what an attacker's would: other addresses each time, mixed ones, aliases."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_address

#: What a name answers: addresses, or "=other.example" for an alias.
Zone = Callable[[str], Sequence[str]]

_HEAD = struct.Struct("!6H")
#: Kind, class, seconds it may be kept, length.
_RECORD = struct.Struct("!HHIH")
_A, _CNAME, _AAAA, _IN = 1, 5, 28, 1
#: A response, with authority, to a question that wanted recursion.
_FLAGS = 0x8580


def answer(question: bytes, zone: Zone) -> bytes:
    """Return the answer to one question; every record may be kept for no time at all."""
    labels, at = [], _HEAD.size
    while length := question[at]:
        labels.append(question[at + 1 : at + 1 + length].decode("latin-1"))
        at += 1 + length
    (kind,) = struct.unpack_from("!H", question, at + 1)
    name = ".".join(labels).lower()
    records = list(_records(name, kind, zone(name), zone))
    head = _HEAD.pack(*struct.unpack_from("!H", question), _FLAGS, 1, len(records), 0, 0)
    return head + question[_HEAD.size : at + 5] + b"".join(records)


def _records(name: str, kind: int, values: Sequence[str], zone: Zone) -> list[bytes]:
    found = []
    for value in values:
        if value.startswith("="):
            other = value[1:]
            found += [_record(name, _CNAME, _name(other)), *_records(other, kind, zone(other), zone)]
        elif kind == (_A if ip_address(value).version == 4 else _AAAA):
            found.append(_record(name, kind, ip_address(value).packed))
    return found


def _record(name: str, kind: int, data: bytes) -> bytes:
    return _name(name) + _RECORD.pack(kind, _IN, 0, len(data)) + data


def _name(name: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


@asynccontextmanager
async def open_names(zone: Zone) -> AsyncIterator[None]:
    """Answer on port 53 of loopback."""
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.setblocking(False)
        server.bind(("127.0.0.1", 53))

        def reply() -> None:
            question, asker = server.recvfrom(512)
            server.sendto(answer(question, zone), asker)

        loop.add_reader(server, reply)
        try:
            yield
        finally:
            loop.remove_reader(server)
