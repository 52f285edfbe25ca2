"""Labelled documents: what a row may say, and what is told of one that says nonsense."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from classifier.labelled import read_rows, row_of
from facts.errors import PursestringsError
from facts.event import LETTER, RELATED, RESPONSE, StanceKind

WHOLE: dict[str, Any] = {
    "id": "r1",
    "title": "Mayor says no",
    "text": "The mayor refused. It rained.",
    "letter": False,
    "response": True,
    "related": False,
    "published": "2025-08-19",
    "jurisdictions": ["Stockton, CA"],
    "recipients": [],
    "respondents": ["Stockton, CA"],
    "stances": {"Stockton, CA": "refuses"},
    "deadline": "2025-09-01",
    "family": "demand-letters",
    "agency": "DOJ",
    "evidence": "The mayor refused.",
}


def test_a_whole_row_is_read() -> None:
    """Every key of the contract."""
    row = row_of(WHOLE, "1")

    assert (row.id, row.title, row.published, row.deadline) == (
        "r1",
        "Mayor says no",
        date(2025, 8, 19),
        date(2025, 9, 1),
    )
    assert row.labels == {LETTER: False, RESPONSE: True, RELATED: False}
    assert row.stances == {"Stockton, CA": StanceKind.REFUSES}
    assert row.evidence == {RESPONSE: ("The mayor refused.",)}
    assert row.alerts


def test_nulls_say_nothing() -> None:
    """What a row leaves out is not measured; an empty deadline says that there is none."""
    row = row_of({"text": "It rained.", "letter": None, "jurisdictions": None, "deadline": ""}, "7")

    assert (row.id, row.labels, row.jurisdictions, row.stances, row.deadline) == ("7", {}, None, None, "")
    assert not row.alerts


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Mayor says no\nThe mayor refused to sign.", "Mayor says no"),
        ("The mayor refused.\nIt rained.", ""),
        ("Mayor says no", ""),
        ("Mayor says no\n \n", ""),
    ],
)
def test_a_first_line_may_be_the_title(text: str, title: str) -> None:
    """Only when it looks like one and more follows."""
    assert title == row_of({"text": text}, "1").title


@pytest.mark.parametrize(
    ("labels", "evidence", "expected"),
    [
        ({"letter": True, "response": True}, "one passage", {}),
        ({"letter": True}, ["one", "two"], {LETTER: ("one", "two")}),
        ({"letter": True, "response": True}, {"response": ["one"]}, {RESPONSE: ("one",)}),
        ({"letter": False}, "one", {}),
        ({"letter": True}, None, {}),
    ],
)
def test_evidence_belongs_to_a_label(labels: dict[str, bool], evidence: object, expected: object) -> None:
    """One passage for two labels does not say whose it is."""
    assert expected == row_of({"text": "x", "evidence": evidence, **labels}, "1").evidence


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "line 2"),
        ("[]", "line 2"),
        ("{}", "no key 'text'"),
        ('{"text": 3}', "expected a text, not 3"),
        ('{"text": "x", "letter": "yes"}', "true, false or null"),
        ('{"text": "x", "published": "soon"}', "soon"),
        ('{"text": "x", "stances": {"Stockton, CA": "maybe"}}', "maybe"),
        ('{"text": "x", "evidence": {"ruling": ["x"]}}', "no key 'ruling'"),
        ('{"text": "x", "jurisdictions": [1]}', "expected a text, not 1"),
    ],
)
def test_a_line_that_is_no_row_is_named(line: str, reason: str) -> None:
    """File, line and what was expected."""
    with pytest.raises(PursestringsError, match=r"rows\.jsonl, line 2: ") as told:
        list(read_rows(["", line], "rows.jsonl"))

    assert reason in str(told.value)
    assert "each label" in str(told.value)


def test_blank_lines_are_passed_over() -> None:
    """As files of JSON lines end in one."""
    assert len(list(read_rows([json.dumps(WHOLE), "\n", json.dumps(WHOLE)], "rows.jsonl"))) == 2
