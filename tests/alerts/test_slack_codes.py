"""The tests of alerts.slack_codes."""

from __future__ import annotations

import pytest

from alerts.slack_codes import LATER, REFUSED, verdict
from facts.errors import DeliveryLater, DeliveryRefused


@pytest.mark.parametrize("code", sorted(REFUSED))
def test_R7_permanent_codes_say_what_to_do(code: str) -> None:
    """Each code that stays names itself and a step."""
    refused = verdict("desk", code)

    assert isinstance(refused, DeliveryRefused)
    assert str(refused).startswith(f"desk: Slack says {code}: ")
    assert len(REFUSED) >= 12


@pytest.mark.parametrize(("code", "may_have_arrived"), sorted(LATER.items()))
def test_R7_passing_codes_mean_later(code: str, *, may_have_arrived: bool) -> None:
    """Each code that passes is tried again; where Slack may have posted, the next try is a possible repeat."""
    later = verdict("desk", code)

    assert isinstance(later, DeliveryLater)
    assert may_have_arrived == later.in_doubt


def test_unknown_codes_are_shown_to_a_person() -> None:
    """A code of tomorrow is kept and told, one line of it."""
    assert "Slack says new_ code: look" in str(verdict("desk", "new_\ncode"))
    assert "Slack says no code" in str(verdict("desk", ""))
