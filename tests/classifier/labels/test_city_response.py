"""The label `city_response`."""

from __future__ import annotations

import pytest

from classifier.labels.city_response import Label, Settings
from tests.classifier.rules import gated
from tests.classifier.scenario import LETTER_TEXT

LABEL = Label(Settings())


@pytest.mark.parametrize(
    "text",
    [
        "The mayor rejected the Justice Department's terms for police grants. \"We won't sign,\" she said.",
        "The county sued Homeland Security over grant terms that require help for immigration agents.",
        "The council voted to accept the federal terms rather than lose its highway money.",
        "The governor said the state is reviewing the Education Department's letter and its threat to school funds.",
        "The city attorney said the city is not a sanctuary city and disputes that its federal grants are at risk.",
    ],
)
def test_an_answer_is_flagged(text: str) -> None:
    """Refusing, suing, complying, reviewing and disputing are answers."""
    assert LABEL.score(gated(text)).flagged


@pytest.mark.parametrize(
    "text",
    [
        "The Justice Department told four cities they will lose federal grants unless they open their jails.",
        "Does your city refuse to hold an alien when Homeland Security asks for it?",
        "The mayor refused to close the park, whatever the neighbors say about it.",
        "The council accepted a $2 million federal grant for new radios with thanks.",
        LETTER_TEXT,
    ],
)
def test_what_is_no_answer_is_not(text: str) -> None:
    """Letters, questions, other quarrels and awards are something else."""
    assert not LABEL.score(gated(text)).flagged


def test_the_condition_may_stand_elsewhere() -> None:
    """An answer ten sentences below the condition is still an answer to it."""
    told = "The Justice Department told the city that it will lose federal grants unless it opens its jail to agents."
    filler = " It rained a bit on Monday in the park. The band came late to the fair. A dog ran off into the woods."
    answer = " The mayor said the city refuses to do that and will not sign."

    assert LABEL.score(gated(told + filler * 2 + answer)).flagged
    assert not LABEL.score(gated((filler * 3 + answer).strip())).flagged
