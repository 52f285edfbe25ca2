"""Deadlines: which of the days that a text names is the one on which an answer is due."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.deadlines import Dated, candidates, find_deadline
from classifier.model import DUE, Table
from facts.event import LETTER, Deadline
from tests.classifier.rules import MODEL, gated

THURSDAY = date(2017, 8, 3)


def dated(text: str, published: date | None = THURSDAY, title: str = "") -> Dated:
    document = gated(text, title)
    near = range(len(document.parsed.passages))
    return Dated(
        parsed=document.parsed, outline=document.outline, published=published, near=near, labels=frozenset({LETTER})
    )


def deadline(text: str, published: date | None = THURSDAY) -> Deadline | None:
    return find_deadline(dated(text, published), MODEL.days)


@pytest.mark.parametrize(
    ("text", "day", "phrase", "assumed"),
    [
        ("The letter says cities must answer by Aug. 18.", date(2017, 8, 18), "by Aug. 18", True),
        ("You must certify no later than August 18, 2017.", date(2017, 8, 18), "no later than August 18, 2017", False),
        ("The letter demands answers by Friday, Aug. 18, or else.", date(2017, 8, 18), "by Friday, Aug. 18", True),
        ("Sign the form by 5 p.m. on Sept. 1.", date(2017, 9, 1), "by 5 p.m. on Sept. 1", True),
        ("The letter set an Aug. 18 deadline.", date(2017, 8, 18), "Aug. 18 deadline", True),
        ("The city must comply by 12/8/2017.", date(2017, 12, 8), "by 12/8/2017", False),
        ("The state must certify by Jan. 5.", date(2018, 1, 5), "by Jan. 5", True),
        ("The agency's letter was due by June 30.", date(2017, 6, 30), "due by June 30", True),
        ("The city must comply within 30 days.", date(2017, 9, 2), "within 30 days", True),
        ("The city must sign within two weeks.", date(2017, 8, 17), "within two weeks", True),
        (
            "The letter says it must answer within ten business days.",
            date(2017, 8, 17),
            "within ten business days",
            True,
        ),
        ("The mayor has 10 days to comply, the letter says.", date(2017, 8, 13), "has 10 days", True),
        ("The letter demands an answer by Friday.", date(2017, 8, 4), "by Friday", True),
        ("The letter demands an answer by Thursday.", date(2017, 8, 3), "by Thursday", True),
    ],
)
def test_a_deadline_is_read(text: str, day: date, phrase: str, *, assumed: bool) -> None:
    """Dates with and without a year, counted days and weekdays give a day and the words that say so."""
    assert Deadline(date=day, phrase=phrase, assumed_year=assumed) == deadline(text)


@pytest.mark.parametrize(
    "text",
    [
        "The order gives the attorney general 30 days to answer with a list of states.",
        "The judge is to rule on the city's letter by Saturday.",
        "The council will answer the letter by Friday.",
        "The jail must give agents 48 hours' notice of a release.",
        "The list had come down from the agency's page by Sunday.",
        "By Friday morning a state had answered.",
        "The office took four months to answer the city's letter.",
        "It was the second letter to states in ten weeks.",
        "In 24 months the state must answer, within 24 months.",
    ],
)
def test_the_days_of_others_are_no_deadlines(text: str) -> None:
    """What federal offices owe each other, courts, own plans, extensions, terms of the condition and the past."""
    assert deadline(text) is None


@pytest.mark.parametrize(
    "text",
    ["", "The letter came on Aug. 18.", "The letter says cities must answer by Feb. 30.", "The law must be obeyed."],
)
def test_other_days_are_no_deadlines(text: str) -> None:
    """A day on which nobody owes an answer, or that does not exist, is none."""
    assert deadline(text) is None


def table(**weights: float) -> Table:
    return Table(
        names=(DUE,), biases=[-3.0], index={name: at for at, name in enumerate(weights)}, columns=([*weights.values()],)
    )


def test_days_stand_against_each_other() -> None:
    """Two that are as likely are none; told twice a day is likelier than another told once."""
    both = "The city must answer by Aug. 18. The state must answer by Aug. 25."
    limit = table(**{"form:limit": 5.0})

    assert find_deadline(dated(both), limit) is None
    twice = find_deadline(dated(f"{both} Counties too must answer by Aug. 25."), limit)
    assert twice is None or twice.date == date(2017, 8, 25)
    alone = find_deadline(dated("The city must answer by Aug. 18."), limit)
    assert alone is not None
    assert alone.date == date(2017, 8, 18)


def test_the_headline_may_tell_it() -> None:
    """Its words are then the phrase."""
    found = find_deadline(dated("The letter came.", title="Cities must answer by Aug. 18"), table(headline=9.0))

    assert found == Deadline(date=date(2017, 8, 18), phrase="by Aug. 18", assumed_year=True)


def test_what_is_said_of_a_day() -> None:
    """Its clause, who acts before it, how far ahead it lies and how it stands among the days."""
    (day,) = candidates(
        dated("The Justice Department told Stockton, Calif., that it must answer by Aug. 18 or lose grants.")
    )

    assert {
        "form:limit",
        "c:answer",
        "c:or else",
        "b0:answer",
        "mode:must",
        "ahead:6",
        "rank:0",
        "apart:1",
        "k:agency",
    } <= day.features


def test_what_was_said_before_a_day() -> None:
    """The kinds of terms in the two sentences before it."""
    text = "The Justice Department wrote to a city. Nobody knew. It must answer by Aug. 18."
    (day,) = candidates(dated(text))

    assert "pp:agency" in day.features
    assert "p:agency" not in day.features


def test_what_offices_owe_each_other_is_no_candidate() -> None:
    """Nor is the day on which a letter came."""
    order = "Within 30 days of the date of this order, the Attorney General shall furnish a list of cities."

    assert candidates(dated(f"{order} The letter came on Aug. 1.")) == []


@given(
    st.lists(
        st.sampled_from(
            [
                "must comply",
                "by",
                "within",
                "30",
                "days",
                "Aug.",
                "18",
                ",",
                "2017",
                "Friday",
                "99",
                "letter",
                "\n",
                "0",
            ]
        ),
        max_size=30,
    ),
    st.dates(),
)
@settings(max_examples=150)
def test_no_words_break_the_grammar(words: list[str], published: date) -> None:
    """Whatever the words, the phrase is one of the text's own."""
    text = " ".join(words)
    found = deadline(text, published)

    assert found is None or found.phrase in " ".join(text.split())
