from __future__ import annotations

from facts.places import Role
from tests.facts.samples import event, place


def test_places_are_found_by_their_role() -> None:
    """A mention is no recipient."""
    stockton, chicago = place("Stockton", "CA", Role.RECIPIENT), place("Chicago", "IL")

    assert event(places=(stockton, chicago)).in_role(Role.RECIPIENT) == (stockton,)


def test_an_event_keeps_its_id_under_another_model() -> None:
    """A new model adds a judgement, never a second alert."""
    assert event(judged_by="a").id == event(judged_by="b", score=0.1).id
