"""The gate: two sieves before any label is asked.

First the document: an ordinary one lacks the very words and is not read further. Then its windows: each gets a
relevance, how much it speaks of federal money with strings on it, whoever acts. Labels decide the role afterwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from classifier.features import FEDERAL, Facts, facts_of, first_to_act, joined
from classifier.folding import fold
from classifier.lexicon import Lexicon
from classifier.parsing import READ_LIMIT, Parsed, Passage
from classifier.windows import WINDOW, Window, windows
from classifier.words import word_set

#: Weights by hand, after a logistic fit on own-worded windows, rounded and with the signs that the definitions ask for.
BIAS = -0.2
RELEVANCE: Mapping[str, float] = {
    "tie": 0.6,
    "tied money": 0.3,
    "core": 0.4,
    "federal + condition": 0.6,
    "federal + threat": 0.4,
    "federal + money + threat": 0.4,
    "money + condition": 0.4,
    "money threatened": 0.3,
    "imm + money": 0.4,
    "local_actor + condition": 0.3,
    "instrument_word + condition": 0.2,
    "instrument_word + threat": 0.2,
    "today + federal": 0.3,
    "has pressure": 0.6,
    "has money": 0.5,
    "has federal_act": 0.4,
    "has instrument_word": 0.4,
    "has policy": 0.5,
    "has local_actor": 0.3,
    "has dear": 0.3,
    "has demand": 0.4,
    "has say": 0.2,
    "stance sues": 0.3,
    "stance asks": 0.4,
    "stance complies": 0.3,
    "stance refuses": 0.2,
    "local sues": 0.6,
    "local disputes": 0.7,
    "local refuses": 0.2,
    "local says": 0.2,
    "state_power + money": -0.5,
    "private + money": -0.5,
    "award_words + money": -0.7,
    "has award_words": -0.4,
    "has opinion": -0.3,
    "has background": -0.3,
    "has routine": -1.5,
    "has not_local": -0.5,
    "has crime": -1.2,
    "has lobby": -0.8,
    "has private": -0.8,
    "private alone": -2.5,
    "no subject": -2.5,
    "no purse": -0.3,
    "has ruling": -1.1,
}
#: A whole article or letter has room to say all of it: money of the public purse, the string on it, a federal actor
#: and a state or local one. Without that a window of it weighs less; a short text is let off.
NO_TIE = -1.2
NO_CLOSE_TIE = -0.5
SHORT_TEXT = 3
#: What the top of a document says it is about instead.
ABOUT: Mapping[str, float] = {
    "has crime": -1.6,
    "has private": -0.6,
    "has award_words": -0.4,
    "has routine": -0.4,
    "has enforcement": -0.7,
    "has lobby": -1.0,
}
#: A piece with a word of crime and punishment in more than this share of its sentences is a court report.
CRIME = -1.5
CRIME_SHARE = 0.3
#: A sentence that stands more often in one document was put there for machines.
MOST_COPIES = 4
#: Sentences at the top that tell what a piece is about.
LEAD = 4
#: Sentences within which a letter has its salutation.
LETTER_HEAD = 12

_NEEDED = (
    frozenset({"purse", "program", "imm", "policy"}),
    frozenset({"strings", "instrument_word", "pressure"}),
    frozenset({"target", "local_actor"}),
    frozenset(FEDERAL),
)
# A list of search words is no prose: English has a quarter to a half of its words from this list.
_SMALL = word_set(
    "a an the of to in on for and or but if that this it its is are was were be been by with from at as not no "
    "will would has have had he she they their his her who which what we you i our your said says than then so "
    "into over after"
)
_SMALL_SHARE = 0.16
_DISTINCT_SHARE = 0.4
_SHORT = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A window with its facts and its relevance, in log odds; `first` and `last` count the text's sentences alone."""

    first: int
    last: int
    features: frozenset[str]
    relevance: float

    @property
    def lead(self) -> bool:
        """Whether it stands at the top of the document."""
        return self.first < LEAD


