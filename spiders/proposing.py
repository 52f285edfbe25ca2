"""Which stanza would read what was seen. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from spiders.seen import Seen, Sort

_HOURLY = "1h"
_SELDOM = "6h"
#: Local news is asked as often as a paper of record writes.
_OFTEN = "30m"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A kind of source and its keys, in the order that they are written in; the name is for a person to give."""

    kind: str
    keys: Mapping[str, object]


def propose(seen: Seen, url: str) -> Proposal | None:
    """Return the stanza that reads an address where this was seen, or None when no kind does."""
    if seen.sort.is_feed:
        return _proposal("feed", url, _OFTEN, {"follow": True} if seen.brief else {})
    if seen.sort is Sort.LISTING and seen.listing is not None:
        guess = seen.listing
        date = {"date": guess.date} if guess.date else {}
        return _proposal("listing", url, _HOURLY, {"item": guess.item, "link": guess.link, **date, "follow": True})
    if seen.sort is Sort.PAGE and seen.scripted:
        return _proposal("page", url, _SELDOM, {"browser": True})
    known = _KINDS.get(seen.sort)
    if known is None:
        return None
    kind, every = known
    return _proposal(kind, url, every, {})


def _proposal(kind: str, url: str, every: str, keys: Mapping[str, object]) -> Proposal:
    return Proposal(kind=kind, keys={"spider": kind, "url": url, **keys, "every": every})


_KINDS = {
    Sort.DOJ_API: ("doj_api", _OFTEN),
    Sort.FEDERAL_REGISTER: ("federal_register", _OFTEN),
    Sort.NEWS_SITEMAP: ("sitemap", _OFTEN),
    Sort.SITEMAP: ("sitemap", _SELDOM),
    Sort.PAGE: ("page", _SELDOM),
    Sort.PDF: ("page", _SELDOM),
}
