"""Refitting: which model is in use, and the gate."""

from __future__ import annotations

import pytest

from facts.refitting import Score, Step, Use, in_use, refusal
from tests.storage.samples import NOW


def score(found: int, false_alarms: int) -> Score:
    return Score(documents=20, to_find=10, found=found, false_alarms=false_alarms)


def test_a_score_counts_what_was_missed_and_what_was_taken_wrongly() -> None:
    """Where nothing is to be found, nothing is missed."""
    assert (score(9, 2).recall, score(9, 2).wrong) == (0.9, 3)
    assert Score(documents=2, to_find=0, found=0, false_alarms=1).recall == 1.0


@pytest.mark.parametrize(
    ("found", "false_alarms", "reasons"),
    [(9, 2, 0), (10, 2, 0), (9, 1, 0), (8, 2, 1), (9, 3, 1), (10, 3, 1), (8, 3, 2)],
)
def test_a_model_must_lose_nothing_and_raise_no_more_false_alarms(found: int, false_alarms: int, reasons: int) -> None:
    """Against one that finds 9 of 10 with 2 false alarms; each reason is said, with both figures."""
    said = refusal(score(found, false_alarms), score(9, 2))

    assert len(said.split(" and ") if said else []) == reasons
    if found < 9:
        assert f"it finds {found} of 10 golden documents, the present one finds 9" in str(said)
    if false_alarms > 2:
        assert f"it raises {false_alarms} false alarms on them, the present one 2" in str(said)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [("", None), ("a", "a"), ("ab", "b"), ("ab-", "a"), ("ab--", None), ("ab-c", "c"), ("ab-c-", "a")],
)
def test_going_back_leads_to_the_one_before(steps: str, expected: str | None) -> None:
    """Each letter puts a model to use, each dash takes the present one back."""
    uses: list[Use] = []
    for step in steps:
        back = step == "-"
        model = in_use(uses) if back else step
        uses.append(Use(step=Step.ROLLED_BACK if back else Step.PROMOTED, model=str(model), at=NOW))

    assert in_use(uses) == expected
