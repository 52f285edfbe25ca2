"""Deadlines: the small grammar of days on which answers are due."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.deadlines import find_deadline
from classifier.parsing import parse
from facts.event import Deadline
from tests.classifier.rules import LEXICON

THURSDAY = date(2017, 8, 3)


def deadline(text: str, published: date | None = THURSDAY) -> Deadline | None:
    return find_deadline(parse("", text, LEXICON), published)


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
        ("The letter demands an answer by Thursday.", date(2017, 8, 10), "by Thursday", True),
    ],
)
def test_a_deadline_is_read(text: str, day: date, phrase: str, *, assumed: bool) -> None:
    """Dates with and without a year, counted days and weekdays give a day and the words that say so."""
    assert Deadline(date=day, phrase=phrase, assumed_year=assumed) == deadline(text)


@pytest.mark.parametrize(
    ("text", "day", "phrase"),
    [
        ("The city must answer within three business days.", date(2017, 8, 8), "within three business days"),
        ("The city must answer by 18 August 2017.", date(2017, 8, 18), "by 18 August 2017"),
        ("The city must answer by 2017-08-18.", date(2017, 8, 18), "by 2017-08-18"),
        ("The city must answer by 8/18.", date(2017, 8, 18), "by 8/18"),
        ("The city must answer by 8/18/17.", date(2017, 8, 18), "by 8/18/17"),
        ("It has until noon Friday to answer, the letter says.", date(2017, 8, 4), "has until noon Friday"),
        ("The city must answer by close of business Sept. 3.", date(2017, 9, 3), "by close of business Sept. 3"),
        ("The city must answer by the 24th or lose the grant.", date(2017, 8, 24), "by the 24th"),
        ("The city must answer by the first of the month.", date(2017, 9, 1), "by the first of the month"),
        ("The city must answer by the fifth of next month.", date(2017, 9, 5), "by the fifth of next month"),
        ("States were given until the end of the month.", date(2017, 8, 31), "until the end of the month"),
        ("The city must answer by the end of next month.", date(2017, 9, 30), "by the end of next month"),
        ("The city must answer by the end of the week.", date(2017, 8, 4), "by the end of the week"),
        ("The city must answer by year's end.", date(2017, 12, 31), "by year's end"),
        ("The city must answer by the end of October.", date(2017, 10, 31), "by the end of October"),
        ("The city must answer by mid-September.", date(2017, 9, 15), "by mid-September"),
        ("Sign by Labor Day or lose the grant.", date(2017, 9, 4), "by Labor Day"),
        ("Sign by New Year's Eve or lose the grant.", date(2017, 12, 31), "by New Year's Eve"),
        ("The state must answer by Memorial Day.", date(2018, 5, 28), "by Memorial Day"),
        ("The state must answer by tomorrow.", date(2017, 8, 4), "by tomorrow"),
        ("They gave you till tonight to answer the letter.", date(2017, 8, 3), "till tonight"),
        ("It gives him until a week from Monday to sign.", date(2017, 8, 14), "until a week from Monday"),
        ("The state has a week and a half to sign.", date(2017, 8, 13), "has a week and a half"),
        ("The state has a month to sign.", date(2017, 9, 3), "has a month"),
        ("The state must answer within 48 hours.", date(2017, 8, 5), "within 48 hours"),
        ("The state has ten days from July 31 to sign.", date(2017, 8, 10), "ten days from July 31"),
        ("The date to certify was moved from May 1 to Aug. 24.", date(2017, 8, 24), "moved from May 1 to Aug. 24"),
        ("The state got thirty more days, to August 20th, to sign.", date(2017, 8, 20), "days, to August 20th"),
        (
            "The system closes at 8 p.m. Eastern on August 11.",
            date(2017, 8, 11),
            "closes at 8 p.m. Eastern on August 11",
        ),
        ("The state will not be paid after September 10.", date(2017, 9, 10), "not be paid after September 10"),
        ("On Tuesday it gave the state 30 days to answer.", date(2017, 8, 31), "30 days to"),
        ("The notice came Monday. It must answer within ten days.", date(2017, 8, 10), "within ten days"),
        ("In a July 28 letter it told the state to answer by Wednesday.", date(2017, 8, 2), "by Wednesday"),
    ],
)
def test_every_form_of_a_day_is_read(text: str, day: date, phrase: str) -> None:
    """Day first, ISO and numeric dates, ordinals, ends, holidays, counts and the weekday on which a letter came."""
    found = deadline(text)

    assert found is not None
    assert (day, phrase) == (found.date, found.phrase)


@pytest.mark.parametrize(
    "text",
    [
        "The order gives the attorney general 30 days to answer with a list of states.",
        "The memo directs agencies to report within 14 days what they send to cities.",
        "Within 30 days, the Director of the office shall send each state a notice.",
        "The judge is to rule on the city's letter by Saturday.",
        "The council will answer the letter by Friday.",
        "The city requested 45 more days to respond to the letter.",
        "The jail must give agents 48 hours' notice of a release.",
        "The list had come down from the agency's page by Sunday.",
        "By Friday morning a state had answered.",
        "The form won't be here till Thanksgiving, the city said of the letter.",
        "The office took four months to answer the city's letter.",
        "They meet three times a week to answer letters of the state.",
        "It was the second letter to states in ten weeks.",
        "The state stays in jail until Feb. 28, when it was asked.",
        "In 24 months the state must answer, within 24 months.",
    ],
)
def test_the_days_of_others_are_no_deadlines(text: str) -> None:
    """What federal offices owe each other, courts, own plans, extensions, terms of the condition and the past."""
    assert deadline(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Applications for the fair are due by Aug. 18.",
        "The parade goes by Aug. 18 Street.",
        "The letter came on Aug. 18.",
        "The letter says cities must answer by Feb. 30.",
        "The law must be obeyed.",
    ],
)
def test_other_days_are_no_deadlines(text: str) -> None:
    """A day on which nobody owes an answer, or that does not exist, is none."""
    assert deadline(text) is None


def test_days_count_from_the_date_of_the_letter() -> None:
    """A letter's own date, in its heading or in the report, goes before the day of publication."""
    reported = "The letter dated Aug. 1, 2017, says the city must comply within 10 days."
    written = "Office\n\nAugust 1, 2017\n\nDear Chief Roe:\n\nYou must comply with this notice within 10 days."

    assert date(2017, 8, 11) == getattr(deadline(reported, date(2017, 8, 9)), "date", None)
    assert date(2017, 8, 11) == getattr(deadline(written, None), "date", None)


