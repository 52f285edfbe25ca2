"""Texts made to hurt a careless pattern, and the time something takes on them."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

#: What is repeated, by name.
ATTACKS = {
    "spaces": " ",
    "newlines": "\n",
    "stops": ". ",
    "quotes": "\"'",
    "dollars": "$",
    "capitals": "A",
    "letters": "a",
    "digits": "1",
    "capital words": "Aa ",
    "names": "Los Angeles, ",
    "hyphens": "a-",
    "apostrophes": "a'",
    "lines of spaces": "\n   ",
    "broken words": "a-\n",
    "hidden": "\u200b",
    "by": "by ",
    "months": "by Aug. ",
    "days": "within 30 ",
    "letters sent": "letters of ",
    "letters, not sent": "letter , ",
    "states": "N.M. ",
    "brackets": "A (",
    "the other": "the other ",
    "grants": "federal grant unless city ",
    "answers": "Stockton, Calif., refused it. ",
    "datelines": "\nABC, A. ",
    "items": "\n1. ",
    "initials": "a.",
}


def least_seconds(work: Callable[[], object], *, tries: int = 3) -> float:
    """Return the least CPU seconds of some tries, without pauses of the collector."""
    spent = []
    gc.disable()
    try:
        for _ in range(tries):
            began = time.process_time()
            work()
            spent.append(time.process_time() - began)
    finally:
        gc.enable()
    return min(spent)
