"""The gazetteer: places by name, and the file it is read from."""

from __future__ import annotations

from importlib.resources import files

import pytest

from classifier.gazetteer import Gazetteer
from facts.places import PlaceKind
from scripts.build_gazetteer import gazetteer_bytes
from tests.classifier.rules import GAZETTEER


@pytest.mark.parametrize(
    ("written", "place", "ident"),
    [
        ("Albuquerque, NM", "Albuquerque, NM", "geonames:5454711"),
        ("Stockton, Calif.", "Stockton, CA", "geonames:5399020"),
        ("stockton, california", "Stockton, CA", "geonames:5399020"),
        ("NM", "New Mexico", "state:NM"),
        ("New Mexico", "New Mexico", "state:NM"),
        ("N.M.", "New Mexico", "state:NM"),
        ("Ala", "Alabama", "state:AL"),
        ("Cook County, IL", "Cook County, IL", "fips:17031"),
        ("St. Paul, MN", "Saint Paul, MN", "geonames:5045360"),
        ("New York, NY", "New York City, NY", "geonames:5128581"),
        ("New York", "New York", "state:NY"),
        ("Washington, D.C.", "Washington, DC", "geonames:4140963"),
        ("Albuquerque", "Albuquerque, NM", "geonames:5454711"),
        ("Miami-Dade, FL", "Miami-Dade County, FL", "fips:12086"),
        ("Arlington, VA", "Arlington County, VA", "fips:51013"),
        ("Athens-Clarke County, GA", "Athens, GA", "geonames:4180386"),
        ("PR", "Puerto Rico", "state:PR"),
        ("Guam", "Guam", "state:GU"),
        ("U.S. Virgin Islands", "Virgin Islands", "state:VI"),
        ("San Juan, PR", "San Juan, PR", "geonames:4568127"),
    ],
)
def test_a_place_is_found_as_it_is_written(written: str, place: str, ident: str) -> None:
    """Postal, Associated Press and full names of states, counties and saints are understood."""
    found = GAZETTEER.find(written)

    assert found is not None
    assert (place, ident) == (str(found), found.id)


@pytest.mark.parametrize("written", ["", ",", "Nowhere, NM", "Albuquerque, ZZ", "Stockton", "\ud800, CA", "x" * 9999])
def test_what_is_no_place_is_none(written: str) -> None:
    """An unknown or ambiguous name is not guessed."""
    assert GAZETTEER.find(written) is None


def test_the_largest_of_a_name_comes_first() -> None:
    """Every bearer of a name is listed with its population."""
    populations = [entry.population for entry in GAZETTEER.named("Stockton")]

    assert populations == sorted(populations, reverse=True)
    assert GAZETTEER.named("Stockton")[0].place.state == "CA"
    assert len(populations) > 1


def test_a_county_goes_without_its_word() -> None:
    """By its bare name every county is found, the largest first."""
    kings = GAZETTEER.counties("King")

    assert [str(entry.place) for entry in kings] == ["King County, WA", "King County, TX"]
    assert kings[0].population > 2_000_000
    assert GAZETTEER.counties("Nowhere") == ()


def test_rows_make_a_gazetteer() -> None:
    """A gazetteer of one's own rows knows those alone."""
    small = Gazetteer.of(
        [["city", "geonames:1", "Sample Falls", "OR", "7"], ["state", "state:OR", "Oregon", "OR", "0"]]
    )

    assert small.find("Sample Falls, Ore.") == small.named("sample falls")[0].place
    assert small.states["OR"].kind is PlaceKind.STATE
    assert small.find("Albuquerque, NM") is None


def test_the_file_is_what_the_script_builds() -> None:
    """The data file is rebuilt byte for byte, and is small."""
    shipped = files("classifier").joinpath("data/gazetteer.tsv").read_bytes()

    assert shipped == gazetteer_bytes()
    assert len(shipped) < 2_000_000
