"""The past of a source, read to its end."""

from __future__ import annotations

from datetime import date, datetime

from spiders.fetching import Fetch, Historian, Leaf

#: More calls than any test needs: a reading that does not end fails.
_MOST = 200


async def read_back(historian: Historian, fetch: Fetch, since: date, until: date, now: datetime) -> list[Leaf]:
    """Return every leaf, each call made with nothing but the cursor of the one before."""
    leaves = [await historian.history(fetch, None, since, until, now)]
    while leaves[-1].cursor is not None:
        assert len(leaves) < _MOST, "the past has no end"
        leaves.append(await historian.history(fetch, leaves[-1].cursor, since, until, now))
    return leaves
