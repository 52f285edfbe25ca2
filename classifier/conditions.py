"""Conditions, agencies, programmes and the instrument: what the passages behind a label name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from classifier.parsing import Passage
from facts.event import Condition

_ANYWHERE = frozenset({Condition.JAIL_ACCESS.value, Condition.RELEASE_NOTICE.value, Condition.DETAINER_HOLD.value})
#: What a place at the top counts, in namings further down.
_TOP = 6
_INSTRUMENT_ORDER = ("subpoena", "letter", "certification", "grant terms", "list", "order", "notice")


def conditions_of(told: Iterable[Passage], everything: Iterable[Passage]) -> tuple[Condition, ...]:
    """Return what the money is tied to, in the order of the enumeration; `other` when a tie names nothing we know.

    The three demands about jails are worded so narrowly that they count anywhere; the others near the evidence only.
    """
    names = {hit.term.name for passage in told for hit in passage.of("condition")}
    names |= {hit.term.name for passage in everything for hit in passage.of("condition") if hit.term.name in _ANYWHERE}
    found = tuple(condition for condition in Condition if condition.value in names)
    if not found and "condition" in names:
        return (Condition.OTHER,)
    return found


def agencies_of(passages: Sequence[Passage], top: Sequence[Passage], owners: Mapping[str, str]) -> tuple[str, ...]:
    """Return the federal agencies, the one that acts first; a programme speaks for its owner when none is named.

    `top` is the title and what follows it, or a letterhead: who stands there is mostly the one that acts.
    """
    acting: Counter[str] = Counter({hit.term.name: _TOP for passage in top for hit in passage.of("agency")})
    for passage in passages:
        acts = passage.of("federal_act")
        for hit in passage.of("agency"):
            acting[hit.term.name] += 3 if any(0 <= act.first - hit.last <= 4 for act in acts) else 1  # noqa: PLR2004
    if not acting:
        acting.update(owners[name] for name in programs_of(passages))
    return tuple(name for name, _ in acting.most_common())


def programs_of(passages: Iterable[Passage]) -> tuple[str, ...]:
    """Return the programmes named, the most often named first."""
    named: Counter[str] = Counter(hit.term.name for passage in passages for hit in passage.of("program"))
    return tuple(name for name, _ in named.most_common())


def instrument_of(passages: Iterable[Passage]) -> str:
    """Return what carries the condition; "" when the passages do not say."""
    named: Counter[str] = Counter(hit.term.name for passage in passages for hit in passage.of("instrument"))
    if not named:
        return ""
    return min(
        named, key=lambda name: (-named[name], _INSTRUMENT_ORDER.index(name) if name in _INSTRUMENT_ORDER else 99)
    )
