"""The label `funding_condition_letter`."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from classifier.labels.funding_condition_letter import Label, Settings
from tests.classifier.rules import gated

TIED = "The Justice Department told the city on Thursday that it will lose federal grants unless it opens its jail."


def score(text: str, title: str = "") -> float:
    return Label(Settings()).score(gated(text, title)).score


@pytest.mark.parametrize(
    "text",
    [
        TIED,
        "The Education Department warned Maine that it will lose school funding unless it repeals its policy.",
        "FEMA's new grant terms require cities to certify by Oct. 1 that they help immigration agents.",
        "The transportation secretary wrote to governors: states that keep such rules will lose highway money.",
        "HUD told the county it must certify that it has no DEI program or forfeit its block grant.",
    ],
)
def test_a_condition_is_flagged(text: str) -> None:
    """Any agency, any policy: money, a string, a government that gets it."""
    assert Label(Settings()).score(gated(text)).flagged


@pytest.mark.parametrize(
    "text",
    [
        "The state Senate passed a bill that would strip state aid from any city with such a policy.",
        "A federal judge ruled that the Justice Department cannot tie grants to immigration.",
        "The Justice Department told the university that it will lose research funds unless it changes admissions.",
        "The city will receive a $2 million grant from the Justice Department for new radios.",
        "The sheriff changed his policy on releases because voters asked for it.",
        "The city must submit its annual plan to HUD by Aug. 15 after a public hearing.",
    ],
)
def test_its_look_alikes_are_not(text: str) -> None:
    """State law, rulings, universities, awards, free choices and routine dates are something else."""
    assert not Label(Settings()).score(gated(text)).flagged


def test_a_piece_that_opens_with_an_answer_holds_the_letter_as_background() -> None:
    """The same sentence weighs less below an answer."""
    assert score(TIED, "Mayor rejects terms") < score(TIED, "News of the day")


@pytest.mark.parametrize("title", ["Judge blocks terms", "Man indicted", "Opinion: my view"])
def test_the_title_says_what_it_is_about(title: str) -> None:
    """Rulings, crime and opinion in the headline hold the score down."""
    assert score(TIED, title) < score(TIED, "News of the day")


def test_the_top_weighs_more_and_the_past_less() -> None:
    """A condition deep in a text, or told as history, is less likely the news."""
    filler = "It rained a bit on Monday in the park. The band came late to the fair. A dog ran off into the woods. " * 2

    assert score(filler + TIED) < score(TIED + " " + filler)
    assert score(TIED.replace("on Thursday", "last year")) < score(TIED)


@pytest.mark.parametrize("threshold", [0, 1, "x"])
def test_a_threshold_lies_between_0_and_1(threshold: object) -> None:
    """Other values are refused."""
    with pytest.raises(ValidationError):
        Settings.model_validate({"threshold": threshold})
