"""How a feed is laid out, as a fingerprint. Pure.

Read from the bytes, so that it does not matter which parser reads the entries.
"""

from __future__ import annotations

import re

from facts.identity import make_id

_ROOT = re.compile(rb"<((?:[\w.-]{1,99}:)?(?:rss|feed|rdf))[\s/>]", re.IGNORECASE)
_CHANNEL = re.compile(rb"<((?:[\w.-]{1,99}:)?channel)[\s/>]", re.IGNORECASE)
_ENTRY = re.compile(rb"<((?:[\w.-]{1,99}:)?(?:item|entry))[\s/>]", re.IGNORECASE)


def layout_of(body: bytes) -> str | None:
    """Return a fingerprint of the elements that hold the entries, "rss/channel/item"; None without entries.

    It stays while entries come and go, and turns where a site moves from one system to another.
    """
    entry = _ENTRY.search(body)
    if entry is None:
        return None
    above = (pattern.search(body, 0, entry.start()) for pattern in (_ROOT, _CHANNEL))
    return make_id("layout", *(found[1].decode("ascii", "replace") for found in (*above, entry) if found is not None))
