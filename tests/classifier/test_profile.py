"""Profile: what is known of a whole document."""

from __future__ import annotations

import pytest

from classifier.model import HEADS
from classifier.outline import Outline, marked, outline_of
from classifier.profile import FAINT, NOT_TIED, profile_of, whole_input
from tests.classifier.rules import GAZETTEER, LEXICON

TEXT = "Homeland Security wrote to the county. It rained. A dog ran. The band came late. Nobody minded it. It ended."


def outline(title: str, text: str) -> Outline:
    return outline_of(marked(title, text, LEXICON, GAZETTEER, ())[0])


def profile(values: list[float], title: str = "County gets letter") -> dict[str, float]:
    found = outline(title, TEXT)
    values += [0.0] * (len(found.windows) - len(values))
    return profile_of(found, [dict.fromkeys(HEADS, value) for value in values], dict.fromkeys(HEADS, 1.5))


def test_the_best_windows_and_where_they_stand_are_told() -> None:
    """A news item says its news at the top and more than once."""
    found = profile([-1.0, 2.0, 0.5, -3.0, 1.0])

    assert (found["letter best"], found["letter second"], found["letter strongest"]) == (2.0, 1.0, 0.625)
    assert (found["letter first"], found["letter lead"], found["letter rest"]) == (-1.0, 2.0, 1.0)
    assert (found["letter share"], found["letter place"], found["letter mean"]) == (0.6, 0.2, -0.1)


def test_the_strongest_window_that_ties_money_counts_by_itself() -> None:
    """A piece may be full of quarrels and of money and never tie one to the other."""
    tied = "Homeland Security told the county it will lose federal grants unless it signs."
    found = profile_of(outline("", tied), [dict.fromkeys(HEADS, 3.0)], dict.fromkeys(HEADS, 0.0))

    assert (found["letter with tie"], found["tie windows"], found["tie lead"]) == (3.0, 1.0, 1.0)
    loose = profile([3.0] * 3)
    assert (loose["letter with tie"], loose["tie windows"], loose["tie lead"]) == (NOT_TIED, 0.0, 0.0)


def test_what_all_words_say_is_an_input_of_its_own() -> None:
    """By head."""
    assert profile([0.0])[whole_input("response")] == 1.5


def test_strengths_of_an_order_are_weighed_as_such() -> None:
    """One clause among fifty is an order's news, and a story's background."""
    text = f"By the authority vested in me as President, it is hereby ordered: {TEXT}"
    scores = [dict.fromkeys(HEADS, value) for value in (-1.0, *(-4.0 for _ in outline("", text).windows[1:]))]
    order = profile_of(outline("", text), scores, dict.fromkeys(HEADS, 0.0))

    assert (order["order"], order["letter best of an order"]) == (1.0, -1.0 - FAINT)
    assert not any("order" in name for name in profile([-1.0]))


@pytest.mark.parametrize(("text", "brief"), [("It rained.", 1.0), (TEXT, 0.0)])
def test_a_snippet_is_told_from_a_document(text: str, brief: float) -> None:
    """One has no room for all that the other says."""
    scores = [dict.fromkeys(HEADS, 0.0) for _ in outline("", text).windows]

    assert brief == profile_of(outline("", text), scores, dict.fromkeys(HEADS, 0.0))["brief"]


def test_a_document_without_windows_has_a_profile() -> None:
    """Its scores are those of nothing."""
    found = profile_of(outline("", ""), [], dict.fromkeys(HEADS, 0.0))

    assert found["alert best"] == found["alert mean"] < -5
    assert found["leads "] == 1.0
