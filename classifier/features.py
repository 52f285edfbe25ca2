"""Features: what a window of sentences says, as a set of named facts that a label can weigh.

A fact holds or does not: repeating a phrase ten thousand times adds nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from classifier.lexicon import Hit
from classifier.parsing import Passage
from classifier.words import word_set

FEDERAL = ("agency", "federal")
LOCAL = ("local_actor", "place")
#: Words between an actor and what it does.
_REACH = 8
#: Words between the money and what is tied to it.
_TIE = 14
_ONLY_ASKED = word_set(
    "must should shall whether if unless asked told urged urge required days until may were that who which"
)
# "The chiefs were asked" is no question of theirs.
_PASSIVE = word_set("is are was were be been being")
_ASKED_OF = word_set("asked told questioned requested required sued ordered")
# "Cities told to explain".
_HEADLINE_PASSIVE = (("to",), ("about",))
_SUBJECT = frozenset({"federal", "money", "purse", "imm", "policy"})
_PURSE = frozenset({"purse", "money", "imm", "policy", "pressure"})
_PAIRS = (
    ("federal", "threat"),
    ("federal", "condition"),
    ("money", "threat"),
    ("money", "condition"),
    ("threat", "condition"),
    ("instrument_word", "condition"),
    ("instrument_word", "threat"),
    ("local_actor", "condition"),
    ("local_actor", "threat"),
    ("state_power", "money"),
    ("policy", "money"),
    ("imm", "money"),
    ("private", "money"),
    ("award_words", "money"),
    ("today", "federal"),
    ("background", "federal"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The facts of one sentence, and the kinds of its words."""

    found: frozenset[str]
    kinds: frozenset[str]


def facts_of(passage: Passage) -> Facts:
    """Return the facts of one sentence: who does what, and what stands together."""
    kinds = _plain(passage)
    return Facts(found=frozenset(_sentence(passage, kinds)), kinds=frozenset(kinds))


def joined(facts: Sequence[Facts]) -> frozenset[str]:
    """Return the facts of a run of sentences from those of each."""
    found: set[str] = set().union(*(each.found for each in facts))
    kinds: set[str] = set().union(*(each.kinds for each in facts))
    found |= {f"has {kind}" for kind in kinds}
    if "federal" in kinds and "money" in kinds and kinds & {"threat", "condition"}:
        found.add("core")
    if {"federal", "target"} <= kinds and "tied money" in found:
        found.add("tie")
    if {"federal", "target", "purse", "strings"} <= kinds:
        found.add("loose tie")
    if kinds.isdisjoint(_SUBJECT):
        found.add("no subject")
    if kinds.isdisjoint(_PURSE):
        found.add("no purse")
    if "private" in kinds and kinds.isdisjoint({"target", "local_actor"}):
        found.add("private alone")
    return frozenset(found)


def _sentence(passage: Passage, kinds: set[str]) -> set[str]:
    found = {f"{one} + {other}" for one, other in _PAIRS if one in kinds and other in kinds}
    if {"federal", "money", "threat"} <= kinds:
        found.add("federal + money + threat")
    if {"federal", "money", "condition"} <= kinds:
        found.add("federal + money + condition")
    federal = passage.of(*FEDERAL)
    if _near(passage.of("purse", "program"), passage.of("strings"), _TIE):
        found.add("tied money")
    found |= _ordered("federal acts", federal, passage.of("federal_act"))
    found |= {f"local {what}" for what in _answers(passage)}
    found |= _ordered("threat to money", passage.of("threat"), passage.of("money", "program"))
    found |= _ordered("money threatened", passage.of("money", "program"), passage.of("threat"))
    found |= {f"stance {hit.term.name}" for hit in passage.of("stance")}
    return found


def first_to_act(passages: Iterable[Passage]) -> str:
    """Return who the first of these sentences with an act is about: "federal", "local" or ""."""
    for passage in passages:
        answers = bool(_answers(passage))
        acts = bool(_ordered("federal acts", passage.of(*FEDERAL), passage.of("federal_act", "strings")))
        if answers and acts:
            return "federal" if passage.of(*FEDERAL)[0].first < passage.of(*LOCAL)[0].first else "local"
        if answers or acts:
            return "local" if answers else "federal"
    return ""


def federal_actors(passage: Passage) -> tuple[Hit, ...]:
    """Return the federal actors of a sentence; "New Jersey Attorney General" is none."""
    of_a_place = {hit.last for hit in passage.of("place")}
    return tuple(hit for hit in passage.of(*FEDERAL) if hit.first not in of_a_place)


def _answers(passage: Passage) -> set[str]:
    """Return how a local actor answers: "says", "answers" and the names of the stances."""
    if passage.sentence.question:
        return set()
    found = set()
    for hit in passage.of("say", "stance"):
        actors = [actor for actor in passage.of(*LOCAL) if 0 <= hit.first - actor.last < _REACH]
        if any(_free(passage, actor, hit) for actor in actors):
            found |= {"says"} if hit.term.kind == "say" else {"answers", hit.term.name}
    return found


def _free(passage: Passage, actor: Hit, hit: Hit) -> bool:
    """Return whether nothing between actor and verb says that another acts or that the act is only asked for."""
    words = passage.sentence.words
    between = words[actor.last : hit.first]
    federal = any(actor.last <= other.first < hit.first for other in federal_actors(passage))
    if words[hit.first] in _ASKED_OF and (
        words[hit.first - 1] in _PASSIVE or words[hit.first + 1 : hit.first + 2] in _HEADLINE_PASSIVE
    ):
        return False
    return not federal and _ONLY_ASKED.isdisjoint(between)


def _plain(passage: Passage) -> set[str]:
    kinds = set(passage.kinds)
    if "agency" in kinds:
        kinds.add("federal")
    if "place" in kinds:
        kinds.add("target")
    if "program" in kinds:
        kinds.add("money")
    if "condition" in kinds and not any(hit.term.name == "condition" for hit in passage.of("condition")):
        # The demands ("jail_access") are conditions too, but weaker: they name a topic, not a tie.
        kinds.discard("condition")
        kinds.add("demand")
    return kinds


def _near(ones: Iterable[Hit], others: Iterable[Hit], words: int) -> bool:
    return any(
        one.first - other.last < words and other.first - one.last < words for one, other in product(ones, others)
    )


def _ordered(name: str, before: Iterable[Hit], after: Iterable[Hit]) -> set[str]:
    near = any(0 <= second.first - first.last < _REACH for first, second in product(before, after))
    return {name} if near else set()
