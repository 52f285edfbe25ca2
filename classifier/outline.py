"""Outline: a document cut into sentences and windows with what each says, ready to be scored.

Judging and training read documents through the same outline, so what was learned is what is weighed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from classifier.features import FEDERAL, Facts, facts_of, first_to_act, joined
from classifier.gazetteer import Gazetteer
from classifier.grams import grams_of
from classifier.lexicon import Lexicon
from classifier.parsing import Parsed, Passage, parse, with_places
from classifier.places import Mention, find_places
from classifier.windows import WINDOW, Window, windows
from classifier.words import word_set
from facts.places import Place

#: Sentences after the headline that tell what a piece is about.
LEAD = 2
#: Sentences whose words count as those of the top.
TOP = 4
#: A sentence that stands more often in one document was put there for machines.
MOST_COPIES = 4
#: Sentences within which a letter has its salutation.
LETTER_HEAD = 12

# A list of search words is no prose: English has a quarter to a half of its words from this list.
_SMALL = word_set(
    "a an the of to in on for and or but if that this it its is are was were be been by with from at as not no "
    "will would has have had he she they their his her who which what we you i our your said says than then so "
    "into over after"
)
_SMALL_SHARE = 0.16
_DISTINCT_SHARE = 0.4
_SHORT = 12
#: How presidential orders, memoranda and proclamations say whose they are and that they command (1 CFR 19.1 has the
#: first of them; the others vary with the writer).
_ORDERING = (
    ("authority", "vested", "in", "me"),
    ("it", "is", "hereby", "ordered"),
    ("hereby", "order"),
    ("hereby", "direct"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """Headline and text sentence by sentence; the first `titles` of them are the headline."""

    titles: int
    facts: tuple[Facts, ...]
    grams: tuple[frozenset[str], ...]
    #: Those that are prose, by index into the sentences, and the facts of the sentences of each together.
    windows: tuple[Window, ...]
    said_in_windows: tuple[frozenset[str], ...]
    #: Whom headline and lead are about: "federal", "local" or "".
    leads: str
    #: Who writes, where it is a letter with a salutation: "federal", "local" or "".
    writer: str
    #: Whether it is an order, whose clauses each stand for themselves.
    orders: bool

    def said(self, window: Window) -> frozenset[str]:
        """Return the facts of the sentences of a window together."""
        return joined(self.facts[window.first : window.last])

    def features(self, window: Window) -> frozenset[str]:
        """Return what the model weighs of a window: its words, and the facts of its sentences together."""
        return frozenset(fact_features(self.said(window)).union(*self.grams[window.first : window.last]))

    def zoned(self) -> set[str]:
        """Return the words of the whole document, those of headline and top once more as such."""
        top = self.grams[self.titles : self.titles + TOP]
        zones = {"t": self.grams[: self.titles], "l": top}
        found = {f"{zone}{gram}" for zone, inside in zones.items() for grams in inside for gram in grams}
        return found.union(*self.grams)


def fact_features(facts: Iterable[str]) -> set[str]:
    """Return facts as features."""
    return {f"f:{fact}" for fact in facts}


def marked(
    title: str, text: str, lexicon: Lexicon, gazetteer: Gazetteer, home: Sequence[Place]
) -> tuple[Parsed, tuple[Mention, ...]]:
    """Return a document parsed, its terms and places marked, and the places that its text names."""
    parsed = parse(title, text, lexicon)
    mentions = find_places(parsed.folded.text, gazetteer, home)
    named = find_places(parsed.title_folded.text, gazetteer, home)
    return replace(
        parsed,
        passages=with_places(parsed.passages, [(m.start, m.end) for m in mentions if not m.dateline]),
        title=with_places(parsed.title, [(m.start, m.end) for m in named]),
    ), mentions


def outline_of(parsed: Parsed) -> Outline:
    """Return the outline of a parsed document whose places were marked."""
    lines = (*parsed.title, *parsed.passages)
    facts = tuple(facts_of(line) for line in lines)
    prose = tuple(_prose_windows(lines))
    return Outline(
        titles=len(parsed.title),
        facts=facts,
        grams=tuple(grams_of(line) for line in lines),
        windows=prose,
        said_in_windows=tuple(joined(facts[window.first : window.last]) for window in prose),
        leads=first_to_act(lines[: len(parsed.title) + LEAD]),
        writer=_writer(parsed),
        orders=any(_holds(passage.sentence.words, phrase) for passage in parsed.passages for phrase in _ORDERING),
    )


def _writer(parsed: Parsed) -> str:
    """Return who writes a letter: whom its head names first, for the addressee stands below the writer."""
    head = parsed.passages[:LETTER_HEAD]
    if not any("dear" in passage.sentence.words[:3] for passage in head):
        return ""
    federal, local = head[0].of(*FEDERAL), head[0].of("target", "local_actor")
    if "dear" in head[0].sentence.words[:3]:
        return "local" if federal else ""
    return "federal" if federal and not (local and local[0].first < federal[0].first) else "local"


def _holds(words: Sequence[str], phrase: Sequence[str]) -> bool:
    return phrase[0] in words and any(
        words[at : at + len(phrase)] == phrase for at, word in enumerate(words) if word == phrase[0]
    )


def _prose_windows(lines: Sequence[Passage]) -> list[Window]:
    copies = Counter(line.sentence.words for line in lines)
    return [window for window in windows(len(lines), WINDOW) if _prose(lines[window.first : window.last], copies)]


def _prose(lines: Sequence[Passage], copies: Counter[tuple[str, ...]]) -> bool:
    if any(copies[line.sentence.words] > MOST_COPIES for line in lines):
        return False
    words = [word for line in lines for word in line.sentence.words]
    if len(words) < _SHORT:
        return bool(words)
    small = sum(word in _SMALL for word in words)
    return small >= _SMALL_SHARE * len(words) and len(set(words)) >= _DISTINCT_SHARE * len(words)
