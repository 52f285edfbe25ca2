"""Senses: the words with which places answer, by stem and by what they have in common.

"Will keep its rule", "is staying put" and "left it unchanged" share no word. Rows are few and ways to say it many, so
what is learned of one word of a sense holds for all of them. The lists are our own, from reading answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from classifier.grams import masked
from classifier.parsing import Passage
from classifier.words import word_set

#: Words by sense; a word may have several.
_SENSES = {
    "lawyer": "lawyer attorney counsel solicitor legal",
    "examine": "review study examine look check read consider weigh evaluate assess analyze pore inventory digest sort "
    "parse compare research explore mull comb ponder determine decide decision undecided going",
    "keep": "keep kept stay remain continue leave stand maintain hold unchanged intact place written same stick",
    "change": "repeal rescind amend change drop scrap remove end revise rewrite rewrote paint pause suspend cancel "
    "halt stop delete scrub strip took eliminate reverse lift replace redact convert cut shut close withdrew undo "
    "struck revoke rename",
    "sign": "sign certify attest initial form signature swear affirm certification assurance pledge promise agree "
    "accept",
    "policy": "ordinance policy resolution law rule statute code practice order directive",
    "forgo": "decline forgo refuse reject return forfeit spurn rebuff refusal opt skip pass defy",
    "wrong": "wrong mistaken error misread misunderstand mistake false inaccurate baffled puzzled mislabel incorrect "
    "confused surprised bewildered misstate misunderstood odd absurd",
    "already": "already always ever long since",
    "ask": "ask request seek sought urge query inquire want wonder question wrote letter",
    "clear": "clarify clarification explain explanation extension time day meeting whether waiver exempt exemption "
    "guidance specify delay month postpone",
    "court": "sue suit lawsuit complaint court judge injunction plaintiff litigation litigate brief papers coalition",
    "join": "join alongside coalition lead led plaintiff signatory",
    "money": "grant money fund dollar aid award",
    "send": "send sent submit turn hand provide mail upload file share give deliver post",
    "receive": "got receive get notify address went mail inform",
    "label": "list label name roll sanctuary designation",
    "vote": "vote council board commission approve adopt pass unanimous commissioners supervisors",
    "protest": "blast condemn arbitrary unfair unlawful illegal bully threat blackmail coercion extortion punish "
    "ransom political game overreach unconstitutional authority violate",
    "comply": "comply compliance cooperate obey follow meet satisfy conform help",
    "no": "no nope",
    "yes": "yes gladly happy fine easy",
    "has": "has have run operate own",
    "jail": "jail detention deputies sheriff police",
    "wait": "wait await before until next later yet pending",
    "silent": "comment respond reply inquiry call",
    "too": "also too likewise similar well same",
}
_NOT = word_set(
    "not won't don't doesn't didn't wouldn't cannot can't couldn't isn't aren't hasn't haven't never no neither nor "
    "without nothing"
)
#: Words through which a "not" reaches, and within which two senses stand together.
_NOT_REACH, _TOGETHER = 4, 8
_ENDING = re.compile(r"(?:'s|ing|ed|es|s|e|ly|ion|ions|er|ers|ment)\Z")
_SHORTEST = 3


@lru_cache(maxsize=16_384)  # the words of texts from outside: as many as there are writers
def stem(word: str) -> str:
    """Return a word without its ending; masked names stay as they are."""
    if word.startswith("@") or len(word) <= _SHORTEST:
        return word
    short = _ENDING.sub("", word)
    if len(short) < _SHORTEST:
        return word
    if short.endswith("i"):
        return f"{short[:-1]}y"
    return short[:-1] if len(short) > _SHORTEST and short[-1] == short[-2] else short


def _by_stem() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for sense, words in _SENSES.items():
        for each in dict.fromkeys(map(stem, words.split())):
            found.setdefault(each, []).append(sense)
    return {each: tuple(senses) for each, senses in found.items()}


_OF_A_STEM = _by_stem()


def stems_of(passage: Passage) -> list[str]:
    """Return the stems of a sentence in order."""
    return [stem(word) for _, word in masked(passage)]


def senses_of(stems: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the senses of a sentence with the index of their word, a minus before what stands under a "not"."""
    denied = -_NOT_REACH - 1
    for at, each in enumerate(stems):
        nots = each in _NOT
        denied = at if nots else denied
        under = "-" if not nots and at - denied <= _NOT_REACH else ""
        yield from ((at, under + sense) for sense in _OF_A_STEM.get(each, ()))


def sense_grams(stems: Sequence[str]) -> Iterator[str]:
    """Yield the stems of a sentence alone, in pairs and with one between, what is denied, and its senses in order."""
    yield from (f"s:{each}" for each in stems)
    yield from (f"s:{one} {other}" for one, other in pairwise(stems))
    yield from (f"k:{one} {other}" for one, other in zip(stems, stems[2:], strict=False))
    found = list(senses_of(stems))
    yield from (f"c:{sense}" for _, sense in found)
    for nth, (at, sense) in enumerate(found):
        for near, other in found[nth + 1 :]:
            if near - at > _TOGETHER:
                break
            if other != sense:
                yield f"c:{sense}>{other}"
    for at, each in enumerate(stems):
        if each in _NOT:
            yield from (f"not:{near}" for near in stems[at + 1 : at + 1 + _NOT_REACH])
