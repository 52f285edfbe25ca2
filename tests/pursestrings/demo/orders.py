"""The orders in which the release, the letter and the wire copies can come first; each is given to `World.moved`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from pursestrings.demo.world import World

_EARLY: Final = datetime(2017, 8, 3, 12, 40, tzinfo=UTC)

ORDERS: Final[Mapping[str, Mapping[str, datetime]]] = {
    "release": {},
    # A paper posts the letter, without a word about it, before the Department does.
    "letter": {"doj/letter": _EARLY, "channel-times/document": _EARLY},
    "wire": {"harbor-ledger/wire-letters": _EARLY},
    "longer wire": {"arrowhead-inquirer/wire-letters": _EARLY},
}


def thinned(world: World, times: Mapping[str, datetime]) -> World:
    """Return the world with its story whole and a tenth of everything around it."""
    story = {"doj/letter", *times}
    kept = [
        each
        for number, each in enumerate(world.publications)
        if number % 10 == 0 or each.site != "doj" or each.key.startswith("doj/letter") or each.key in story
    ]
    ends = world.start.replace(day=18)
    return replace(world, publications=tuple(kept), end=ends).moved(times)
