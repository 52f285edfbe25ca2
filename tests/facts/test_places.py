from __future__ import annotations

import pytest

from facts.places import PlaceKind, Role
from tests.facts.samples import place


@pytest.mark.parametrize(
    ("name", "state", "kind", "expected"),
    [
        ("Stockton", "CA", PlaceKind.CITY, "Stockton, CA"),
        ("Cook County", "IL", PlaceKind.COUNTY, "Cook County, IL"),
        ("Oregon", "OR", PlaceKind.STATE, "Oregon"),
    ],
)
def test_a_place_is_written_as_a_reader_writes_it(name: str, state: str, kind: PlaceKind, expected: str) -> None:
    """Cities and counties carry their state, a state stands alone."""
    assert expected == str(place(name, state, kind=kind))


def test_a_role_is_the_only_thing_that_changes() -> None:
    """The same place in another role keeps its id."""
    stockton = place("Stockton", "CA")

    assert stockton.with_role(Role.RECIPIENT).role is Role.RECIPIENT
    assert stockton.with_role(Role.RECIPIENT).id == stockton.id
