"""Places: cities, counties and states, by an id that outlives spelling."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class PlaceKind(StrEnum):
    """What kind of government the place has."""

    CITY = "city"
    COUNTY = "county"
    STATE = "state"


class Role(StrEnum):
    """What the place does in a document."""

    RECIPIENT = "recipient"
    RESPONDENT = "respondent"
    MENTION = "mention"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place; `state` is the USPS code.

    `id` is `geonames:N` for a city, `fips:NNNNN` for a county, `state:XX` for a state.
    """

    name: str
    state: str
    kind: PlaceKind
    id: str
    role: Role = Role.MENTION

    def __str__(self) -> str:
        """Return the place as a reader writes it: "Stockton, CA", "Cook County, IL", "Oregon"."""
        return self.name if self.kind is PlaceKind.STATE else f"{self.name}, {self.state}"

    def with_role(self, role: Role) -> Place:
        """Return the same place in another role."""
        return replace(self, role=role)
