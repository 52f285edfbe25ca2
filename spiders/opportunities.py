"""Hits of a search on Grants.gov, read defensively: names of fields differ between descriptions of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from facts.document import Capture
from facts.errors import Unreadable
from spiders.dates import EASTERN, parse_date
from spiders.html import clean_line, text_of
from spiders.json_reading import read_object, texts, whole_number, words

#: Where a reader finds an opportunity.
_PAGE = "https://www.grants.gov/search-results-detail/"
_WHAT = "a search on Grants.gov"
_LONGEST_ID = 40
#: Names of each field, the likeliest first.
_IDS = ("id", "opportunityId", "oppId")
_TITLES = ("title", "opportunityTitle", "oppTitle")
_LINES = (
    ("Opportunity number", ("number", "opportunityNumber", "oppNumber")),
    ("Agency", ("agency", "agencyName")),
    ("Agency code", ("agencyCode",)),
    ("Status", ("oppStatus", "status")),
    ("Document type", ("docType",)),
    ("Posted", ("openDate", "postedDate")),
    ("Closes", ("closeDate",)),
)
_LISTINGS = ("alnist", "alnList", "cfdaList")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opportunity:
    """One hit."""

    id: str
    url: str
    title: str
    #: What the hit says, one line a field, in a fixed order.
    text: str
    #: The day of posting, as claimed.
    published_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpportunityPage:
    """One page of the answer."""

    found: tuple[Opportunity, ...]
    capture: Capture
    #: Hits on this page, those that could not be read too.
    rows: int
    #: Hits in all; None when the answer does not say.
    count: int | None

    @property
    def skipped(self) -> int:
        """Hits without an id or a title."""
        return self.rows - len(self.found)


def read_opportunities(capture: Capture) -> OpportunityPage:
    """Read one page of the answer.

    Raises:
        Unreadable: it is no JSON of the expected shape, or says that the search failed.
    """
    answer = read_object(capture, _WHAT)
    inner = answer.get("data")
    data: Mapping[str, Any] = inner if isinstance(inner, dict) else answer
    hits = data.get("oppHits")
    if words(answer, "errorcode") not in {"", "0"} or not isinstance(hits, list):
        said = clean_line(words(answer, "msg"))[:80]
        msg = f"expected the JSON of {_WHAT}, found {'its error: ' + repr(said) if said else 'JSON without hits'}"
        raise Unreadable(msg, url=capture.url)
    read = [_opportunity(hit) for hit in hits if isinstance(hit, dict)]
    return OpportunityPage(
        found=tuple(one for one in read if one is not None),
        capture=capture,
        rows=len(hits),
        count=whole_number(data, "hitCount"),
    )


def _opportunity(hit: Mapping[str, Any]) -> Opportunity | None:
    number = _first(hit, _IDS)
    title = _first(hit, _TITLES)
    if not number.isalnum() or not number.isascii() or len(number) > _LONGEST_ID or not title:
        return None
    lines = [f"{name}: {value}" for name, keys in _LINES if (value := _first(hit, keys))]
    listings = next((found for key in _LISTINGS if (found := texts(hit, key))), [])
    codes = ", ".join(sorted({clean_line(code) for code in listings}))
    described = text_of(words(hit, "description"))
    return Opportunity(
        id=number,
        url=f"{_PAGE}{number}",
        title=title,
        text="\n".join((*lines, *((f"Assistance listings: {codes}",) if codes else ()), *filter(None, (described,)))),
        published_at=parse_date(_first(hit, ("openDate", "postedDate")), EASTERN),
    )


def _first(hit: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((line for name in names if (line := clean_line(words(hit, name)))), "")
