"""Who owns our package names."""

from __future__ import annotations

import importlib.metadata

from pursestrings.owners import NAMES, foreign_owners


def test_another_owner_of_a_name_is_named_with_what_it_overwrites() -> None:
    """Once a name; our own distribution is no stranger, however it is spelt."""
    owners = {"facts": ["Pursestrings", "zoo-facts", "cat-facts"], "alerts": ["pursestrings"], "typer": ["typer"]}

    assert (foreign_owners(owners)) == (
        "cat-facts, zoo-facts also installs a package named facts, and one has overwritten the other",
    )


def test_this_environment_is_ours_alone() -> None:
    """Otherwise no test of this suite means anything."""
    assert foreign_owners(importlib.metadata.packages_distributions()) == ()


def test_every_package_of_ours_is_looked_at() -> None:
    """A new one has to be named here."""
    assert len(set(NAMES)) == 8
