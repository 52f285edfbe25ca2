"""Database addresses."""

from __future__ import annotations

from pathlib import Path

import pytest

from pursestrings.databases import absolute_url


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:///data/p.db", "sqlite:////srv/bot/data/p.db"),
        ("sqlite:////var/p.db", "sqlite:////var/p.db"),
        ("sqlite:///p.db?timeout=5", "sqlite:////srv/bot/p.db?timeout=5"),
    ],
)
def test_a_relative_file_lies_beside_the_configuration(url: str, expected: str) -> None:
    """Everything else stays as it is."""
    assert expected == absolute_url(url, Path("/srv/bot"))


@pytest.mark.parametrize(
    "url", ["", "p.db", "sqlite://", "sqlite:///", "sqlite:///:memory:", "postgresql+psycopg://u:canary@db.example/p"]
)
def test_other_databases_are_refused(url: str) -> None:
    """Also one in memory, which each connection would have for itself; the URL is not repeated."""
    with pytest.raises(ValueError, match="is not a database that is spoken here; expected") as caught:
        absolute_url(url, Path("/srv/bot"))

    assert "canary" not in str(caught.value)
