"""Letter days: from which day "within 30 days" counts."""

from __future__ import annotations

from datetime import date

import pytest

from classifier.letter_days import counting_day, heading_date
from classifier.parsing import parse
from tests.classifier.rules import LEXICON

THURSDAY = date(2017, 8, 3)


def counting(text: str, index: int = 0, published: date | None = THURSDAY) -> date | None:
    parsed = parse("", text, LEXICON)
    return counting_day(parsed, index, published, heading_date(parsed, published))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("The city has ten days.", THURSDAY),
        ("On Tuesday it gave the state 30 days to answer.", date(2017, 8, 1)),
        ("In letters sent yesterday it wants an answer in 14 days.", date(2017, 8, 2)),
        ("The letter dated July 28 says the city must comply within 10 days.", date(2017, 7, 28)),
        ("In a July 28 letter it told the state to answer in ten days.", date(2017, 7, 28)),
        ("A letter made public last Wednesday gives it a month.", date(2017, 7, 26)),
        ("Thirty days from Monday's letter the money stops.", date(2017, 7, 31)),
        ("The agency today gave the city ten days.", THURSDAY),
        ("Answer within ten days of the date of this letter; yours of July 3 came Monday.", THURSDAY),
        ("The city has ten days to answer. The letter is dated Aug. 1.", date(2017, 8, 1)),
        ("The city has ten days, or till next Tuesday.", THURSDAY),
        ("In a letter received July 28 it was given ten days.", date(2017, 7, 28)),
    ],
)
def test_a_report_says_when_the_letter_came(text: str, day: date) -> None:
    """In the sentence itself or beside it; what is to come is no such day."""
    assert counting(text) == day


def test_the_day_may_stand_some_sentences_before() -> None:
    """Where it is the day on which a federal office wrote."""
    text = "The Justice Department wrote to the city on Tuesday. It rained. Nobody minded. It has ten days to answer."

    assert counting(text, 3) == date(2017, 8, 1)


def test_the_sentence_before_may_tell_it_of_anybody() -> None:
    """A form that came yesterday, whoever sent it."""
    assert counting("Yesterday the principals got a form. It is due in ten days.", 1) == date(2017, 8, 2)


def test_an_old_letter_is_another_one() -> None:
    """Which a story tells of as its background."""
    rain = "It rained. " * 5

    assert counting(f"The city has ten days to answer. {rain}The letter of May 1 asked for less.") == THURSDAY
    assert counting(f"The city has ten days to answer. {rain}The letter of July 27 asks for more.") == date(2017, 7, 27)


def test_a_letter_counts_from_its_heading() -> None:
    """Whatever other days it names, and without any day of publication."""
    text = "Office\n\nAugust 1, 2017\n\nDear Chief Roe:\n\nOn Monday we spoke. You must comply within 10 days."

    assert counting(text, 3, None) == date(2017, 8, 1)
    assert counting("The city must comply within 10 days.", 0, None) is None
