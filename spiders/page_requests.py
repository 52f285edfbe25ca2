"""What the scripts of a page may ask for, and what of an answer they are given. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from facts.document import Headers
from spiders.answers import media_type

_MIB = 1024 * 1024
#: The sorts of requests, in Playwright's words, that words can come from. Pictures, styles, pings and all else cannot.
_DOCUMENT, _SCRIPT = "document", "script"
_DATA = frozenset({"xhr", "fetch"})
#: True of the bytes on the wire and not of those that are handed on, or nothing for a page that keeps no cookies; an
#: attachment would be saved in place of being shown.
_LEFT_OUT = frozenset(
    {"content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie", "content-disposition"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One request that a page wants to make."""

    method: str
    url: str
    #: Playwright's `resource_type`.
    sort: str
    #: Whether it comes from the frame that is read.
    main_frame: bool = True
    headers: Headers = ()

    @property
    def is_script(self) -> bool:
        """Whether it is a script, which may be kept for the next visit."""
        return self.sort == _SCRIPT

    @property
    def has_words(self) -> bool:
        """Whether words can come of it, which is all that is read."""
        return self.sort in {_DOCUMENT, _SCRIPT} | _DATA

    @property
    def is_document(self) -> bool:
        """Whether it would put another page in place of this one."""
        return self.sort == _DOCUMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What one page may ask for (docs/reliability.md, S1 and S5)."""

    requests: int = 60
    #: Over all answers.
    bytes: int = 32 * _MIB
    #: Pages that its scripts go on to: as many as there may be redirects.
    documents: int = 5
    #: Where private networks may be dialled, what a stranger's script reads there could be sent outside.
    own_host_only: bool = False


@dataclass(slots=True, kw_only=True)
class Spent:
    """What a page has asked for by now; the page itself is left out."""

    requests: int = 0
    bytes: int = 0
    documents: int = 0

    def add(self, wish: Wish) -> None:
        """Count a request that may go out."""
        self.requests += 1
        self.documents += wish.is_document


def refusal_of(wish: Wish, page_url: str, spent: Spent, bounds: Bounds) -> str | None:
    """Return why a page may not ask for this, or None; what it may, the guarded fetch judges once more.

    `page_url` is the address of the page that was asked for. A question is sent by POST to the page's own site alone:
    elsewhere a browser would first ask whether it may.
    """
    if not wish.has_words:
        return f"a {wish.sort} has no words"
    if wish.is_document and not wish.main_frame:
        return "pages in frames are not read"
    return _by_method(wish, page_url) or _by_host(wish, page_url, bounds) or _by_count(wish, spent, bounds)


def _by_method(wish: Wish, page_url: str) -> str | None:
    if wish.method == "GET":
        return None
    if wish.method != "POST" or wish.sort not in _DATA:
        return f"{wish.method} is not sent"
    kind = media_type(wish.headers)
    if kind != "application/json" and not kind.endswith("+json"):
        return "what is sent by POST has to be JSON"
    return None if is_of_site(wish.url, page_url) else "POST is sent to the page's own site alone"


def _by_host(wish: Wish, page_url: str, bounds: Bounds) -> str | None:
    if bounds.own_host_only and _host(wish.url) != _host(page_url):
        return "it is another host, and allow_networks of [fetch] lets private ones be reached"
    return None


def _by_count(wish: Wish, spent: Spent, bounds: Bounds) -> str | None:
    if spent.requests >= bounds.requests:
        return f"a page may make {bounds.requests} requests"
    if wish.is_document and spent.documents >= bounds.documents:
        return f"a page may lead to {bounds.documents} others"
    return over(spent, bounds)


def over(spent: Spent, bounds: Bounds) -> str | None:
    """Return in words that a page was given too much, or None."""
    return f"a page may be given {bounds.bytes // _MIB} MB" if spent.bytes > bounds.bytes else None


def passed_on(headers: Headers) -> dict[str, str]:
    """Return what of the served headers goes to the page; those of one name are one, as RFC 9110 has it (5.3)."""
    passed: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        if key not in _LEFT_OUT:
            passed[key] = f"{passed[key]}, {value}" if key in passed else value
    return passed


def is_of_site(url: str, page_url: str) -> bool:
    """Return whether an address is on the page's host or one below it: api.city.example for www.city.example."""
    host, page_host = _host(url), _host(page_url)
    site = page_host.removeprefix("www.")
    return bool(site) and (host in {site, page_host} or host.endswith(f".{site}"))


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""
