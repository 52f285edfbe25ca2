"""Bodies inflated in pieces of any size."""

from __future__ import annotations

import gzip
import importlib
import sys
import zlib

import brotli  # type: ignore[import-untyped]  # it ships no stubs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.inflate import BadEncoding, Body, TooLarge

zstd = importlib.import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")

RAW = bytes(range(256)) * 40 + b"a" * 200_000


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


ENCODINGS = {
    "gzip": gzip.compress(RAW),
    "x-gzip": gzip.compress(RAW),
    "deflate": zlib.compress(RAW),
    "Deflate ": raw_deflate(RAW),
    "br": brotli.compress(RAW, quality=5),
    "zstd": zstd.compress(RAW),
    "gzip,br": brotli.compress(gzip.compress(RAW), quality=5),
    "identity": RAW,
    "": RAW,
    "GZIP": gzip.compress(RAW[:999]) + gzip.compress(RAW[999:]),
    "gzip, identity": gzip.compress(RAW) + bytes(512),
    "ZSTD": zstd.compress(RAW[:999]) + zstd.compress(RAW[999:]),
}


def inflate(encoding: str, packed: bytes, step: int, cap: int = 10**6) -> bytes:
    body = Body(encoding, cap)
    for start in range(0, len(packed), step):
        body.feed(packed[start : start + step])
    return body.close()


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("step", [1, 7, 1000, 10**6])
def test_a_body_comes_out_as_it_went_in(encoding: str, step: int) -> None:
    """In every encoding, cut anywhere."""
    assert inflate(encoding, ENCODINGS[encoding], step) == RAW


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_cap_is_exact(encoding: str) -> None:
    """A body of the cap's length passes; one byte more does not."""
    assert inflate(encoding, ENCODINGS[encoding], 1000, len(RAW)) == RAW
    with pytest.raises(TooLarge):
        inflate(encoding, ENCODINGS[encoding], 1000, len(RAW) - 1)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "Deflate ", "br", "zstd", "gzip,br"])
def test_a_body_that_stops_is_no_body(encoding: str) -> None:
    """The end is missing, even when all that came could be read."""
    with pytest.raises(BadEncoding, match="ends in the middle"):
        inflate(encoding, ENCODINGS[encoding][:-5], 100)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_what_is_not_encoded_is_refused(encoding: str) -> None:
    """A header alone does not make it so."""
    with pytest.raises(BadEncoding):
        inflate(encoding, b"<html>Hello, this is plain.</html>" * 10, 1000)


def test_unknown_and_piled_encodings_are_refused() -> None:
    """Before anything is read."""
    for encoding in ("compress", "gzip, gzip, gzip, gzip", "x" * 1000):
        with pytest.raises(BadEncoding, match="not among those asked for"):
            Body(encoding, 10)


@pytest.mark.parametrize(
    ("encoding", "member"), [("gzip", gzip.compress(b"x", mtime=0)), ("zstd", zstd.compress(b"x"))]
)
def test_S4_a_body_of_many_members_is_refused(encoding: str, member: bytes) -> None:
    """A thousand are read; one more, as a hundred thousand empty ones, would only cost time."""
    assert inflate(encoding, member * 1000, 5000) == b"x" * 1000
    with pytest.raises(BadEncoding, match="more than 1000 pieces"):
        inflate(encoding, member * 1001, 5000)


def test_an_answer_without_a_body_may_name_an_encoding() -> None:
    """As a 304 does."""
    assert Body("gzip", 10).close() == b""


@given(st.binary(max_size=200), st.sampled_from(["gzip", "deflate", "br", "zstd", "gzip,zstd"]), st.integers(1, 50))
@settings(max_examples=200)
def test_no_bytes_break_it(data: bytes, encoding: str, step: int) -> None:
    """Any bytes are a body or refused."""
    try:
        inflate(encoding, data, step, 1000)
    except (BadEncoding, TooLarge):
        return
