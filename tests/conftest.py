"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# A time says more of the machine than of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
