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
        ("The agency's letter was due by June 30.", date(2017, 6, 30), "by June 30", True),
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
    assert deadline("The letter says cities must answer by Aug. 18.", None) is None


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
