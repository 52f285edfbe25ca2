"""Grams: what a sentence says, as the features that the trained model weighs.

Names of agencies, programmes and places, numbers and dates are masked, so that what is learned of one agency or city
holds for all: a new agency is one line of the lexicon and no new training.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from classifier.lexicon import Hit
from classifier.parsing import Passage
from classifier.words import word_set

#: Words within which two terms stand together.
REACH = 7
_MASKED = frozenset({"agency", "program", "place"})
_ACTORS = frozenset({"agency", "federal", "local_actor", "place", "state_power", "private", "ruling"})
_VERBS = frozenset(
    {"federal_act", "say", "stance", "threat", "condition", "strings", "pressure", "award_words", "enforcement"}
)
_MONTHS = word_set(
    "january february march april may june july august september october november december jan feb mar apr jun jul "
    "aug sept sep oct nov dec"
)
_DAYS = word_set("monday tuesday wednesday thursday friday saturday sunday")
_YEAR = 4


def grams_of(passage: Passage) -> frozenset[str]:
    """Return the words and pairs of words of a sentence, which terms follow which, and who does what.

    The first letter says which: "w" words, "o" terms in order, "a" an actor with its verb.
    """
    words = list(masked(passage))
    found = {f"w:{word}" for word in words}
    found |= {f"w:{one} {other}" for one, other in pairwise(words)}
    hits = [hit for hit in passage.hits if hit.term.kind != "program"]
    found |= set(_in_order(hits))
    found |= set(_acts(hits))
    return frozenset(found)


def masked(passage: Passage) -> Iterator[str]:
    """Yield the words of a sentence in order, what has a name of its own under the name of its kind."""
    longest: dict[int, Hit] = {}
    for hit in passage.hits:
        known = longest.get(hit.first)
        if hit.term.kind in _MASKED and (known is None or hit.last > known.last):
            longest[hit.first] = hit
    words, at = passage.sentence.words, 0
    while at < len(words):
        name = longest.get(at)
        yield f"@{name.term.kind}" if name else _plain(words[at])
        at = name.last if name else at + 1


def _plain(word: str) -> str:
    if word[0].isdigit():
        return "@year" if len(word) == _YEAR and word.startswith(("19", "20")) else "@number"
    if word in _MONTHS:
        return "@month"
    return "@day" if word in _DAYS else word.removesuffix("'s")


def _in_order(hits: Sequence[Hit]) -> Iterator[str]:
    for at, one in enumerate(hits):
        for other in hits[at + 1 :]:
            apart = other.first - one.first
            if apart > REACH:
                break
            if apart:
                yield f"o:{one.term.kind}>{other.term.kind}"


def _acts(hits: Sequence[Hit]) -> Iterator[str]:
    actor = next((hit for hit in hits if hit.term.kind in _ACTORS), None)
    if actor is None:
        return
    yield f"a:{actor.term.kind}"
    verb = next((hit for hit in hits if hit.first >= actor.first and hit.term.kind in _VERBS), None)
    if verb:
        yield f"a:{actor.term.kind}>{verb.term.kind}" + (f" {verb.term.name}" if verb.term.kind == "stance" else "")
