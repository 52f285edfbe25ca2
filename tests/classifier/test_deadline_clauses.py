"""Clauses of deadlines: what the words around a day make of it."""

from __future__ import annotations

from datetime import date

import pytest

from classifier.deadline_clauses import clause_facts, owed_inside
from classifier.deadline_dates import DayFound, days_in

THURSDAY = date(2017, 8, 3)


def first_day(text: str) -> tuple[str, DayFound]:
    lower = text.lower()
    return lower, next(days_in(lower, THURSDAY, THURSDAY))


@pytest.mark.parametrize(
    "text",
    [
        "Within 30 days of the date of this order, the Attorney General shall furnish a list of cities.",
        "(a) Within 60 days of the date of this order, each agency head shall review its terms.",
        "Within 90 days of the date of this order, to see that States keep the law, the Director shall report.",
        "Within 90 days of the date of this order, the Secretary, acting under 47 U.S.C. 902(b), may write to States.",
        "The Secretary of Energy shall, within 45 days of the date of this memorandum, propose a rule.",
        "The Administrator is hereby directed to begin within 60 days from the date of this order.",
    ],
)
def test_orders_of_offices_to_offices(text: str) -> None:
    """Are owed by no place, however the clause is turned."""
    assert owed_inside(*first_day(text))


@pytest.mark.parametrize(
    "text",
    [
        "Within 30 days of the date of this order, each State shall certify that it has no such law.",
        "Within 30 days of the date of this letter, the Attorney General must have your answer.",
        "The housing agency shall answer within 30 days.",
    ],
)
def test_what_a_place_owes_is_not_owed_inside(text: str) -> None:
    """Nor is what a letter asks for, whoever is to get it."""
    assert not owed_inside(*first_day(text))


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("The city must answer by Aug. 18 or lose the grant.", "or else"),
        ("The letter set Aug. 18 for the answer.", "named"),
        ("Starting Aug. 18, no payments go to such cities.", "stops"),
        ("By Aug. 18, the Secretary of Energy shall propose a rule.", "office"),
        ("It is due within 30 days of the date of this order.", "of an order"),
        ("A judge set a hearing for Aug. 18.", "court"),
        ("The council meets on Aug. 18.", "elsewhere"),
        ("The city will answer by Aug. 18.", "own plan"),
    ],
)
def test_what_is_said_around_a_day(text: str, fact: str) -> None:
    """Is told by its name, for the table to weigh."""
    assert fact in set(clause_facts(*first_day(text)))


def test_what_is_not_said_is_no_fact() -> None:
    """A plain day has none of them."""
    assert {"office", "court", "stops", "named"}.isdisjoint(clause_facts(*first_day("It rained on Aug. 18.")))
