"""How long a feed asks to be left alone in its own words: the `ttl` of RSS 2.0, in minutes. Pure.

`sy:updatePeriod` is not read: WordPress writes "hourly" into every feed, whatever its paper does.
"""

from __future__ import annotations

import re
from datetime import timedelta

#: A channel's own elements come before its items as a rule; of what comes later nothing is looked at.
_HEAD = 64 * 1024
_TTL = re.compile(rb"<ttl>\s{0,99}([0-9]{1,9})\s{0,99}</ttl>", re.IGNORECASE)
_ITEMS = re.compile(rb"<(?:item|entry)[\s/>]", re.IGNORECASE)


def feed_ttl(body: bytes) -> timedelta | None:
    """Return the `ttl` of a feed's channel, None when it has none above 0."""
    head = body[:_HEAD]
    items = _ITEMS.search(head)
    found = _TTL.search(head, 0, items.start() if items else len(head))
    return timedelta(minutes=int(found[1])) if found and int(found[1]) else None
