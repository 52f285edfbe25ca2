"""The lexicon: phrases found in one pass, and extended from outside."""

from __future__ import annotations

import pytest

from classifier.lexicon import Lexicon
from classifier.parsing import parse
from facts.errors import ConfigError
from tests.classifier.rules import LEXICON


def found(text: str, kind: str, lexicon: Lexicon = LEXICON) -> set[str]:
    passages = parse("", text, lexicon).passages
    return {hit.term.name for passage in passages for hit in passage.of(kind)}


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("The Justice Department wrote.", "Department of Justice"),
        ("DOJ wrote.", "Department of Justice"),
        ("FEMA wrote.", "Federal Emergency Management Agency"),
        ("The White House wrote.", "White House"),
        ("A HUD form came.", "Department of Housing and Urban Development"),
    ],
)
def test_agencies_are_named_canonically(text: str, agency: str) -> None:
    """Short and long names lead to one name."""
    assert {agency} == found(text, "agency")


@pytest.mark.parametrize("text", ["ice on the roads", "the dot above it", "a cops show", "copse"])
def test_acronyms_count_in_capitals_only(text: str) -> None:
    """ICE is not ice."""
    assert set() == found(text, "agency")


def test_gaps_are_bounded() -> None:
    """A phrase with a gap matches within it and not beyond."""
    assert "release_notice" in found("They notify agents before any release.", "condition")
    assert "release_notice" not in found("They notify " + "very " * 20 + "late of a release.", "condition")


def test_a_phrase_with_a_gap_does_not_stretch_its_neighbours() -> None:
    """Phrases that begin alike keep their own gaps."""
    extra = {"agencies": {"One": ["alpha ~3 beta"], "Two": ["alpha gamma"]}}
    lexicon = Lexicon.load(extra)

    assert {"One"} == found("alpha x beta", "agency", lexicon)
    assert set() == found("alpha x gamma", "agency", lexicon)


def test_alternatives_may_hold_two_words() -> None:
    """An underscore joins the words of one alternative."""
    assert "refuses" in found("We will not sign.", "stance")
    assert "refuses" in found("We won't sign.", "stance")


def test_a_new_agency_is_one_line() -> None:
    """An addition adds, and what was known stays."""
    lexicon = Lexicon.load({"agencies": {"Bureau of Bridges": ["bureau of bridges", "BOB"]}})

    assert {"Bureau of Bridges"} == found("The BOB wrote.", "agency", lexicon)
    assert {"Department of Justice"} == found("DOJ wrote.", "agency", lexicon)
    assert set() == found("The BOB wrote.", "agency")


def test_a_programme_knows_its_owner() -> None:
    """A programme of the configuration speaks for its agency; patterns are added to a known one."""
    lexicon = Lexicon.load(
        {
            "programs": {
                "Span Fund": {"agency": "Bureau of Bridges", "patterns": ["span fund"]},
                "BRIC": {"agency": "Federal Emergency Management Agency", "patterns": ["resilience bricks"]},
            }
        }
    )

    assert lexicon.owners["Span Fund"] == "Bureau of Bridges"
    assert {"BRIC"} == found("resilience bricks", "program", lexicon)
    assert {"BRIC"} == found("the BRIC money", "program", lexicon)


@pytest.mark.parametrize(
    ("extra", "where"),
    [
        ({"agency": {}}, "lexicon.agency"),
        ({"agencies": []}, "lexicon.agencies"),
        ({"agencies": {"X": "xyz"}}, "lexicon.agencies.X"),
        ({"agencies": {"X": ["~3 xyz"]}}, "lexicon.agencies.X"),
        ({"agencies": {"X": ["xyz ~99 abc"]}}, "lexicon.agencies.X"),
        ({"agencies": {"X": ["a*"]}}, "lexicon.agencies.X"),
        ({"agencies": {"X": [""]}}, "lexicon.agencies.X"),
        ({"agencies": {"X": ["a||b"]}}, "lexicon.agencies.X"),
        ({"programs": {"X": {"patterns": ["xyz"]}}}, "lexicon.programs.X"),
    ],
)
def test_a_wrong_addition_is_named(extra: dict[str, object], where: str) -> None:
    """What cannot be read says where it stands."""
    with pytest.raises(ConfigError) as raised:
        Lexicon.load(extra)

    assert where == raised.value.where
