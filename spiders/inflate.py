"""Bodies, inflated while they arrive and cut at a cap: no bomb is ever held whole."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Protocol

import brotli  # type: ignore[import-untyped]  # it ships no stubs

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

#: What the fetcher offers to servers.
ACCEPT_ENCODING = "gzip, deflate, br, zstd"

#: Bytes inflated at a time: small, so that the cap is seen before memory is spent.
_STEP = 64 * 1024
#: Encodings laid over one another; no honest server needs more, and each layer costs time.
_MAX_LAYERS = 3
#: Members of gzip or frames of zstd that follow one another: each costs time, also when there is nothing in it.
_MAX_MEMBERS = 1000
#: Bytes of the zlib header (RFC 1950), after which zlib knows whether it is one.
_ZLIB_HEADER = 2


class TooLarge(Exception):
    """The body is longer than the cap."""


class BadEncoding(Exception):
    """The body is not in the encoding that its header names."""


class _Layer(Protocol):
    def feed(self, data: bytes) -> Iterator[bytes]: ...

    @property
    def complete(self) -> bool: ...


class Body:
    """A body under construction: feed it what arrives, then `close` it."""

    def __init__(self, content_encoding: str, cap: int) -> None:
        self._layers = tuple(_LAYERS[name]() for name in reversed(_names(content_encoding)))
        self._cap = cap
        # Its value is handed out without a copy, unlike a list's that is joined.
        self._inflated = BytesIO()
        self._begun = False

    def feed(self, data: bytes) -> None:
        """Take the next bytes from the wire.

        Raises:
            TooLarge: the inflated body is over the cap.
            BadEncoding: the bytes cannot be inflated.
        """
        self._begun = True
        try:
            for piece in _through(self._layers, data):
                if self._inflated.tell() + len(piece) > self._cap:
                    self._inflated.close()
                    raise TooLarge
                self._inflated.write(piece)
        except (zlib.error, brotli.error, zstd.ZstdError, EOFError) as error:
            msg = "the body is not in the content encoding that its header names"
            raise BadEncoding(msg) from error

    def close(self) -> bytes:
        """Return the whole body.

        Raises:
            BadEncoding: it ended in the middle of its encoding.
        """
        if self._begun and not all(layer.complete for layer in self._layers):
            msg = "the body ends in the middle of its content encoding"
            raise BadEncoding(msg)
        return self._inflated.getvalue()


def _names(content_encoding: str) -> list[str]:
    names = [name.strip().lower() for name in content_encoding.split(",")]
    wanted = [name for name in names if name not in {"", "identity"}]
    unknown = [name for name in wanted if name not in _LAYERS]
    if unknown or len(wanted) > _MAX_LAYERS:
        msg = f"content encoding {content_encoding[:80]!r} is not among those asked for ({ACCEPT_ENCODING})"
        raise BadEncoding(msg)
    return wanted


def _through(layers: tuple[_Layer, ...], data: bytes) -> Iterator[bytes]:
    if not layers:
        yield data
        return
    for piece in layers[0].feed(data):
        yield from _through(layers[1:], piece)


def _next(members: int) -> int:
    if members >= _MAX_MEMBERS:
        msg = f"the body is compressed in more than {_MAX_MEMBERS} pieces"
        raise BadEncoding(msg)
    return members + 1


class _Zlib:
    """Gzip of one or many members, or deflate with or without its zlib header."""

    def __init__(self, wbits: int) -> None:
        self._wbits = wbits
        self._inflater = zlib.decompressobj(wbits)
        self._members = 1
        #: What was fed of the header, to begin again without one; None once it is past.
        self._head: bytes | None = b""

    @property
    def complete(self) -> bool:
        return self._inflater.eof

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._inflater.eof:
                if not self._another(data):
                    return
                self._members = _next(self._members)
                self._inflater = zlib.decompressobj(self._wbits)
            yield self._step(data)
            data = self._inflater.unconsumed_tail or self._inflater.unused_data

    def _another(self, data: bytes) -> bool:
        # Servers pad gzip with zeros and append junk after deflate: only what opens like gzip is a further member.
        return self._wbits > zlib.MAX_WBITS and data.startswith(b"\x1f")

    def _step(self, data: bytes) -> bytes:
        try:
            piece = self._inflater.decompress(data, _STEP)
        except zlib.error:
            # "deflate" without the zlib header, as some servers send it (RFC 9110, section 8.4.1.2, note).
            if self._head is None or self._wbits != zlib.MAX_WBITS:
                raise
            self._wbits = -zlib.MAX_WBITS
            self._inflater = zlib.decompressobj(self._wbits)
            piece = self._inflater.decompress(self._head + data, _STEP)
        self._head = self._head + data if self._head is not None and len(self._head) < _ZLIB_HEADER else None
        return piece


class _Brotli:
    def __init__(self) -> None:
        self._inflater = brotli.Decompressor()

    @property
    def complete(self) -> bool:
        return bool(self._inflater.is_finished())

    def feed(self, data: bytes) -> Iterator[bytes]:
        # Output can wait inside even when all input was taken: ask until nothing comes.
        while not self._inflater.is_finished() and (piece := self._inflater.process(data, output_buffer_limit=_STEP)):
            yield piece
            data = b""


class _Zstd:
    """Zstandard of one or many frames."""

    def __init__(self) -> None:
        self._inflater = zstd.ZstdDecompressor()
        self._members = 1

    @property
    def complete(self) -> bool:
        return bool(self._inflater.eof)

    def feed(self, data: bytes) -> Iterator[bytes]:
        while True:
            if self._inflater.eof:
                if not data:
                    return
                self._members = _next(self._members)
                self._inflater = zstd.ZstdDecompressor()
            yield self._inflater.decompress(data, _STEP)
            data = self._inflater.unused_data if self._inflater.eof else b""
            if not data and (self._inflater.eof or self._inflater.needs_input):
                return


_LAYERS: dict[str, Callable[[], _Layer]] = {
    "gzip": lambda: _Zlib(zlib.MAX_WBITS | 16),
    "x-gzip": lambda: _Zlib(zlib.MAX_WBITS | 16),
    "deflate": lambda: _Zlib(zlib.MAX_WBITS),
    "br": _Brotli,
    "zstd": _Zstd,
}
