"""Features: who does what in a sentence, and what stands together."""

from __future__ import annotations

import pytest

from classifier.features import facts_of, first_to_act, joined
from classifier.parsing import parse
from tests.classifier.rules import LEXICON


def features(text: str) -> frozenset[str]:
    return joined([facts_of(passage) for passage in parse("", text, LEXICON).passages])


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        ("The Justice Department told the city to answer.", "federal acts"),
        ("The city will lose its federal grants unless it agrees.", "tied money"),
        ("DOJ said the city will lose grants unless it signs.", "tie"),
        ("DOJ said so. The city gets grants. It will lose them.", "loose tie"),
        ("The mayor refused to sign.", "local refuses"),
        ("The mayor said no.", "local says"),
        ("The council sued on Monday.", "local sues"),
        ("Homeland Security may withhold grants.", "core"),
    ],
)
def test_a_fact_is_seen(text: str, feature: str) -> None:
    """Each fact has words that make it hold."""
    assert feature in features(text)


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        ("Does the county refuse to sign?", "local answers"),
        ("The county must agree to sign.", "local complies"),
        ("A city that refuses loses.", "local refuses"),
        ("The mayor wrote that the Justice Department refused.", "local refuses"),
        ("A grant. " + "The day went by with words. " * 3, "tie"),
    ],
)
def test_a_fact_is_not_invented(text: str, feature: str) -> None:
    """Questions, duties, relative clauses and other actors are no answers."""
    assert feature not in features(text)


def test_repeating_adds_no_fact() -> None:
    """Facts hold or do not: there is no counting."""
    assert features("DOJ may withhold grants. " * 50) == features("DOJ may withhold grants.")


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("The Justice Department warned the city.", "federal"),
        ("The mayor rejected the terms.", "local"),
        ("The mayor rejected what the Justice Department demanded.", "local"),
        ("The Justice Department warned the city, and the mayor refused.", "federal"),
        ("It rained.", ""),
    ],
)
def test_the_first_to_act_leads(text: str, leads: str) -> None:
    """A piece is about whoever acts first in it."""
    assert leads == first_to_act(parse("", text, LEXICON).passages)
