"""Grams: what the trained model weighs of a sentence."""

from __future__ import annotations

import pytest

from classifier.grams import grams_of
from classifier.outline import marked
from tests.classifier.rules import GAZETTEER, LEXICON


def grams(text: str) -> frozenset[str]:
    parsed, _ = marked("", text, LEXICON, GAZETTEER, ())
    return frozenset().union(*(grams_of(passage) for passage in parsed.passages))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("FEMA wrote to Denver.", "The Department of Justice wrote to Baltimore."),
        ("He paid $5,300 by Monday.", "He paid $12 by Friday."),
        ("It began on March 3, 2017.", "It began on June 21, 2024."),
        ("Byrne JAG ends.", "Public Safety Partnership ends."),
    ],
)
def test_names_numbers_and_dates_are_masked(one: str, other: str) -> None:
    """What is learned of one agency, programme or city holds for all."""
    assert {gram for gram in grams(one) if gram.startswith("w:")} >= {
        gram for gram in grams(other) if gram.startswith("w:") and "the" not in gram
    }


def test_words_stand_alone_and_in_pairs() -> None:
    """Possessives are the word itself."""
    assert {"w:sheriff", "w:refused", "w:sheriff deputies", "w:deputies refused"} <= grams(
        "Sheriff's deputies refused."
    )


def test_terms_follow_each_other_within_reach() -> None:
    """An agency before the money is another thing than the money before an agency."""
    near = grams("Homeland Security may withhold grants from the county.")

    assert {"o:agency>threat", "o:threat>money"} <= near
    assert "o:money>threat" not in near
    apart = grams("Homeland Security, which has its seat in a great old house on a hill above town, may withhold it.")
    assert "o:agency>threat" not in apart


def test_the_first_actor_and_its_verb_are_one_feature() -> None:
    """Who does what, by kind; an answer by its stance."""
    assert "a:agency>federal_act" in grams("The Justice Department warned the mayor.")
    assert "a:local_actor>stance refuses" in grams("The mayor rejected it.")
    assert not any(gram.startswith("a:") for gram in grams("It rained."))
