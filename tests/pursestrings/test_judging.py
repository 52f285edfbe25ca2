from __future__ import annotations

from classifier.labels import city_response
from facts.event import LETTER, RELATED, RESPONSE
from pursestrings.judging import default_judge, make_judge


def test_every_shipped_label_is_asked() -> None:
    """The labels are found by the name of their file."""
    reading = default_judge().read(title="", text="Nothing.", published_at=None, places=())

    assert {LETTER, RELATED, RESPONSE} == set(reading.labels)


def test_only_the_labels_given_are_asked() -> None:
    """Each with its own settings."""
    judge = make_judge({RESPONSE: city_response.Settings(threshold=0.9)})

    assert {RESPONSE} == set(judge.read(title="", text="Nothing.", published_at=None, places=()).labels)
