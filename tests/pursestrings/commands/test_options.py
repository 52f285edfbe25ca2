"""Options that several commands share."""

from __future__ import annotations

from datetime import date

import pytest
import typer

from pursestrings.commands.options import one_of, read_date, read_place


def test_a_day_is_read() -> None:
    """None is none."""
    assert [date(2017, 8, 3), None] == [read_date(text, "--since") for text in ("2017-08-03", None)]


@pytest.mark.parametrize("text", ["", "Aug. 3", "2017-13-01", "2017-08-03T00:00", "\ud800"])
def test_what_is_no_day_is_refused(text: str) -> None:
    """With how to write one."""
    with pytest.raises(typer.BadParameter, match="write it as 2017-08-03") as refusal:
        read_date(text, "--since")

    assert refusal.value.param_hint == "--since"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Stockton, CA", "geonames:5399020"),
        ("CA", "state:CA"),
        ("California", "state:CA"),
        ("Cook County, IL", "fips:17031"),
    ],
)
def test_a_place_is_read(text: str, expected: str) -> None:
    """A city, a state in two ways, a county."""
    place = read_place(text, "--place")

    assert place
    assert place.id == expected


def test_no_place_is_none_and_an_unknown_one_is_refused() -> None:
    """With how to write one."""
    assert read_place(None, "--place") is None
    with pytest.raises(typer.BadParameter, match="no place we know; write it as"):
        read_place("Gotham", "--place")


def test_names_are_taken_once_each_in_their_order() -> None:
    """No names are none."""
    assert [one_of(given, ["a", "b"], "source", "SOURCE") for given in (["b", "a", "b"], [])] == [("b", "a"), ()]


def test_an_unknown_name_is_refused_with_the_choice() -> None:
    """Or with word that there is none."""
    with pytest.raises(typer.BadParameter, match="there is no source 'c'; choose from a, b"):
        one_of(["a", "c"], ["a", "b"], "source", "SOURCE")
    with pytest.raises(typer.BadParameter, match="there is no digest 'c'; the configuration has none"):
        one_of(["c"], [], "digest", "NAME")
