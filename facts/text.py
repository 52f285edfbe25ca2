"""The normal form of a text: what decides whether a document changed."""

from __future__ import annotations

import re
import unicodedata

from facts.identity import digest_text

# Zero-width and bidirectional controls, soft hyphens: invisible, and rewritten freely by content systems.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_SPACE = re.compile(r"\s+")


def normalise(text: str) -> str:
    """Return the text in NFC, without invisible characters, every run of white space folded to one blank."""
    visible = _CONTROL.sub(" ", _INVISIBLE.sub("", text))
    return _SPACE.sub(" ", unicodedata.normalize("NFC", visible)).strip()


def content_digest(title: str, text: str) -> str:
    """Return the digest that decides "changed": of the normalised title and text together."""
    return digest_text(f"{normalise(title)}\n{normalise(text)}")
