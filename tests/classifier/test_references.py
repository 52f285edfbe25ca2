"""References: who is spoken of where no name stands."""

from __future__ import annotations

import pytest

from classifier.outline import marked, outline_of
from classifier.parties import named_of, parties_of
from tests.classifier.rules import GAZETTEER, LEXICON


def spoken(text: str) -> list[list[tuple[str, str]]]:
    parsed, mentions = marked("", text, LEXICON, GAZETTEER, ())
    named = named_of(parsed, outline_of(parsed), (mentions, ()), (), GAZETTEER.states)
    return [[(str(each.place), each.how) for each in inside] for inside in named.references]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Boise got a letter. The city refused.", ("Boise, ID", "city")),
        ("Boise got a letter. Rain fell. The mayor refused.", ("Boise, ID", "city")),
        ("Boise wrote to Reno. Each city refused.", None),
        ("Boise wrote to Ada County, Idaho. The sheriff refused.", ("Ada County, ID", "county")),
        ("Officials in Boise, Idaho, met. The state refused.", ("Idaho", "state")),
        ("Boise refused. She said it would cost too much.", ("Boise, ID", "pronoun")),
        ("The city attorney of Boise, Ann Ortega, spoke. Ortega refused.", ("Boise, ID", "person")),
        ("Boise heard from Assistant Attorney General Ann Ortega. Ortega refused.", None),
        ("Boise met. State law is plain.", None),
    ],
)
def test_a_sentence_without_a_name_still_speaks_of_a_place(text: str, expected: tuple[str, str] | None) -> None:
    """By its government, by a pronoun or by the person who speaks for it; "each city" and a federal one by none."""
    assert spoken(text)[-1] == ([expected] if expected else [])


def test_the_state_that_is_only_called_so_is_a_party() -> None:
    """A text whose places lie in one state means that one by "the state", though it never names it."""
    parsed, mentions = marked("", "BOISE, Idaho - The state refused.", LEXICON, GAZETTEER, ())
    named = named_of(parsed, outline_of(parsed), (mentions, ()), (), GAZETTEER.states)

    assert [str(party.place) for party in parties_of(named)] == ["Boise, ID", "Idaho"]
