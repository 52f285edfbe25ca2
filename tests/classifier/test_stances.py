"""Stances: what each place answers."""

from __future__ import annotations

import pytest

from classifier.gate import gate
from classifier.outline import marked
from classifier.parties import named_of
from classifier.stances import _told, answers_of, stances_of
from facts.event import StanceKind
from tests.classifier.rules import GAZETTEER, LEXICON, MODEL


def stances(text: str, *home: str) -> dict[str, str]:
    at_home = [place for name in home if (place := GAZETTEER.find(name))]
    parsed, mentions = marked("", text, LEXICON, GAZETTEER, at_home)
    names = {place.id: str(place) for place in (*(mention.place for mention in mentions), *at_home)}
    return {names[ident]: stance.value for ident, stance in _told(parsed, mentions, at_home).items()}


@pytest.mark.parametrize(
    ("answer", "stance"),
    [
        ("agreed to comply with the terms", "complies"),
        ("refused to sign", "refuses"),
        ("will not comply", "refuses"),
        ("sued in federal court", "sues"),
        ("said it is not a sanctuary city", "disputes"),
        ("asked for clarification", "asks"),
        ("is reviewing the letter", "reviews"),
    ],
)
def test_an_answer_is_named(answer: str, stance: str) -> None:
    """Each kind of answer has words that name it."""
    assert stances(f"Baltimore {answer}.") == {"Baltimore, MD": stance}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Denver disputes the label, while Baltimore cooperates.",
            {"Denver, CO": "disputes", "Baltimore, MD": "complies"},
        ),
        ("Baltimore is one. The city refused to sign.", {"Baltimore, MD": "refuses"}),
        ("The mayor of Baltimore was asked. She rejected it.", {"Baltimore, MD": "refuses"}),
        ("The Justice Department refused to meet Baltimore.", {}),
        ("Does Baltimore refuse to sign?", {}),
        ("Denver and Baltimore were named. It is reviewing the letter.", {}),
        ("Baltimore said that Baltimore County, not the city, disputes it.", {"Baltimore, MD": "disputes"}),
        (
            "Baltimore books people into the jail in Towson, and says the city runs no jail.",
            {"Baltimore, MD": "disputes"},
        ),
        ("Rain fell. It rejected nothing.", {}),
    ],
)
def test_the_nearest_actor_answers(text: str, expected: dict[str, str]) -> None:
    """The place before the verb answers, "the city" is the place named last, and a federal actor is no place."""
    assert stances(text) == expected


def test_the_source_s_home_answers_for_the_city() -> None:
    """In a local text "the mayor" is the mayor of its place."""
    assert stances("The mayor rejected the terms.", "Stockton, CA") == {"Stockton, CA": "refuses"}
    assert stances("The mayor rejected the terms.") == {}
    assert stances("The mayor rejected the terms.", "Stockton, CA", "Denver, CO") == {}


def test_the_better_supported_answer_stands() -> None:
    """Two sentences of refusal outweigh one of study; of equals the more telling stands."""
    assert stances("Baltimore is reviewing it. Baltimore rejects it. Baltimore refuses it.") == {
        "Baltimore, MD": "refuses"
    }
    assert stances("Baltimore is reviewing it. Baltimore sued over it.") == {"Baltimore, MD": "sues"}


def test_where_no_sentence_tells_the_words_around_the_name_do() -> None:
    """A respondent always has an answer, its own or the likeliest."""
    parsed, mentions = marked("", "A lawsuit from Baltimore, filed at noon in federal court.", LEXICON, GAZETTEER, ())
    gated = gate(parsed, MODEL)
    named = named_of(parsed, gated.outline, (mentions, ()), (), GAZETTEER.states)

    (found,) = stances_of(named, [mentions[0].place], gated.reasons(), MODEL.stances)

    assert (str(found.place), found.stance) == ("Baltimore, MD", StanceKind.SUES)


def test_the_next_sentence_may_go_on_with_the_answer() -> None:
    """What follows a place is its own until another is named."""
    text = "Baltimore got the letter. It will keep its rule. Denver said no. It will sue."
    parsed, mentions = marked("", text, LEXICON, GAZETTEER, ())
    named = named_of(parsed, gate(parsed, MODEL).outline, (mentions, ()), (), GAZETTEER.states)

    (answering,) = answers_of(named, [mentions[0].place])

    assert "nc:keep" in answering.following[0]
    (last,) = answers_of(named, [mentions[1].place])
    assert "nc:keep" not in last.following[2]
    assert "nc:court" in last.following[2]


def test_a_sentence_of_another_place_goes_on_with_nothing() -> None:
    """Where the next sentence names somebody else, or there is none, the answer is at its end."""
    text = "Baltimore kept its rule. Denver signed."
    parsed, mentions = marked("", text, LEXICON, GAZETTEER, ())
    named = named_of(parsed, gate(parsed, MODEL).outline, (mentions, ()), (), GAZETTEER.states)

    first, last = answers_of(named, [mention.place for mention in mentions])

    assert (first.following, last.following) == ({0: frozenset()}, {1: frozenset()})