@dataclass(frozen=True, slots=True, kw_only=True)
class Gated:
    """A document that passed the sieve, window by window."""

    parsed: Parsed
    windows: tuple[Scored, ...]
    #: What each sentence of the text says by itself.
    sentences: tuple[frozenset[str], ...]
    #: Facts of the title alone, and of the title with the first two sentences.
    title: frozenset[str]
    top: frozenset[str]
    #: Whom the title and the first two sentences are about: "federal", "local" or "".
    leads: str
    #: Who writes, where it is a letter with a salutation: "federal", "local" or "".
    writer: str


def may_matter(title: str, text: str, lexicon: Lexicon) -> bool:
    """Return whether a document holds a word of each list of the sieve."""
    lower = fold(f"{title}\n{text[:READ_LIMIT]}").lower
    return all(any(word in lower for word in words) for words in lexicon.sieve)


def has_strings(parsed: Parsed) -> bool:
    """Return whether money or policy, a string and both governments meet in a window; a short text is let off."""
    lines = (*parsed.title, *parsed.passages)
    if len(lines) <= SHORT_TEXT:
        return True
    kinds = [line.kinds for line in lines]
    near = [frozenset().union(*kinds[window.first : window.last]) for window in windows(len(lines), WINDOW)]
    return any(all(not need.isdisjoint(found) for need in _NEEDED) for found in near)


def gate(parsed: Parsed) -> Gated:
    """Return the windows of a document with their relevance."""
    lines = (*parsed.title, *parsed.passages)
    titles = len(parsed.title)
    facts = [facts_of(line) for line in lines]
    title, top = joined(facts[:titles]), joined(facts[: titles + 2])
    subject = weigh(title, ABOUT)
    if len(lines) > SHORT_TEXT:
        subject += weigh(top, ABOUT) + _crime(lines)
    copies = Counter(line.sentence.words for line in lines)
    kept = [window for window in windows(len(lines), WINDOW) if _prose(lines, copies, window)]
    return Gated(
        parsed=parsed,
        windows=tuple(_scored(facts, titles, window, subject) for window in kept),
        sentences=tuple(joined([each]) for each in facts[titles:]),
        title=title,
        top=top,
        writer=_writer(parsed),
        leads=first_to_act(lines[: titles + 2]),
    )


def _crime(lines: Sequence[Passage]) -> float:
    return CRIME if sum("crime" in line.kinds for line in lines) > CRIME_SHARE * len(lines) else 0.0


def _writer(parsed: Parsed) -> str:
    """Return who writes a letter: whom its head names first, for the addressee stands below the writer."""
    head = parsed.passages[:LETTER_HEAD]
    if not any("dear" in passage.sentence.words[:3] for passage in head):
        return ""
    federal, local = head[0].of(*FEDERAL), head[0].of("target", "local_actor")
    if "dear" in head[0].sentence.words[:3]:
        return "local" if federal else ""
    return "federal" if federal and not (local and local[0].first < federal[0].first) else "local"


def weigh(features: frozenset[str], weights: Mapping[str, float]) -> float:
    """Return the sum of the weights of the facts that hold."""
    return sum(weights.get(feature, 0.0) for feature in features)


def _scored(facts: Sequence[Facts], titles: int, window: Window, subject: float) -> Scored:
    features = joined(facts[window.first : window.last])
    return Scored(
        first=max(0, window.first - titles),
        last=max(0, window.last - titles),
        features=features,
        relevance=BIAS
        + weigh(features, RELEVANCE)
        + subject
        + (_missing(features) if len(facts) > SHORT_TEXT else 0.0),
    )


def _missing(features: frozenset[str]) -> float:
    if "tie" in features:
        return 0.0
    return NO_CLOSE_TIE if "loose tie" in features else NO_TIE


def _prose(lines: tuple[Passage, ...], copies: Counter[tuple[str, ...]], window: Window) -> bool:
    if any(copies[passage.sentence.words] > MOST_COPIES for passage in lines[window.first : window.last]):
        return False
    words = [word for passage in lines[window.first : window.last] for word in passage.sentence.words]
    if len(words) < _SHORT:
        return bool(words)
    small = sum(word in _SMALL for word in words)
    return small >= _SMALL_SHARE * len(words) and len(set(words)) >= _DISTINCT_SHARE * len(words)
