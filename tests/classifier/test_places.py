"""Places: names resolved by what stands around them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.folding import fold
from classifier.places import find_places
from facts.places import Place
from tests.classifier.rules import GAZETTEER


def places(text: str, *home: str) -> list[str]:
    at_home = [place for name in home if (place := GAZETTEER.find(name))]
    return [str(mention.place) for mention in find_places(fold(text).text, GAZETTEER, at_home)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ALBUQUERQUE, N.M. (Wire) \u2014 It said", ["Albuquerque, NM"]),
        ("a letter to Cook County, Ill., said", ["Cook County, IL"]),
        ("in Stockton, CA, and Salem, Ore.", ["Stockton, CA", "Salem, OR"]),
        ("Portland, Maine, was asked", ["Portland, ME"]),
        ("Boise ID was asked", ["Boise, ID"]),
        ("both Stockton and San Bernardino in California", ["Stockton, CA", "San Bernardino, CA", "California"]),
        ("Baltimore was asked", ["Baltimore, MD"]),
        ("Salt Lake City was asked", ["Salt Lake City, UT"]),
        ("Albuquerque\u2019s mayor", ["Albuquerque, NM"]),
        ("the St. Paul council in Minnesota", ["Saint Paul, MN", "Minnesota"]),
        ("in Denver and Adams County", ["Denver, CO", "Adams County, CO"]),
        ("Miami-Dade County agreed", ["Miami-Dade County, FL"]),
        ("New York Mayor Bo Roe", ["New York City, NY"]),
        ("New York Attorney General Jo Roe", ["New York"]),
        ("Washington state and the state of Washington", ["Washington", "Washington"]),
        ("Washington, D.C., Mayor Bo Roe", ["Washington, DC"]),
    ],
)
def test_a_place_is_resolved_by_its_surroundings(text: str, expected: list[str]) -> None:
    """Dateline, county, state in either form, list, stand-alone city and nearby states each decide."""
    assert expected == places(text)


@pytest.mark.parametrize(
    "text",
    [
        "The Baltimore Sun reported",
        "the Reading Eagle reported",
        "at the University, Stockton University said",
        "on Albuquerque Avenue in the rain",
        "said Austin Jackson on Monday",
        "said Madison Lincoln on Monday",
        "Sheriff Houston refused to speak",
        "Reading is fun. Mobile phones and Orange juice. Justice is blind.",
        "WASHINGTON \u2014 The department wrote. Washington told the cities.",
        "Office of Programs\nWashington, D.C. 20531",
        "in Washington, D.C., on Monday",
        "Springfield was asked",
    ],
)
def test_what_only_looks_like_a_place_is_none(text: str) -> None:
    """Newspapers, universities, streets, people, risky words, the government and namesakes are no places."""
    assert places(text) == []


def test_the_home_of_the_source_decides() -> None:
    """A paper of Springfield means its own, and a county of its own state."""
    assert places("Springfield was asked", "Springfield, IL") == ["Springfield, IL"]
    assert places("Orange County was asked", "Stockton, CA") == ["Orange County, CA"]


def test_a_large_city_is_not_taken_for_its_namesake() -> None:
    """A village in a state that is named elsewhere does not take the name of a city many times its size."""
    assert places("Cook County, Ill., was first. Later Stockton was asked") == ["Cook County, IL", "Stockton, CA"]


def test_a_dateline_is_marked() -> None:
    """The place of the dateline is known as such."""
    first, second = find_places(fold("STOCKTON, Calif. \u2014 The city of Stockton").text, GAZETTEER, ())

    assert (first.dateline, second.dateline) == (True, False)


@given(st.text() | st.text(alphabet="ABCabc .,'\n\u00e9-CANMIL", max_size=200))
@settings(max_examples=100)
def test_no_text_breaks_the_resolver(text: str) -> None:
    """Whatever comes in, mentions are places inside the text, in order."""
    folded = fold(text).text
    found = find_places(folded, GAZETTEER, ())

    assert all(isinstance(mention.place, Place) and mention.start < mention.end <= len(folded) for mention in found)
    assert [mention.start for mention in found] == sorted(mention.start for mention in found)
