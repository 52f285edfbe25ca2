"""The golden set, and how a judge fares on labelled documents."""

from __future__ import annotations

from classifier.golden import golden_rows, score
from classifier.labelled import row_of
from tests.classifier.rules import JUDGE
from tests.classifier.scenario import RELEASE, RELEASE_TITLE


def test_the_golden_set_is_as_large_as_it_should_be() -> None:
    """Whole documents, some to flag and some not, and not one of them twice."""
    rows = list(golden_rows())

    assert len(rows) >= 250
    assert len({row.text for row in rows}) == len(rows)
    assert 0.3 < sum(row.alerts for row in rows) / len(rows) < 0.7


def test_found_missed_and_false_alarms_are_counted() -> None:
    """Any alert: a letter taken for an answer is found all the same."""
    letter = {"title": RELEASE_TITLE, "text": RELEASE}
    plain = {"title": "Fair opens", "text": "The county fair opens on Friday."}
    rows = [
        row_of({**letter, "letter": True, "response": False}, "1"),
        row_of({**letter, "letter": False, "response": True}, "2"),
        row_of({**letter, "letter": False, "response": False}, "3"),
        row_of({**plain, "letter": True, "response": False}, "4"),
        row_of({**plain, "letter": False, "response": False}, "5"),
    ]
    found = score(JUDGE, rows)

    assert (found.documents, found.to_find, found.found, found.false_alarms) == (5, 3, 2, 1)
