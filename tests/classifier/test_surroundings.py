"""Surroundings: what stands around a place."""

from __future__ import annotations

from classifier.outline import marked, outline_of
from classifier.parties import named_of
from classifier.surroundings import runs_of, said_by_name, surroundings
from tests.classifier.rules import GAZETTEER, LEXICON


def around(text: str, at: int) -> set[str]:
    parsed, mentions = marked("", text, LEXICON, GAZETTEER, ())
    named = named_of(parsed, outline_of(parsed), (mentions, ()), (), GAZETTEER.states)
    inside = named.references[0]
    return set(surroundings(parsed, parsed.passages[0], inside, inside[at]))


def test_a_name_in_a_list_has_the_words_around_the_list() -> None:
    """Letters to three cities address the last as they do the first."""
    text = "The department sent letters to Boise, Reno and Tulsa on Monday."

    for at in range(3):
        assert {"nb:to", "na:on", "nlist:3"} <= around(text, at)


def test_a_verb_behind_another_actor_is_marked_as_his() -> None:
    """In "Boise told Reno, which refused" it is not Boise that refuses."""
    assert "nv:stancerefuses" in around("Boise refused.", 0)
    assert "nv:xstancerefuses" in around("In Boise the sheriff of Reno refused.", 0)


def test_names_apart_are_no_list() -> None:
    """Words between two names end a list."""
    text = "Boise, Reno and the mayor of Tulsa refused."
    parsed, mentions = marked("", text, LEXICON, GAZETTEER, ())
    named = named_of(parsed, outline_of(parsed), (mentions, ()), (), GAZETTEER.states)

    assert [[each.place.name for each in run] for run in runs_of(text, named.references[0])] == [
        ["Boise", "Reno"],
        ["Tulsa"],
    ]


def said(text: str) -> dict[str, set[str]]:
    parsed, mentions = marked("", text, LEXICON, GAZETTEER, ())
    named = named_of(parsed, outline_of(parsed), (mentions, ()), (), GAZETTEER.states)
    found = said_by_name(parsed, parsed.passages[0], named.references[0])
    return {each.place.name: found[each.place.id] for each in named.references[0]}


def test_each_place_has_what_is_said_from_its_name_on() -> None:
    """In a sentence of two answers each place has its own."""
    found = said("Boise refused the terms while Tulsa signed.")

    assert "os:refus" in found["Boise"]
    assert "os:refus" not in found["Tulsa"]
    assert "oc:sign" in found["Tulsa"]


def test_a_long_list_has_the_whole_sentence() -> None:
    """Who joins stands before the names, and holds for all of them."""
    found = said("Joining the suit are Maine, Ohio, Texas and Utah.")

    assert all({"los:join", "loc:court"} <= each for each in found.values())
    assert not any(each.startswith("l") for each in said("Joining the suit are Maine and Ohio.")["Maine"])
