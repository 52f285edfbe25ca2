"""A newsroom in a process of its own, so that its memory can be measured: many bad sources beside the good one.

Run as `python -m tests.heavy.room`; for bombs, and then for what is too long, it prints what became of each source and
its own peak of memory until then, as JSON.
"""

from __future__ import annotations

import asyncio
import gzip
import importlib
import json
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import brotli  # type: ignore[import-untyped]  # it ships no stubs

from facts.visit import Outcome
from tests.rig.newsroom import Newsroom, Sites, as_feed, item, open_sites, rss
from tests.rig.site import Reply

zstd = importlib.import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")

MIB = 1024 * 1024
#: Inflated, in MiB.
BOMB = 900
_ZEROS = bytes(MIB)
_PDF = (("Content-Type", "application/pdf"),)


def deflated(wbits: int) -> Iterator[bytes]:
    """Yield a bomb of gzip or deflate in a thousandth of its size: one packed piece, again and again."""
    packer = zlib.compressobj(9, wbits=wbits)
    yield packer.compress(_ZEROS) + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(_ZEROS) + packer.flush(zlib.Z_FULL_FLUSH)
    for _ in range(BOMB - 1):
        yield piece
    yield packer.flush()


def brotlied(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what is packed by brotli."""
    packer = brotli.Compressor(quality=3)
    for piece in pieces:
        yield packer.process(piece)
    yield packer.finish()


def zstandard(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what is packed by zstd."""
    packer = zstd.ZstdCompressor(level=1)
    for piece in pieces:
        yield packer.compress(piece)
    yield packer.flush()


@cache
def brotli_bomb() -> bytes:
    """Return 900 MiB in a thousand bytes or two."""
    return b"".join(brotlied(_ZEROS for _ in range(BOMB)))


def gzipped() -> bytes:
    """Return the bomb in gzip, 0.9 MB."""
    return b"".join(deflated(31))


def encoded(names: str, body: bytes | Callable[[], Iterable[bytes]]) -> Reply:
    """Return a body that names its encodings."""
    made = body if isinstance(body, bytes) else b"".join(body())
    feed = as_feed(made)
    return replace(feed, headers=(*feed.headers, ("Content-Encoding", names)))


def bombs() -> dict[str, Reply]:
    """Return what is cut, refused or read, by name."""
    small = rss(item("Choir", "The choir sings on Sunday.", "http://127.0.0.1/choir"))
    packed, bomb = gzip.compress(small), gzipped()
    twice = gzip.compress(bomb)
    return {
        "cut-gzip": encoded("gzip", bomb),
        "cut-x-gzip": encoded("x-gzip", bomb),
        "cut-deflate": encoded("deflate", lambda: deflated(15)),
        "cut-raw-deflate": encoded("deflate", lambda: deflated(-15)),
        "cut-br": encoded("br", brotli_bomb()),
        "cut-zstd": encoded("zstd", lambda: zstandard(_ZEROS for _ in range(BOMB))),
        "cut-gzip-twice": encoded("gzip, gzip", twice),
        "cut-gzip-thrice": encoded("gzip, gzip, gzip", gzip.compress(twice)),
        "cut-gzip-in-br": encoded("gzip, br", lambda: brotlied([bomb])),
        "cut-gzip-in-zstd": encoded("gzip, zstd", lambda: zstandard([bomb])),
        "refused-four-layers": encoded("gzip, gzip, gzip, gzip", gzip.compress(gzip.compress(twice))),
        "refused-plain-as-gzip": encoded("gzip", small),
        "refused-gzip-as-br": encoded("br", packed),
        "refused-br-as-zstd": encoded("zstd", lambda: brotlied([small])),
        "refused-half-of-a-gzip": encoded("gzip", packed[: len(packed) // 2]),
        "refused-unknown": encoded("compress", small),
        "refused-junk-before": encoded("gzip", b"junk" + packed),
        "refused-many-empty-members": encoded("gzip", gzip.compress(b"") * 5_000),
        "refused-empty-frames": encoded("zstd", zstd.compress(b"") * 50_000),
        "read-junk-behind": encoded("gzip", packed + b"junk" * 1000),
        "read-zeros-behind": encoded("gzip", packed + bytes(4000)),
        "read-members": encoded("gzip", gzip.compress(small[:50]) + gzip.compress(small[50:])),
        "read-wrong-case": encoded("GZIP", packed),
    }


def bodies() -> dict[str, Reply]:
    """Return answers that are too long in one way or another, by name."""
    piece = b"x" * 65536
    small = rss(item("Choir", "The choir sings on Sunday.", "http://127.0.0.1/choir"))
    longer = as_feed(small)
    return {
        "cut-over-the-cap": as_feed(b"", stream=lambda: (b" " * MIB, b" " * MIB, b" " * MIB, b" " * MIB, b" ")),
        "cut-endless-chunks": as_feed(b"", stream=lambda: (piece for _ in range(100_000))),
        "cut-tiny-chunks": as_feed(b"", stream=lambda: (b"x" * 199 for _ in range(30_000))),
        "headers-long-together": replace(longer, headers=(("X", "x" * 30_000),) * 10),
        "lying-length-beyond-the-cap": replace(longer, headers=(("Content-Length", str(10**15)),)),
        "lying-length-too-long": replace(longer, headers=(("Content-Length", str(MIB)),), reset_after=len(small)),
        "lying-length-negative": replace(longer, headers=(("Content-Length", "-1"),)),
        "lying-length-no-number": replace(longer, headers=(("Content-Length", "many"),)),
    }


def followed(site_url: Callable[[str], str]) -> dict[str, Reply]:
    """Return pages and letters that are too long: the reply of each is behind the link of a feed."""
    page = (("Content-Type", "text/html"),)
    return {
        site_url("/page"): Reply(headers=page, stream=lambda: (b"<p>x" * 16384 for _ in range(17 * 16))),
        site_url("/bomb"): Reply(headers=(*page, ("Content-Encoding", "br")), body=brotli_bomb()),
        site_url("/letter.pdf"): Reply(headers=_PDF, stream=lambda: (bytes(65536) for _ in range(200 * 16))),
        # As long as a letter may be: it is read, and found to be none.
        site_url("/whole.pdf"): Reply(headers=_PDF, stream=lambda: (b"%PDF-1.7" * 8192 for _ in range(50 * 16))),
    }


async def long_headers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer with 10 MB of headers, made while they are sent: in one of them, or in lines of a kilobyte."""
    with suppress(ConnectionError):
        asked = await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nX: ")
        for _ in range(10_000):
            writer.write(b"x" * 1000 if b"/one" in asked else b"x" * 995 + b"\r\nX: ")
            await writer.drain()
        writer.write(b"\r\n\r\n")
    writer.close()


async def play(sites: Sites, replies: Mapping[str, Reply | str], links: Mapping[str, Reply]) -> dict[str, Any]:
    """Look at all of them twice, the second time beside a letter of the good source."""
    stanzas = []
    for number, (name, reply) in enumerate(replies.items()):
        url = reply if isinstance(reply, str) else sites.bad.serve(f"/{number}", reply)
        stanzas.append(f'[sources.{name}]\nspider = "feed"\nurl = "{url}"\nevery = "30m"\n')
    if links:
        for url, reply in links.items():
            sites.bad.serve(url.removeprefix(sites.bad.url("")), reply)
        url = sites.bad.serve("/feed", as_feed(rss(*(item(url, "See there.", url) for url in links))))
        stanzas.append(f'[sources.links]\nspider = "feed"\nurl = "{url}"\nevery = "30m"\nfollow = true\n')
    ports = [port for reply in replies.values() if isinstance(reply, str) and (port := urlsplit(reply).port)]
    async with sites.newsroom("".join(stanzas), ports=ports) as room:
        await room.look()
        errors = {name: errors_of(room, name) for name in replies}
        room.publish_letter()
        await room.look(timedelta(hours=3))
        return {
            "peak": peak(),
            "errors": errors,
            "words": {name: room.row(name).last_error for name in replies},
            "links": [line for line in room.lines if "source links" in line],
            "news": [post["text"] for post in room.news],
            "good": [str(visit.outcome) for visit in room.stores.catalogue.visits("good", 10)],
        }


def peak() -> float:
    """Return the most memory that this program had, in MB; getrusage tells of the process that started it as well."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024 / 1e6


def errors_of(room: Newsroom, source: str) -> int:
    """Return how many errors one look at a source left behind."""
    visits = room.stores.catalogue.visits(source, 10)
    return sum(visit.outcome is Outcome.FAILED or bool(visit.error) for visit in visits)


async def main() -> None:
    """Play the bombs, and then, in the same process, what is too long."""
    server = await asyncio.start_server(long_headers, "127.0.0.1", 0)
    headers = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    long = {"headers-10-MB-in-one": f"{headers}/one", "headers-ten-thousand": f"{headers}/many"}
    found = []
    async with server:
        for number in range(2):
            with tempfile.TemporaryDirectory() as folder:
                async with open_sites(Path(folder)) as sites:
                    links = followed(sites.bad.url) if number else {}
                    found.append(await play(sites, {**bodies(), **long} if number else bombs(), links))
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    asyncio.run(main())
