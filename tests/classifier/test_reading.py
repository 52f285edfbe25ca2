"""Reading: the JSON of one document."""

from __future__ import annotations

from datetime import date

from classifier.reading import LabelReading, Reading, reading_json
from facts.event import Condition, Deadline, Quote, Stance, StanceKind
from facts.places import Place, PlaceKind, Role

PLACE = Place(name="Stockton", state="CA", kind=PlaceKind.CITY, id="geonames:5399020", role=Role.RECIPIENT)


def test_a_reading_becomes_json() -> None:
    """Every field of the contract, with plain strings for the kinds."""
    quote = Quote(text="no", start=1, end=3)
    reading = Reading(
        labels={"city_response": LabelReading(score=0.9149, flagged=True, evidence=(quote,))},
        agencies=("Department of Justice",),
        programs=("Byrne JAG",),
        instrument="letter",
        places=(PLACE,),
        deadline=Deadline(date=date(2017, 8, 18), phrase="by Aug. 18", assumed_year=True),
        conditions=(Condition.JAIL_ACCESS,),
        stances=(Stance(place=PLACE, stance=StanceKind.REFUSES),),
        model="base",
    )

    assert reading.flagged == ("city_response",)
    assert reading_json(reading) == {
        "labels": {
            "city_response": {"score": 0.91, "flagged": True, "evidence": [{"text": "no", "start": 1, "end": 3}]}
        },
        "agencies": ["Department of Justice"],
        "programs": ["Byrne JAG"],
        "jurisdictions": [
            {"name": "Stockton", "state": "CA", "kind": "city", "id": "geonames:5399020", "role": "recipient"}
        ],
        "deadline": {"date": "2017-08-18", "phrase": "by Aug. 18", "assumed_year": True},
        "conditions": ["jail_access"],
        "stances": [{"name": "Stockton", "state": "CA", "stance": "refuses"}],
        "model": "base",
    }
