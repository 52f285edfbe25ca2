"""Profile: what is known of a whole document, as the numbers that its judgement weighs.

How strong its best windows are, where they stand and whether money is tied to something in them; what all its words
say; who acts first; how long it is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from classifier.model import HEADS, NOTHING
from classifier.outline import LEAD, Outline

#: The strongest windows that are averaged: a story says its news more than once.
STRONGEST = 4
#: Sentences of a text that has no room for more.
BRIEF = 4
#: How money, a federal actor and what it depends on meet in a window, from close to loose: the strongest window that
#: has it counts by itself, for a piece may be full of quarrels and full of money and never tie one to the other.
TIES = ("tie", "tied money", "core", "federal + money + threat", "federal + money + condition")
#: The score of a document that has no such window, in log odds, and how many such windows are counted.
NOT_TIED, MOST_TIED = -5.0, 3
#: Which of a document's strengths tell an order, whose one clause among fifty is news, apart from a story in which one
#: sentence among fifty is background; and the log odds from which they count.
OF_AN_ORDER, FAINT = ("best", "second", "strongest", "with tie"), -3.0
# Profiles are rounded as the weights are.
_DIGITS = 4


def profile_of(outline: Outline, scores: Sequence[Mapping[str, float]], whole: Mapping[str, float]) -> dict[str, float]:
    """Return the profile of a document from its outline and the log odds, by head, of windows and of all words."""
    lead = outline.titles + LEAD
    profile = {whole_input(head): round(whole[head], _DIGITS) for head in HEADS}
    for tie in TIES:
        tied = [tie in facts for facts in outline.said_in_windows]
        profile |= {f"{tie} windows": float(min(MOST_TIED, sum(tied))), f"{tie} lead": float(any(tied[:lead]))}
        for head in HEADS:
            inside = [window[head] for window, holds in zip(scores, tied, strict=True) if holds]
            profile[f"{head} with {tie}"] = round(max(inside, default=NOT_TIED), _DIGITS)
    for head in HEADS:
        column = [window[head] for window in scores] or [NOTHING]
        profile |= {f"{head} {name}": round(value, _DIGITS) for name, value in _shape(column, lead).items()}
    return (
        profile
        | _of_an_order(profile, outline)
        | {
            "length": round(math.log1p(len(outline.facts)), _DIGITS),
            "brief": float(len(outline.facts) <= BRIEF),
            f"leads {outline.leads}": 1.0,
            f"writer {outline.writer}": 1.0,
        }
    )


def _of_an_order(profile: Mapping[str, float], outline: Outline) -> dict[str, float]:
    """Return an order's strengths once more, to be weighed as an order's; nothing of anything else."""
    if not outline.orders:
        return {}
    strengths = {
        f"{head} {name} of an order": round(profile[f"{head} {name}"] - FAINT, _DIGITS)
        for head in HEADS
        for name in OF_AN_ORDER
    }
    return strengths | {"order": 1.0}


def whole_input(head: str) -> str:
    """Return the name of what all the words of a document say of a head."""
    return f"{head} whole"


def _shape(column: Sequence[float], lead: int) -> Mapping[str, float]:
    """Return how one head's scores lie in the document."""
    ranked = sorted(column, reverse=True)
    strongest = ranked[:STRONGEST]
    rest = column[lead:]
    return {
        "best": ranked[0],
        "second": ranked[min(1, len(ranked) - 1)],
        "strongest": sum(strongest) / len(strongest),
        "first": column[0],
        "lead": max(column[:lead]),
        "rest": max(rest) if rest else ranked[0] - 1,
        "mean": sum(column) / len(column),
        "share": sum(score > 0 for score in column) / len(column),
        "place": column.index(ranked[0]) / len(column),
    }
