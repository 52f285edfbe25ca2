"""Twins: addresses of one page that differ only in how it is served (docs/sources.md). Pure, and raises on nothing."""

from __future__ import annotations

import re

#: A host part that names a layout of the same site, `www` as well.
_LAYOUT = re.compile(r"^(?:www|m|amp|mobile)\d?\.(?=[^.]+\.)")
#: The end of a path that asks for the AMP page: "/story/amp/", "/story.amp", "/story.amp.html".
_AMP_ENDING = re.compile(r"(?:/amp/?|\.amp)$|\.amp(?=\.html$)", re.IGNORECASE)
_AMP_PAIRS = frozenset({"amp", "amp=", "amp=1", "amp=true", "outputtype=amp", "outputtype=amp-type"})
#: Caches that serve another site's page under their own name, and where its address stands in the path.
_CACHES = (
    (".cdn.ampproject.org", re.compile(r"/[cv]/(?:s/)?([^/]+\.[^/]+)(/.*)")),
    (".google.com", re.compile(r"/amp/(?:s/)?([^/]+\.[^/]+)(/.*)")),
)
# By hand, since every document of every feed comes through here and urlsplit takes five times as long.
_ADDRESS = re.compile(
    r"https?://(?P<host>[^/?#@\\]+)(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?P<fragment>#.+)?", re.DOTALL
)
_USUAL_PORT = re.compile(r":(?:80|443)?$")


def twin_key(url: str) -> str:
    """Return what an address and its twins have in common, "city.example/news/1"; never an address to fetch.

    Twins differ in http or https, in a `www.`, `m.`, `mobile.` or `amp.` before the host, in an AMP ending of the path
    or AMP's parameter, in one closing slash. All else may lead to another page and stays: the case of the path, other
    parameters and their order, the port, the fragment (which names one entry where many share an address). An address
    that cannot be read is its own key.
    """
    parts = _ADDRESS.match(url)
    if parts is None:
        return url
    host, path = _host(parts), parts["path"]
    served = next((at.match(path) for cache, at in _CACHES if f".{host}".endswith(cache)), None)
    if served:
        host, path = _LAYOUT.sub("", served[1].lower()), served[2]
    path = _AMP_ENDING.sub("", path).removesuffix("/")
    query = parts["query"]
    if query and "amp" in query.lower():
        query = "&".join(pair for pair in query.split("&") if pair.lower() not in _AMP_PAIRS)
    return f"{host}{path}{'?' if query else ''}{query or ''}{parts['fragment'] or ''}"


def without_fragment(url: str) -> str:
    """Return the address of the page alone, for one that names an entry of it."""
    return url.partition("#")[0]


def _host(parts: re.Match[str]) -> str:
    return _LAYOUT.sub("", _USUAL_PORT.sub("", parts["host"].lower()))
