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
        ("Washington, District of Columbia, agreed", ["Washington, DC"]),
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Washington, Oregon and Maine said no", ["Washington", "Oregon", "Maine"]),
        ("the governors of Washington and Oregon wrote", ["Washington", "Oregon"]),
        ("The States of Washington, New York and others sued", ["Washington", "New York"]),
        ("Voters in western Washington asked", ["Washington"]),
        ("Washington's governor and Washington's legislature", ["Washington", "Washington"]),
        ("Spokane, Wash., waits. Washington's law forbids it", ["Spokane, WA", "Washington"]),
        ("Washington's law firm waits", []),
        ("in Seattle, Chicago and Washington", ["Seattle, WA", "Chicago, IL", "Washington, DC"]),
        ("a quarrel between Washington and California", ["California"]),
        ("Washington and Chicago quarrel", ["Chicago, IL"]),
        ("the D.C. council and DC police", ["Washington, DC", "Washington, DC"]),
    ],
)
def test_washington_is_a_government_a_state_or_a_city(text: str, expected: list[str]) -> None:
    """Lists, titles and regions tell; bare it is the federal government."""
    assert places(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("letters to Seattle, Portland and New York", ["Seattle, WA", "Portland, OR", "New York City, NY"]),
        ("New York, New Jersey and Denver sued", ["New York", "New Jersey", "Denver, CO"]),
        ("NEW YORK \u2014 The agency waits", ["New York City, NY"]),
        ("the City of New York sued", ["New York City, NY"]),
        ("upstate New York waits", ["New York"]),
        ("New York, New York City and Maine", ["New York", "New York City, NY", "Maine"]),
        ("New York City was told. New York will answer", ["New York City, NY", "New York City, NY"]),
        ("ALBANY, N.Y. \u2014 New York City and New York wait", ["Albany, NY", "New York City, NY", "New York"]),
        ("New York waits", ["New York"]),
        ("NYC and Philly were asked", ["New York City, NY", "Philadelphia, PA"]),
    ],
)
def test_new_york_is_a_city_or_a_state(text: str, expected: list[str]) -> None:
    """Lists, titles, datelines and what else the text names tell."""
    assert places(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Letters went to Bexar and El Paso counties", ["Bexar County, TX", "El Paso County, TX"]),
        (
            "the counties of Santa Clara, San Mateo and Marin",
            ["Santa Clara County, CA", "San Mateo County, CA", "Marin County, CA"],
        ),
        ("Teton and Albany counties in Wyoming", ["Teton County, WY", "Albany County, WY", "Wyoming"]),
        (
            "Miami-Dade, Anne Arundel and Multnomah agreed",
            ["Miami-Dade County, FL", "Anne Arundel County, MD", "Multnomah County, OR"],
        ),
        (
            "Westchester County in New York. Westchester's act",
            ["Westchester County, NY", "New York", "Westchester County, NY"],
        ),
        ("King County and Cook County sued", ["King County, WA", "Cook County, IL"]),
        ("Monroe County was asked", []),
        ("ROCHESTER \u2014 Monroe County was asked", ["Rochester, NY", "Monroe County, NY"]),
        ("NOGALES \u2014 Santa Cruz County was asked", ["Nogales, AZ", "Santa Cruz County, AZ"]),
        ("Orange County in North Carolina", ["Orange County, NC", "North Carolina"]),
        ("the Milwaukee sheriff refused", ["Milwaukee County, WI"]),
        ("Charlotte-Mecklenburg Schools agreed", ["Mecklenburg County, NC"]),
        ("the city and county of Denver agreed", ["Denver, CO"]),
        ("Fairfax will open", ["Fairfax County, VA"]),
        ("Sacramento County and then Sacramento", ["Sacramento County, CA", "Sacramento, CA"]),
        ("A Gulf county was asked", []),
        ("Wake up, Will. City Hall is closed", []),
        ("Multnomah Falls County was asked", []),
    ],
)
def test_a_county_is_found_with_and_without_its_word(text: str, expected: list[str]) -> None:
    """Lists of counties, counties of one name, sheriffs, and the county that the state in the text has."""
    assert places(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Watsonville found out", ["Watsonville, CA"]),
        ("the city manager in Traverse City", ["Traverse City, MI"]),
        ("KETCHUM \u2014 A new engine", ["Ketchum, ID"]),
        ("By Bo Roe\n\nGRANTS (Wire) \u2014 The state", ["Grants, NM"]),
        ("KITTERY BAY \u2014 The council", []),
        ("Evanston's mayor and Skokie schools", ["Evanston, IL", "Skokie, IL"]),
        ("Portland, Maine, was first. Later Portland sued", ["Portland, ME", "Portland, ME"]),
        ("Lewiston and Portland in Maine", ["Lewiston, ME", "Portland, ME", "Maine"]),
        ("the City of Reading, a city of 90,000", ["Reading, PA"]),
        ("Lansing has one more day", ["Lansing, MI"]),
        ("Palatine-based schools and the Boise-area board", ["Palatine, IL", "Boise, ID"]),
        ("Chicago Public Schools and San Francisco Unified", ["Chicago, IL", "San Francisco, CA"]),
        ("the Fairbanks North Star Borough", ["Fairbanks North Star Borough, AK"]),
        ("Coeur d'Alene in Idaho", ["Coeur d'Alene, ID", "Idaho"]),
        ("Arlington, Virginia.", ["Arlington County, VA"]),
        ("SAN JUAN, Puerto Rico \u2014 The governor", ["San Juan, PR"]),
    ],
)
def test_a_city_is_found_where_no_other_reading_is_likely(text: str, expected: list[str]) -> None:
    """Its size, its dateline, what it has, where it was said to lie and its neighbours tell."""
    assert places(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("COLORADO MUST CERTIFY", ["Colorado"]),
        ("Connecticut's librarian and the Colo. governor", ["Connecticut", "Colorado"]),
        ("Oregonians and Rhode Islanders wait", ["Oregon", "Rhode Island"]),
        ("a N.J. town and an R.I. school", ["New Jersey", "Rhode Island"]),
        ("NM Health was asked, (VT, ME, NH) too", ["New Mexico", "Vermont", "Maine", "New Hampshire"]),
        ("California, Maryland and Ohio sued", ["California", "Maryland", "Ohio"]),
        ("In Sacramento, California's board", ["Sacramento, CA", "California"]),
        (
            "Guam, Puerto Rico, the U.S. Virgin Islands and American Samoa",
            ["Guam", "Puerto Rico", "Virgin Islands", "American Samoa"],
        ),
        ("the State of Ohio and Ohio", ["Ohio", "Ohio"]),
        ("the Northern Marianas and CNMI", ["Northern Mariana Islands", "Northern Mariana Islands"]),
        ("the District of Columbia sued", ["District of Columbia"]),
        ("the LA mayor and L.A. schools", ["Los Angeles, CA", "Los Angeles, CA"]),
        ("LA and IN and OR", []),
        ("Virginia Roe spoke", []),
    ],
)
def test_a_state_is_found_in_all_its_forms(text: str, expected: list[str]) -> None:
    """Capitals, possessives, abbreviations, postal codes, the people and the territories."""
    assert places(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "the Northern District of Illinois and the Central District of California",
        "U.S. attorney for the District of Columbia",
        "University of California, Berkeley",
        "Texas A&M University and Ohio State University",
        "along the Mississippi, past the Colorado",
        "at Ninth and Massachusetts",
        "Sen. Roe, R-Texas, at Houston State",
        "St. Vincent's shelter and Knights of Columbus",
        "in Mississauga, Ontario, Canada",
        "the Justice Department and the White House",
        "It came in August. Congress met.",
        "along the Swannanoa, a river",
        "John F. Kennedy spoke",
        "Mayor Danilo Monroe spoke. Monroe refused.",
        "the New York Times wrote",
        "drafted by Lincoln to fight",
    ],
)
def test_what_is_part_of_another_name_is_no_place(text: str) -> None:
    """Courts, universities, rivers, streets, parties, saints, places abroad, departments and persons."""
    assert places(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A Lansing lawyer and an Omaha teacher met", ["Lansing, MI", "Omaha, NE"]),
        ("A Cook County judge ruled. My Tulsa office", ["Cook County, IL", "Tulsa, OK"]),
        ("Lewis and Clark County, Montana", ["Lewis and Clark County, MT"]),
        (
            "in three Vermont counties: Lamoille, Rutland and Windham",
            ["Vermont", "Lamoille County, VT", "Rutland County, VT", "Windham County, VT"],
        ),
        ("Marion and Ohio counties in West Virginia", ["Marion County, WV", "Ohio County, WV", "West Virginia"]),
        (
            "Sites in Washington and Aroostook counties in Maine",
            ["Washington County, ME", "Aroostook County, ME", "Maine"],
        ),
        ("Adair and four other counties in Missouri", ["Adair County, MO", "Missouri"]),
        ("an Arkansas county and the Ohio counties", ["Arkansas", "Ohio"]),
        ("a judge in Manhattan, a street in the Bronx", ["New York City, NY", "New York City, NY"]),
        (
            "OLYMPIA, Wash. \u2014 Washington's apple crop and schools in Washington",
            ["Olympia, WA", "Washington", "Washington"],
        ),
        ("Washington and 20 other states sued", ["Washington"]),
        ("In Seattle, a call to Washington", ["Seattle, WA"]),
        ("WASHINGTON, D.C. \u2014 The letter from Washington, D.C., arrived", []),
        ("King County v. Turner and United States v. California", ["King County, WA", "California"]),
        ("the Department of Commerce in Olympia", ["Olympia, WA"]),
    ],
)
def test_the_words_beside_a_name_tell_what_it_is(text: str, expected: list[str]) -> None:
    """Articles, lists of counties, boroughs, the state that a text is about and the seat of the government."""
    assert places(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Ames asked. Rep. Lynn spoke",
        "Sen. Roe, D-Las Vegas, and Rep. Roe, R-Salt Lake City",
        "the Department of Justice spokesman",
        "a clinic in the Oakland neighborhood",
        "They ran. Airport commission looks. Union leaders met",
        "farmers near Bogota and Toronto",
    ],
)
def test_what_the_words_beside_a_name_deny_is_no_place(text: str) -> None:
    """Titles cut short, parties, departments, neighborhoods, first words of sentences, cities abroad."""
    assert places(text) == []


def test_a_small_name_is_not_taken_from_another_state() -> None:
    """Where a text speaks of one state, a village far away is not meant; without that state it may be."""
    assert places("Voters in California. A clinic for Rantoul") == ["California"]
    assert places("A clinic for Rantoul") == ["Rantoul, IL"]


def test_a_headline_of_capitals_says_nothing_of_persons() -> None:
    """Where every word is capitalised the words beside a name are no first names."""
    assert places("Feds Say Chicago Must Comply With Letter") == ["Chicago, IL"]


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
