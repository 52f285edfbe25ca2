"""Roles: whom a condition is addressed to."""

from __future__ import annotations

import pytest

from classifier.gate import gate
from classifier.outline import marked
from classifier.parties import named_of, parties_of
from classifier.roles import places_in_role, role_odds
from facts.event import LETTER
from tests.classifier.rules import GAZETTEER, LEXICON, MODEL

TOLD = "The Justice Department sent letters to Stockton, Calif., and Baltimore that demand they open their jails. "


def recipients(text: str, *home: str) -> list[str]:
    at_home = [place for name in home if (place := GAZETTEER.find(name))]
    parsed, mentions = marked("", text, LEXICON, GAZETTEER, at_home)
    gated = gate(parsed, MODEL)
    named = named_of(parsed, gated.outline, (mentions, ()), at_home, GAZETTEER.states)
    letter = frozenset({LETTER})
    odds = role_odds("recipient", parties_of(named), letter, gated.reasons(), MODEL.parties)
    found = places_in_role("recipient", named, odds, letter)
    assert places_in_role("respondent", named, odds, letter) == ()
    return [str(place) for place in found]


@pytest.mark.parametrize(
    "aside",
    [
        "Unlike Chicago, they have no ordinance.",
        "Chicago sued over a similar rule.",
        "A judge in Seattle blocked an earlier rule.",
        "The secretary gave a speech in Denver.",
        "Lawyers in New Mexico were puzzled.",
        "Last year Houston was told the same.",
    ],
)
def test_an_aside_is_not_addressed(aside: str) -> None:
    """Comparisons, other suits, courts, venues and earlier rounds are mentions."""
    assert recipients(TOLD + aside) == ["Stockton, CA", "Baltimore, MD"]


def test_a_list_is_addressed_as_a_whole() -> None:
    """A name that is less sure goes with those it stands among."""
    text = "The Justice Department sent letters of demands to Stockton, Calif., Baltimore, Denver and Reno, Nev."

    assert recipients(text) == ["Stockton, CA", "Baltimore, MD", "Denver, CO", "Reno, NV"]


def test_the_others_are_addressed_as_the_one_is() -> None:
    """ "One of four cities" leaves three, which are named apart; other cities of a county are not those."""
    text = (
        "Reno was told by the Justice Department that it loses its grant unless it opens its jail. It is one of four. "
    )

    assert recipients(text + "The other three are Boise, Denver and Mesa, Ariz.") == [
        "Reno, NV",
        "Boise, ID",
        "Denver, CO",
        "Mesa, AZ",
    ]
    assert recipients(text + "It rained in Boise, Denver and Mesa, Ariz.") == ["Reno, NV"]


def test_a_state_can_be_addressed() -> None:
    """A state is a recipient of its own where no city of it is."""
    assert recipients("The Education Department warned Maine it will lose federal funding unless it agrees.") == [
        "Maine"
    ]


def test_a_state_that_only_says_where_is_not() -> None:
    """ "Stockton in California" addresses one."""
    text = "The Justice Department sent a letter of demands to Stockton. Papers in California told of it."

    assert recipients(text) == ["Stockton, CA"]


def test_a_local_text_speaks_of_its_home() -> None:
    """A local source's "the city" is its own; without a local actor it is nobody's."""
    assert recipients("The city got a federal letter.", "Stockton, CA") == ["Stockton, CA"]
    assert recipients("A federal letter came.", "Stockton, CA") == []
    assert recipients("The city got a federal letter.") == []


def test_earlier_rounds_count_when_there_is_no_other() -> None:
    """A text that tells only of last year's letters still names whom they went to."""
    assert recipients("Last year the Justice Department sent Denver a letter of demands.") == ["Denver, CO"]
