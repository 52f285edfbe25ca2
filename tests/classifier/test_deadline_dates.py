"""Dates of deadlines: every form in which a sentence names a day."""

from __future__ import annotations

from datetime import date

import pytest

from classifier.deadline_dates import days_in

THURSDAY = date(2017, 8, 3)


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
        ("Payments stop beginning Aug. 18.", date(2017, 8, 18), "beginning Aug. 18"),
        ("From Aug. 18 on, no claims are paid.", date(2017, 8, 18), "from aug. 18"),
        ("The letters set a date of Aug. 21.", date(2017, 8, 21), "of aug. 21"),
        ("They want it inside of thirty days.", date(2017, 9, 2), "inside of thirty days"),
        ("Answers, due in two weeks, decide.", date(2017, 8, 17), "in two weeks"),
        ("They want it within a fortnight.", date(2017, 8, 17), "within a fortnight"),
        ("It must be done by the start of the quarter.", date(2017, 10, 1), "by the start of the quarter"),
        ("It must be done by the end of the fiscal year.", date(2017, 9, 30), "by the end of the fiscal year"),
        ("The deadline is now Tuesday.", date(2017, 8, 8), "is now tuesday"),
        ("They had until the 1st to sign.", date(2017, 8, 1), "until the 1st"),
        ("It is due the day after Christmas.", date(2017, 12, 26), "due the day after christmas"),
        ("It went out last Friday, the last day it was given.", date(2017, 7, 28), "last friday, the last"),
        ("Tuesday was the last day to sign.", date(2017, 8, 1), "tuesday was the last"),
        ("The assurance was due Monday.", date(2017, 7, 31), "was due monday"),
        ("Monday was also the federal deadline.", date(2017, 7, 31), "monday was also the federal deadline"),
        ("It has a Monday deadline to answer.", date(2017, 8, 7), "monday deadline"),
        ("The office had set a Monday afternoon deadline.", date(2017, 7, 31), "monday afternoon deadline"),
        ("The deadline passed on Wednesday.", date(2017, 8, 2), "deadline passed on wednesday"),
        ("By the end of 2018 the state must sign.", date(2018, 12, 31), "by the end of 2018"),
        ("The state must answer by a week from tomorrow.", date(2017, 8, 11), "by a week from tomorrow"),
        ("It is due by two weeks from today.", date(2017, 8, 17), "due by two weeks from today"),
        ("It had until the following Tuesday to sign.", date(2017, 8, 8), "until the following tuesday"),
        ("Kindly let us have both by Aug. 18, 2O17.", date(2017, 8, 18), "by aug. 18, 2o17"),
    ],
)
def test_every_form_of_a_day_is_read(text: str, day: date, phrase: str) -> None:
    """Day first, ISO and numeric dates, ordinals, ends, holidays and counts, those of scanned pages too."""
    lower = text.lower()
    found = {(each.day, lower[each.start : each.end]) for each in days_in(lower, THURSDAY, THURSDAY)}

    assert (day, phrase.lower()) in found


@pytest.mark.parametrize(
    "text", ["", "The law must be obeyed.", "It must be done by Feb. 30.", "It was three days ago."]
)
def test_what_is_no_day_is_none(text: str) -> None:
    """Nor is a day that does not exist, nor one that lies so long ago."""
    assert not list(days_in(text.lower(), THURSDAY, THURSDAY))


def test_a_day_that_a_word_limits_is_told_once() -> None:
    """As the limit that it is, and not once more as a bare day."""
    assert [each.form for each in days_in("answer by friday, aug. 18, please.", THURSDAY, THURSDAY)] == ["limit"]


def test_a_count_that_is_read_two_ways_is_told_once() -> None:
    """By the first of its forms: "gives it ten days" and "ten days to answer" are one day."""
    found = list(days_in("the letter gives it ten days to answer.", THURSDAY, THURSDAY))

    assert [(date(2017, 8, 13), "within")] == [(each.day, each.form) for each in found]


def test_a_weekday_gone_by_is_not_one_to_come() -> None:
    """What was due on Monday is not due next Monday."""
    assert [date(2017, 7, 31)] == [each.day for each in days_in("it was due monday.", THURSDAY, THURSDAY)]


def test_without_any_date_nothing_is_counted() -> None:
    """A day without a year or a number of days needs a day to count from."""
    words = (
        "aug. 18",
        "8/18",
        "friday",
        "the 24th",
        "the end of the month",
        "labor day",
        "tomorrow",
        "the first of the week",
    )
    for each in (*words, "the start of the quarter", "ten days"):
        assert not list(days_in(f"they must answer by {each} or within ten days.", None, None))


def test_the_end_of_time_is_no_error() -> None:
    """Counting past the last day of the calendar gives nothing."""
    end = date(9999, 12, 30)
    counts = ("900 weeks", "900 business days", "six months")
    words = ("the 1st", "memorial day", "the end of next month", "the end of next quarter", "the start of the year")

    assert not any(list(days_in(f"within {each}.", end, end)) for each in counts)
    assert not any(each.day > end for text in words for each in days_in(f"by {text}.", end, end))
    assert list(days_in("by aug. 18.", date(1, 1, 1), None))
