"""Evaluation: readings against rows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from classifier.evaluation import SMALLEST_GROUP, Judged, evaluate
from classifier.labelled import row_of
from classifier.reading import LabelReading, Reading
from facts.event import LETTER, RELATED, RESPONSE, Deadline, Quote, Stance, StanceKind
from facts.places import Place, PlaceKind, Role
from tests.classifier.rules import GAZETTEER

PLACES = [("Stockton", "CA", "geonames:5399020"), ("Reno", "NV", "geonames:5511077")]
TEXT = "FEMA told Stockton to sign by Sept. 1. Stockton refused. It rained in Reno, Nev."
STOCKTON, RENO = (Place(name=n, state=s, kind=PlaceKind.CITY, id=i) for n, s, i in PLACES)


def reading(letter: float, response: float, related: float = 0.1, **read: Any) -> Reading:
    quote = Quote(text=TEXT[:38], start=0, end=38)
    scores = {LETTER: letter, RESPONSE: response, RELATED: related}
    return Reading(
        labels={
            name: LabelReading(score=score, flagged=score >= 0.6, evidence=(quote,)) for name, score in scores.items()
        },
        model="m",
        **read,
    )


def judged(row: dict[str, Any], said: Reading) -> Judged:
    return Judged(row=row_of({"text": TEXT, **row}, "1"), reading=said)


def measured(*each: Judged) -> dict[str, Any]:
    return evaluate(each, seconds=0.5, gazetteer=GAZETTEER)


def test_each_label_and_either_of_them_are_measured() -> None:
    """Two labels mixed up are one right alert."""
    result = measured(
        judged({"letter": True, "response": False}, reading(0.2, 0.9)),
        judged({"letter": False, "response": False}, reading(0.9, 0.1)),
        judged({"letter": False, "response": True}, reading(0.1, 0.1)),
        judged({"letter": False, "response": False}, reading(0.1, 0.1)),
    )

    assert (result["any_alert"]["precision"], result["any_alert"]["recall"]) == (0.5, 0.5)
    assert result[LETTER]["f1"] == result[RESPONSE]["f1"] == 0.0
    assert (result[LETTER]["support"], result[RESPONSE]["support"]) == (1, 1)
    assert (result["false_alarms_per_1000"], result["documents"]) == (250.0, 4)
    assert result["documents_per_second"] == 8.0
    assert RELATED not in result


def test_a_row_that_knows_one_label_is_measured_for_that_alone() -> None:
    """Nulls are skipped."""
    result = measured(
        judged({"letter": True, "related": None}, reading(0.9, 0.9)),
        judged({"related": True}, reading(0.1, 0.1, 0.9)),
    )

    assert (result["any_alert"]["support"], result[LETTER]["recall"], result[RESPONSE]["support"]) == (0, 1.0, 0)
    assert result[RELATED]["f1"] == 1.0


def test_places_are_measured_by_id_in_what_was_flagged() -> None:
    """A name the gazetteer lacks is missed; an unflagged document shows nobody its places."""
    row = {"letter": True, "response": False, "jurisdictions": ["Stockton, California", "Nowhere Hills, CA"]}
    flagged = judged(row, reading(0.9, 0.1, places=(STOCKTON, RENO)))

    places = measured(flagged, judged(row, reading(0.1, 0.1)))["places"]

    assert (places["precision"], places["recall"], places["support"]) == (0.5, 0.5, 2)


def test_roles_are_measured_over_the_places_that_were_found() -> None:
    """Recipient, respondent and mention; a place may be both of the first."""
    row = {"jurisdictions": ["Stockton, CA", "Reno, NV"], "recipients": ["Stockton, CA"], "respondents": []}
    said = (STOCKTON.with_role(Role.RECIPIENT), RENO.with_role(Role.RESPONDENT))

    roles = measured(judged({"letter": True, **row}, reading(0.9, 0.9, places=said)))["roles"]

    assert (roles["precision"], roles["recall"], roles["support"]) == (0.5, 0.5, 2)


def test_stances_are_measured_with_their_places() -> None:
    """Who answers what."""
    said = reading(0.1, 0.9, stances=(Stance(place=STOCKTON, stance=StanceKind.SUES),))
    row = {"response": True, "stances": {"Stockton, CA": "sues", "Reno, NV": "asks"}}

    assert measured(judged(row, said))["stance"]["recall"] == 0.5


@pytest.mark.parametrize(
    ("known", "right", "wrong", "missed"),
    [("2017-09-01", 1, 0, 0), ("2017-09-02", 0, 1, 1), ("", 0, 1, 0), (None, 0, 0, 0)],
)
def test_deadlines_are_measured_where_they_are_known(known: str | None, right: int, wrong: int, missed: int) -> None:
    """An empty one says that there is none."""
    found = Deadline(date=date(2017, 9, 1), phrase="by Sept. 1", assumed_year=True)
    result = measured(judged({"letter": True, "deadline": known}, reading(0.9, 0.1, deadline=found)))["deadlines"]

    assert result["support"] == right + missed
    assert result["precision"] == (right / (right + wrong) if right + wrong else 0.0)


@pytest.mark.parametrize(
    ("passage", "right"), [("to sign by", True), ("It rained", False), ("FEMA told\nStockton", True), ("Hail", False)]
)
def test_the_first_quote_has_to_overlap_a_marked_passage(passage: str, right: bool) -> None:  # noqa: FBT001
    """Blanks may differ: a PDF breaks lines."""
    row = {"letter": True, "evidence": {"letter": [passage]}}

    assert measured(judged(row, reading(0.9, 0.1)))["evidence"]["recall"] == float(right)


def test_the_worst_family_and_agency_are_named() -> None:
    """Among those with enough to find."""
    good = [judged({"letter": True, "response": False, "family": "a", "agency": "HUD"}, reading(0.9, 0.1))]
    bad = [judged({"letter": True, "response": False, "family": "b", "agency": ""}, reading(0.1, 0.1))]

    result = measured(*good * SMALLEST_GROUP, *bad * SMALLEST_GROUP)

    assert result["worst_family"] == {"name": "b", "f1": 0.0, "support": SMALLEST_GROUP}
    assert result["worst_agency"] == {"name": "HUD", "f1": 1.0, "support": SMALLEST_GROUP}
    assert "worst_family" not in measured(*good)


def test_calibration_is_measured_over_both_alerts() -> None:
    """Scores that are sure and right err by what they leave open."""
    result = measured(judged({"letter": True, "response": False}, reading(0.9, 0.1)))

    assert (result["calibration_error"], result["brier"]) == (0.1, 0.01)


def test_nothing_to_measure_is_no_error() -> None:
    """An empty file has figures of nothing."""
    result = evaluate([], seconds=0.0, gazetteer=GAZETTEER)

    assert (result["documents"], result["false_alarms_per_1000"], result["documents_per_second"]) == (0, 0.0, 0.0)
