"""Outside strings made fit to be shown: one line, nothing invisible, addresses that lead where they say."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from facts.address import SCHEMES

#: Characters of an outside string that are looked at; no field of an alert shows as many.
LONGEST = 4_000
#: A link longer than this is not made; Slack's section text ends at 3,000 characters.
LONGEST_ADDRESS = 2_000
ELLIPSIS = "…"

# Letters by their category, yet blank on the screen: the Hangul fillers and the Braille blank.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_REPLACEMENT = "\ufffd"
_SURROGATE = re.compile("[\ud800-\udfff]")
# What may stand unquoted in a path, query or fragment (RFC 3986, section 3.3) and ends no link in Slack, HTML or text.
_SAFE = "%/?:@!$&()*+,;=~-._"
_HOST_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?\.?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")


def line(text: str) -> str:
    """Return the text as one line of at most `LONGEST` characters.

    Controls become blanks; bidirectional and other invisible characters are dropped; a lone surrogate becomes U+FFFD.
    """
    shown = "".join(map(_shown, text[:LONGEST]))
    return " ".join(unicodedata.normalize("NFC", shown).split())


def shorten(text: str, limit: int) -> str:
    """Return the text cut to at most `limit` characters, at a word's end where there is one in its second half."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    blank = text[:limit].rfind(" ")
    return (kept[:blank] if blank > limit // 2 else kept).rstrip() + ELLIPSIS


def web_address(url: str) -> str | None:
    """Return the address as it may stand in a link, or None when a person could not check it.

    Only http and https, the host in ASCII, credentials left out, whatever could end the link percent-encoded.
    """
    parts = _split(url)
    host = _ascii_host(parts.hostname or "") if parts else None
    if parts is None or host is None:
        return None
    netloc = host if parts.port is None else f"{host}:{parts.port}"
    rest = (quote(_SURROGATE.sub(_REPLACEMENT, part), safe=_SAFE) for part in (parts.path, parts.query, parts.fragment))
    address = urlunsplit((parts.scheme, netloc, *rest))
    return address if len(address) <= LONGEST_ADDRESS else None


def host_of(url: str) -> str:
    """Return the host that the address leads to, punycode shown as such; "" when there is none to be sure of."""
    parts = _split(url)
    return (_ascii_host(parts.hostname or "") or "") if parts else ""


@lru_cache(maxsize=4_096)
def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cc":
        return " "
    if category == "Cs":
        return _REPLACEMENT
    return "" if category == "Cf" or character in _BLANK else character


def _split(url: str) -> SplitResult | None:
    # A backslash is a slash to browsers and a letter to urlsplit: nobody can say which host is meant.
    if _CONTROL.search(url):
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.scheme in SCHEMES else None


def _ascii_host(host: str) -> str | None:
    if ":" in host:
        return f"[{host}]" if re.fullmatch(r"[0-9a-f:.]+", host) else None
    folded = unicodedata.normalize("NFKC", host).lower().replace("\u3002", ".")
    labels = [label if label.isascii() else _punycode(label) for label in folded.split(".")]
    name = ".".join(labels)
    return name if _HOST_NAME.fullmatch(name) else None


def _punycode(label: str) -> str:
    return "xn--" + label.encode("utf-8", "replace").decode().encode("punycode").decode("ascii")
