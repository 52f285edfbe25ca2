"""Roles: whom a condition is addressed to."""

from __future__ import annotations

import pytest

from classifier.parsing import parse
from classifier.places import find_places
from classifier.roles import recipients_of
from tests.classifier.rules import GAZETTEER, LEXICON

TOLD = "The Justice Department sent letters to Stockton, Calif., and Baltimore that demand they open their jails. "


def recipients(text: str, *home: str) -> list[str]:
    parsed = parse("", text, LEXICON)
    at_home = [place for name in home if (place := GAZETTEER.find(name))]
    return [str(place) for place in recipients_of(parsed, find_places(parsed.folded.text, GAZETTEER, at_home), at_home)]


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


def test_the_rest_of_the_list_is_addressed() -> None:
    """ "The other two are ..." goes on with the list."""
    text = "The Justice Department sent Stockton, Calif., a letter of demands. The other two are Baltimore and Denver."

    assert recipients(text) == ["Stockton, CA", "Baltimore, MD", "Denver, CO"]


def test_a_state_can_be_addressed() -> None:
    """A state is a recipient of its own where no city of it is."""
    assert recipients("The Education Department warned Maine it will lose federal funding unless it agrees.") == [
        "Maine"
    ]


def test_a_state_that_only_says_where_is_not() -> None:
    """ "Stockton in California" addresses one."""
    text = "The Justice Department sent a letter of demands to Stockton, California, and told California papers so."

    assert recipients(text) == ["Stockton, CA"]


def test_a_local_text_speaks_of_its_home() -> None:
    """A local source's "the city" is its own; without a local actor it is nobody's."""
    assert recipients("The city got a federal letter.", "Stockton, CA") == ["Stockton, CA"]
    assert recipients("A federal letter came.", "Stockton, CA") == []
    assert recipients("The city got a federal letter.") == []


def test_earlier_rounds_count_when_there_is_no_other() -> None:
    """A text that tells only of last year's letters still names whom they went to."""
    assert recipients("Last year the Justice Department sent Denver a letter of demands.") == ["Denver, CO"]
