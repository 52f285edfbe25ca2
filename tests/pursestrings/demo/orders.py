"""The orders in which the release, the letter and the wire copies can come first; each is given to `World.moved`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

_EARLY: Final = datetime(2017, 8, 3, 12, 40, tzinfo=UTC)

ORDERS: Final[Mapping[str, Mapping[str, datetime]]] = {
    "release": {},
    # A paper posts the letter, without a word about it, before the Department does.
    "letter": {"doj/letter": _EARLY, "channel-times/document": _EARLY},
    "wire": {"harbor-ledger/wire-letters": _EARLY},
    "longer wire": {"arrowhead-inquirer/wire-letters": _EARLY},
}
