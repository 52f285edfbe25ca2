"""Discovery: labels by the name of their file, settings by their stanza."""

from __future__ import annotations

import pytest

from classifier.discovery import available_labels, label_names, make_labels
from facts.errors import ConfigError


def test_a_file_makes_a_label() -> None:
    """Python files make labels, private ones and others do not."""
    assert label_names(["b.py", "__init__.py", "_x.py", "a.py", "notes.md"]) == ("a", "b")


def test_the_package_ships_two_labels() -> None:
    """The labels are the user's own two words."""
    assert available_labels() == ("city_response", "funding_condition_letter")
    assert set(make_labels()) == set(available_labels())


@pytest.mark.parametrize(
    ("settings", "where"),
    [
        ({"city_reply": {}}, "labels.city_reply"),
        ({"city_response": {"threshold": 2}}, "labels.city_response.threshold"),
        ({"city_response": {"treshold": 0.5}}, "labels.city_response.treshold"),
        ({"city_response": {"threshold": "high"}}, "labels.city_response.threshold"),
    ],
)
def test_a_wrong_stanza_is_named(settings: dict[str, dict[str, object]], where: str) -> None:
    """An unknown label, key or value says where it stands."""
    with pytest.raises(ConfigError) as raised:
        make_labels(settings)

    assert where == raised.value.where