def test_without_any_date_nothing_is_counted() -> None:
    """A day without a year or a number of days needs a day to count from."""
    assert deadline("The city must comply within 30 days.", None) is None
    for words in ("Aug. 18", "8/18", "Friday", "the 24th", "the end of the month", "Labor Day", "tomorrow"):
        assert deadline(f"The letter says cities must answer by {words}.", None) is None


def test_a_written_date_goes_before_a_counted_one() -> None:
    """Where both stand, the date decides."""
    text = "The chiefs have two weeks to comply. The letter says they must answer by Aug. 18."

    assert date(2017, 8, 18) == getattr(deadline(text), "date", None)


def test_the_end_of_time_is_no_error() -> None:
    """Counting past the last day of the calendar gives nothing."""
    assert deadline("The city must comply within 900 weeks.", date(9999, 12, 30)) is None
    assert deadline("The city must comply within 900 business days.", date(9999, 12, 30)) is None
    assert deadline("The city must comply by Friday.", date(9999, 12, 31)) is None
    assert deadline("The letter says cities must answer by Aug. 18.", date(1, 1, 1)) is not None
    assert deadline("The city must comply within six months.", date(9999, 12, 30)) is None
    assert deadline("The city must comply by the 1st.", date(9999, 12, 31)) is None
    assert deadline("The city must comply by Memorial Day.", date(9999, 12, 31)) is None


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
