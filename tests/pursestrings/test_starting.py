"""A first configuration for a place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from classifier.gazetteer import Gazetteer
from facts.places import Place
from pursestrings.commands.init import template
from pursestrings.config import load
from pursestrings.plugins import SHIPPED, kinds
from pursestrings.stanzas import Config
from pursestrings.starting import choose, first_config, keys_of, told
from pursestrings.summary import advice
from pursestrings.toml_text import stanza
from spiders.directory import Directory

DIRECTORY = Directory.load()
FEDERAL = {source.name for source in DIRECTORY.federal() if not source.optional}


def place(text: str) -> Place:
    """Return a place that there is."""
    found = Gazetteer.load().find(text)
    assert found is not None
    return found


def text_for(*places: str) -> str:
    """Return the configuration for these places."""
    return first_config(template(), DIRECTORY, [choose(DIRECTORY, place(one), place) for one in places])


def config_of(folder: Path, text: str) -> Config:
    """Write it, and load it with the real kinds and places."""
    (folder / "config.toml").write_text(text, encoding="utf-8")
    return load(folder / "config.toml", {}, Gazetteer.load().find)


def names(config: Config) -> set[str]:
    """Return the sources by name."""
    return {source.name for source in config.sources}


def test_a_city_gets_federal_local_and_statewide_sources(tmp_path: Path) -> None:
    """Those of other states are left out; the route is that of its state, the clock too."""
    config = config_of(tmp_path, text_for("Baltimore, MD"))

    assert names(config) >= FEDERAL | {"baltimore-brew", "maryland-matters"}
    assert {str(one) for source in config.sources for one in source.places} == {"Baltimore, MD", "Maryland"}
    assert [str(one) for route in config.routes for one in route.places] == ["Maryland"]
    assert str(config.bot.timezone) == "America/New_York"
    assert not [sentence for sentence in advice(config) if "bot.contact" not in sentence]


def test_a_county_and_a_city_of_it_share_their_papers(tmp_path: Path) -> None:
    """Each source stands there once."""
    config = config_of(tmp_path, text_for("Cook County, IL", "Chicago, IL"))

    assert {"block-club-chicago", "capitol-news-illinois"} < names(config)


def test_a_state_gets_all_that_is_in_it(tmp_path: Path) -> None:
    """Its cities' papers too."""
    assert {"nevada-independent", "review-journal"} < names(config_of(tmp_path, text_for("NV")))


def test_several_places_of_several_states_are_all_heard_of(tmp_path: Path) -> None:
    """One route over all of their states."""
    config = config_of(tmp_path, text_for("Denver, CO", "Seattle, WA", "Portland, OR"))

    assert [one.state for route in config.routes for one in route.places] == ["CO", "WA", "OR"]
    assert {"denverite", "publicola", "willamette-week"} < names(config)


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("Albuquerque, NM", "Albuquerque, NM: 2 local sources, 2 statewide sources."),
        ("NV", "Nevada: 1 local source, 2 statewide sources."),
        ("Fresno, CA", "Fresno, CA: the source directory has no source about it. It has 4 statewide sources."),
        ("Cheyenne, WY", "Cheyenne, WY: the source directory has no source about it. It has 0 statewide sources."),
        ("WY", "Wyoming: the source directory has no source about it."),
    ],
)
def test_what_was_found_is_told(where: str, said: str) -> None:
    """What is missing too."""
    assert told(choose(DIRECTORY, place(where), place)).startswith(said)


def test_an_unknown_place_is_told_which_ones_near_it_are_known() -> None:
    """Those of its state."""
    assert "Stockton, CA" in told(choose(DIRECTORY, place("Fresno, CA"), place))


def test_a_place_without_sources_still_gets_the_federal_ones(tmp_path: Path) -> None:
    """And the file says that nothing local is watched."""
    text = text_for("Cheyenne, WY")

    assert names(config_of(tmp_path, text)) == FEDERAL
    assert "# Cheyenne, WY: the directory has nothing" in text


def test_the_file_says_that_nothing_was_asked_and_what_is_missing() -> None:
    """Nobody takes a list for a promise."""
    text = text_for("Philadelphia, PA")

    assert "NONE OF THEM WAS ASKED YET" in text
    assert "# listed, probed: never\n[sources.billy-penn]" in text
    assert "# Missing: HUD, DOT and HHS" in text
    assert "# philadelphia-city (pattern, probed: never): no list names this address" in text
    assert "# [sources.philadelphia-city]" in text


def test_without_a_place_it_is_the_template() -> None:
    """To the letter."""
    assert first_config(template(), DIRECTORY, []) == template()


@pytest.mark.parametrize("code", sorted(Gazetteer.load().states))
def test_every_state_makes_a_valid_file(code: str) -> None:
    """With every source about it, and every zone."""
    text = text_for(code)

    assert text.count("[routes.desk]") == 1
    assert f'places = ["{code}"]' in text
    assert text.count('timezone = "') == 1


def test_every_source_of_the_directory_is_valid(tmp_path: Path) -> None:
    """Each kind takes what the directory gives it, the optional ones included."""
    stanzas: Sequence[str] = [stanza(source.name, keys_of(source)) for source in DIRECTORY.sources]
    config = config_of(
        tmp_path, '[bot]\ncontact = "a@news.example"\n[channels.desk]\nkind = "console"\n' + "".join(stanzas)
    )

    assert names(config) == {source.name for source in DIRECTORY.sources}
    assert {source.kind for source in DIRECTORY.sources} <= set(kinds(SHIPPED.spiders))
