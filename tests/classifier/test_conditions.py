"""Conditions, agencies, programmes and instruments of passages."""

from __future__ import annotations

import pytest

from classifier.conditions import agencies_of, conditions_of, instrument_of, programs_of
from classifier.parsing import Passage, parse
from facts.event import Condition
from tests.classifier.rules import LEXICON


def passages(text: str) -> tuple[Passage, ...]:
    return parse("", text, LEXICON).passages


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("Agents want access to the jail.", Condition.JAIL_ACCESS),
        ("Give 48 hours' notice before anyone goes.", Condition.RELEASE_NOTICE),
        ("Honor every detainer.", Condition.DETAINER_HOLD),
        ("Obey 8 U.S.C. 1373.", Condition.INFORMATION_SHARING),
        ("Certify it in writing.", Condition.CERTIFICATION),
        ("Hand over the voter rolls.", Condition.DATA_HANDOVER),
        ("Repeal the ordinance.", Condition.POLICY_REPEAL),
        ("Grants come with conditions.", Condition.OTHER),
    ],
)
def test_a_demand_is_named(text: str, condition: Condition) -> None:
    """Each kind of demand has words that name it."""
    assert conditions_of(passages(text), ()) == (condition,)


def test_only_jail_demands_count_far_from_the_evidence() -> None:
    """Elsewhere in the document a narrow phrase counts, a wide one does not."""
    far = passages("They want jail access. Council members removed a tree.")

    assert conditions_of((), far) == (Condition.JAIL_ACCESS,)


def test_the_agency_that_acts_comes_first() -> None:
    """Acting and standing at the top weigh more than being named."""
    text = "ICE runs the desk. ICE has a phone. The Justice Department wrote to the city. ICE closes at five."
    told = passages(text)

    assert agencies_of(told, told[2:3], LEXICON.owners)[0] == "Department of Justice"
    assert agencies_of(passages("FEMA told them so. They met HUD and HUD."), (), LEXICON.owners)[0].startswith(
        "Federal"
    )


def test_a_programme_speaks_for_its_agency() -> None:
    """With no agency named, the owner of the programme is it."""
    told = passages("The Byrne money stops.")

    assert programs_of(told) == ("Byrne JAG",)
    assert agencies_of(told, (), LEXICON.owners) == ("Department of Justice",)


@pytest.mark.parametrize(
    ("text", "instrument"),
    [
        ("The letter came. The letter says so. It gives notice.", "letter"),
        ("A subpoena came with a letter.", "subpoena"),
        ("The new grant terms say so.", "grant terms"),
        ("It rained.", ""),
    ],
)
def test_the_instrument_is_named(text: str, instrument: str) -> None:
    """The most often named wins, of equals the more telling."""
    assert instrument_of(passages(text)) == instrument
