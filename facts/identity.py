"""Deterministic ids: the same parts give the same id on every run and every machine."""

from __future__ import annotations

import hashlib

#: Hex digits of an id: 80 bits, short enough to read aloud, long enough that a million rows do not meet.
ID_LENGTH = 20


def make_id(*parts: str) -> str:
    """Return the id of what these parts name together; order and boundaries count."""
    raws = [_bytes(part) for part in parts]
    framed = b"".join([b"%d:%b" % (len(raw), raw) for raw in raws])
    return hashlib.sha256(framed).hexdigest()[:ID_LENGTH]


def digest_bytes(body: bytes) -> str:
    """Return the sha256 of the bytes as received, in hex."""
    return hashlib.sha256(body).hexdigest()


def digest_text(text: str) -> str:
    """Return the sha256 of a text, in hex."""
    return hashlib.sha256(_bytes(text)).hexdigest()


def _bytes(text: str) -> bytes:
    # Outside text can hold lone surrogates, which strict UTF-8 refuses.
    return text.encode("utf-8", "surrogatepass")
