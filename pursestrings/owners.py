"""Who owns our package names. The standard library alone: this has to work where the other packages do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

#: The top-level packages of this program.
NAMES = ("spiders", "classifier", "scheduler", "alerts", "storage", "archive", "facts", "pursestrings")
DISTRIBUTION = "pursestrings"
REMEDY = "make an environment for Pursestrings alone: delete .venv, then sh scripts/run"


def foreign_owners(owners: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return one sentence for each of our names that another distribution installs too: one overwrites the other.

    `owners` are the distributions by top-level name, as `importlib.metadata.packages_distributions` gives them.
    """
    others = {name: sorted({one for one in owners.get(name, ()) if one.lower() != DISTRIBUTION}) for name in NAMES}
    return tuple(
        f"{', '.join(foreign)} also installs a package named {name}, and one has overwritten the other"
        for name, foreign in others.items()
        if foreign
    )
