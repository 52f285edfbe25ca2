"""Addresses in one form: what a reader would cite, without what only counts clicks. Pure, and raises on nothing."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from facts.address import SCHEMES

#: Longer addresses are junk or an attack.
MAX_LENGTH = 4000

#: Prefixes and names of parameters that tell where a click came from (docs/sources.md). Names are matched as written:
#: CivicPlus's `CID` picks a feed, `cid` a campaign.
_TRACKING_PREFIXES = ("utm_", "ga_", "ns_", "mc_", "_hs", "mtm_", "pk_")
_TRACKING = frozenset(
    ("_ga", "_gl", "_x", "cid", "cmpid", "dclid", "emc", "fbclid", "ftag", "gclid",
     "igshid", "mbid", "mkt_tok", "msclkid", "ncid", "ocid", "oref", "partner", "reqfrom",
     "smid", "smtyp", "spm", "wprss", "xtor")
)  # fmt: skip
_TRACKING_PAIRS = frozenset({"source=govdelivery", "medium=email", "source=rss"})

# What may stand in a path or a query as it is; all else is percent-encoded.
_SAFE = "%/:=&?~+!$,;'@()*[]-._"
_DRUPAL_MEDIA = re.compile(r"/media/\d+/dl$")
_LETTER_PATH = re.compile(
    r"\.pdf$|/media/\d+/dl$|/dl$|/file/\d+/(?:download|dl)$|/documentcenter/view/\d+", re.IGNORECASE
)
_NOT_NEWS = re.compile(r"/(?:event|events|job|jobs|staff-profile)/")
_HOST_NAME = re.compile(r"[a-z0-9._-]+")
# An address in its form already, but for its fragment and tracking, as most are. Without `;`, which `urljoin` may drop.
_PLAIN = re.compile(
    r"(https?)://([a-z0-9._-]+)(?::(\d{1,5}))?(/[A-Za-z0-9/%._~!$&'()*+,=:@-]*)?"
    r"(?:\?([A-Za-z0-9/%._~!$&'()*+,=:@?-]*))?(?:#.*)?",
    re.DOTALL,
)
_NUMBER = re.compile(r"cid=[0-9]+")
_MAX_PORT = 65535
_EDGES = re.compile(r"^[\x00-\x20]+|[\x00-\x20]+$")
_INSIDE = re.compile(r"[\t\r\n]")
# Half a character, which quoting would make a question mark of, and so the beginning of a query.
_SURROGATE = re.compile("[\ud800-\udfff]")
_WRAPPED = re.compile(r"https?://links-\d{1,3}\.govdelivery\.com(?::443)?/CL0/(https?:[^/]{1,4000})/", re.IGNORECASE)
_TWIN = re.compile(r"^(?:www|m|amp|mobile)\d?\.")


def canonical(url: str, base: str = "") -> str | None:
    """Return the address in its one form, resolved against `base`; None when it is not one of http or https."""
    found = _in_form(url, base)
    if found is None or len(found) > MAX_LENGTH:
        return None
    # What a link of a GovDelivery mail leads to stands in the address that counts its clicks.
    wrapped = _WRAPPED.match(found)
    return canonical(unquote(wrapped[1])) if wrapped is not None else found


def _in_form(url: str, base: str) -> str | None:
    plain = _PLAIN.fullmatch(url) if len(url) <= MAX_LENGTH else None
    if plain is not None and int(plain[3] or 0) <= _MAX_PORT:
        return _of_plain(plain)
    try:
        joined = urljoin(base, _INSIDE.sub("", _EDGES.sub("", url[: MAX_LENGTH + 1])))
        parts = urlsplit(_SURROGATE.sub("\ufffd", joined))
        netloc = _netloc(parts)
    except ValueError:
        return None
    if netloc is None or len(url) > MAX_LENGTH:
        return None
    path = quote(parts.path or "/", safe=_SAFE)
    query = "" if _DRUPAL_MEDIA.search(path) else quote(_without_tracking(parts.query), safe=_SAFE)
    return f"{parts.scheme}://{netloc}{path}{'?' if query else ''}{query}"


def _of_plain(plain: re.Match[str]) -> str:
    """Return what `_in_form` returns for an address that needs no mending."""
    scheme, name, port, path, query = plain.groups()
    path, query = path or "/", query or ""
    if query:
        query = "" if _DRUPAL_MEDIA.search(path) else _without_tracking(query)
    shown = f"{name}:{int(port)}" if port and int(port) != SCHEMES[scheme] else name
    return f"{scheme}://{shown}{path}{'?' if query else ''}{query}"


def is_letter(url: str) -> bool:
    """Return whether an address looks like that of a letter or another attachment: a PDF, whatever its ending."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return _LETTER_PATH.search(parts.path) is not None


def same_site(one: str, other: str) -> bool:
    """Return whether two addresses belong to one site: the same host, a part of it, or its mobile twin."""
    first, second = host(one), host(other)
    if not first or not second:
        return False
    return first == second or first.endswith(f".{second}") or second.endswith(f".{first}")


def is_justice(url: str) -> bool:
    """Return whether an address is of the Department of Justice."""
    name = host(url)
    return name == "justice.gov" or name.endswith(".justice.gov")


def is_news(url: str) -> bool:
    """Return whether an address may be news: the Department's feeds carry its calendar, jobs and staff pages too."""
    # The first look spares nearly all addresses the second.
    return "justice" not in url.lower() or not is_justice(url) or is_article(url)


def is_article(url: str) -> bool:
    """Return whether an address of the Department, on whatever host, is none of its calendar, jobs and staff pages."""
    return _NOT_NEWS.search(urlsplit(url).path) is None


def host(url: str) -> str:
    """Return the host without www or a mobile prefix, "" when there is none."""
    try:
        return _TWIN.sub("", urlsplit(url).hostname or "")
    except ValueError:
        return ""


def _netloc(parts: SplitResult) -> str | None:
    if parts.scheme not in SCHEMES or not parts.hostname or "@" in parts.netloc or "\\" in parts.netloc:
        return None
    name = parts.hostname.lower()
    shown = f"[{name}]" if ":" in name else _host_name(name)
    if shown is None or parts.port in (None, SCHEMES[parts.scheme]):
        return shown
    return f"{shown}:{parts.port}"


def _host_name(name: str) -> str | None:
    try:
        plain = name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    return plain if _HOST_NAME.fullmatch(plain) else None


def _without_tracking(query: str) -> str:
    pairs = [pair for pair in query.split("&") if pair]
    kept = [pair for pair in pairs if not _is_tracking(pair)]
    # A bare number may be what picks the page; a campaign's has a name, or other tracking beside it.
    if len(kept) == len(pairs) - 1 and (number := next((pair for pair in pairs if _NUMBER.fullmatch(pair)), None)):
        kept.insert(pairs.index(number), number)
    return "&".join(kept)


def _is_tracking(pair: str) -> bool:
    name = pair.partition("=")[0]
    return name.startswith(_TRACKING_PREFIXES) or name in _TRACKING or pair in _TRACKING_PAIRS
