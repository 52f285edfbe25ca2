"""Flaws in a feed's bytes: an end that is missing, and characters broken in their encoding. Pure.

feedparser reads nearly anything and says little of it: one broken byte makes it read a whole feed of UTF-8 in another
encoding, an entry that breaks off comes out as if it were whole, and a reference to no character ends in an exception.
"""

from __future__ import annotations

import codecs
import re

from facts.document import Headers
from spiders.answers import header

_ROOT = re.compile(rb"<(?:[\w-]+:)?(rss|feed|rdf)[\s>]", re.IGNORECASE)
_ENTRY = re.compile(rb"<(?:[\w-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_ENTRY_END = re.compile(rb"</(?:[\w-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_DECLARED = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_BEYOND_ASCII = re.compile("[^\x00-\x7f\ufffd]")
_REFERENCE = re.compile(rb"&#(?:x([0-9a-f]+)|([0-9]+));?", re.IGNORECASE)
_SURROGATES = range(0xD800, 0xE000)
_LAST_CHARACTER = 0x10FFFF
_MOST_DIGITS = len("1114111")
_UTF_8 = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


def mend(body: bytes, headers: Headers) -> tuple[bytes, tuple[str, ...]]:
    """Return the feed without what is broken in it, and a line for the operator on each flaw.

    Broken characters of UTF-8, and references to none, become U+FFFD. An entry that breaks off is left out, since it
    is read when it comes whole, unless it is the only one.
    """
    readable, encoding = _decodable(body, headers)
    whole, end = _without_stump(_REFERENCE.sub(_possible, readable))
    return whole, (*encoding, *end)


def _decodable(body: bytes, headers: Headers) -> tuple[bytes, tuple[str, ...]]:
    if body.isascii() or not _claims_utf_8(body, headers):
        return body, ()
    # An end in the middle of a character is dropped; the rest of the feed is sound.
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(body)
    broken = text.count("\ufffd") - body.count("\ufffd".encode())
    if broken <= 0:
        return text.encode(), ()
    if len(_BEYOND_ASCII.findall(text)) <= broken:
        return body, ("the feed is not in UTF-8, as it should be; it is read in the encoding that fits best",)
    return text.encode(), (f"the feed has characters that are broken in UTF-8 ({broken}); each is shown as U+FFFD",)


def _claims_utf_8(body: bytes, headers: Headers) -> bool:
    """Return whether the feed says that it is UTF-8, or says nothing, which means the same (XML 1.0, section 4.3.3)."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\x00<" in body[:8] or b"<\x00" in body[:8]:
        return False
    named = _CHARSET.search(header(headers, "content-type") or "")
    declared = _DECLARED.search(body[:300])
    claims = [claim for claim in (named and named[1], declared and declared[1].decode()) if claim]
    return all(claim.lower() in _UTF_8 for claim in claims)


def _possible(reference: re.Match[bytes]) -> bytes:
    """Return a character reference as it is, or U+FFFD for one that names no character; feedparser falls over those."""
    hexadecimal, decimal = reference[1], reference[2]
    digits = (hexadecimal or decimal).lstrip(b"0") or b"0"
    number = int(digits, 16 if hexadecimal else 10) if len(digits) <= _MOST_DIGITS else _LAST_CHARACTER + 1
    named = number <= _LAST_CHARACTER and number not in _SURROGATES
    return reference[0] if named else b"&#xFFFD;"


def _without_stump(body: bytes) -> tuple[bytes, tuple[str, ...]]:
    root = _ROOT.search(body)
    if root is None or re.search(rb"</(?:[\w-]+:)?" + root[1] + rb"\s*>", body, re.IGNORECASE):
        return body, ()
    starts = [match.start() for match in _ENTRY.finditer(body)]
    ends = [match.end() for match in _ENTRY_END.finditer(body)]
    line = "the feed breaks off before its end; what came whole is read, the rest when it comes"
    stump = bool(starts and ends) and starts[-1] >= ends[-1]
    return body[: starts[-1]] if stump else body, (line,)
