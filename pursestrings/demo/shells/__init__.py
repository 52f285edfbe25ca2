"""The frames that the invented sites put around their texts: navigation, notices, feed envelopes."""

from __future__ import annotations

from importlib import resources
from string import Template


def fill(name: str, /, **parts: str) -> str:
    """Return a shell with every `$part` filled in.

    Raises:
        KeyError: the shell names a part that was not given.
    """
    return Template(resources.files(__name__).joinpath(name).read_text("utf-8")).substitute(parts)
