"""Sentences and windows: a text cut where a reader would pause, every piece with its offsets.

Offsets are into the folded text; `Folded.span` leads back to the original.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from classifier.words import word_set

#: Sentences in one window.
WINDOW = 3
#: Words after which a sentence is cut all the same: a page without full stops must not become one passage.
LONGEST_SENTENCE = 90

_DATELINE = 60
_ABBREVIATIONS = word_set(
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun mr mrs ms dr "
    "prof rev hon gov sen rep reps sens lt col gen capt sgt maj cpl det supt atty asst dept st ste ft mt no nos "
    "vs v inc co corp ltd bros jr sr ave blvd rd hwy univ assn sec secs art cf etc al ala ariz ark calif colo "
    "conn del fla ga ill ind kan kans ky la md mass mich minn miss mo mont neb nebr nev okla ore pa penn tenn tex "
    "va vt wash wis wyo"
)
_BREAK = re.compile(
    r"""[.!?]["')\]]{0,3}(?=\s)"""
    r"|\n[ \t]*\n"
    # The salutation of a letter whose lines are all a PDF kept, and a line that leads on to the next.
    r"|\n(?=[ \t]*Dear [A-Z])|:(?=[ \t]*\n)"
    # A headline glued to the dateline below it, and items of a list.
    r"|\n(?=[A-Z]{3}[A-Z .'-]{0,30}(?:, [A-Za-z. ]{1,20})?[ ]?(?:\([A-Za-z ]{1,20}\)[ ]?)?-)"
    r"|\n(?=[ \t]*(?:[-*\u2022\u25cf]|\d{1,2}[.)])[ \t])"
)
_WORD = re.compile(r"[a-z0-9\u00df-\u024f]+(?:['.&][a-z0-9\u00df-\u024f]+)*|\$")
_BEFORE = re.compile(r"[A-Za-z.]{1,12}\Z")
# "1." at the head of a line numbers an item.
_ITEM = re.compile(r"(?:\A|\n)[ \t]{0,3}\d{1,2}\Z")
_ITEM_REACH = 6
_INITIALS = re.compile(r"(?:[a-z]\.)+[a-z]")
_WORD_REACH = 12
_NEXT = re.compile(r"\s{0,40}[\"'(\[]?([A-Za-z0-9$]?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of the folded text: its words in lower case and where each begins and ends."""

    start: int
    end: int
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    #: It ends in a question mark: nobody answers in it.
    question: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Some consecutive sentences, by index: `first` included, `last` excluded."""

    first: int
    last: int


def sentences(text: str, lower: str) -> tuple[Sentence, ...]:
    """Return the sentences of a text in order; `lower` is the same text in lower case, same length."""
    return tuple(sentence for start, end in _stretches(text) for sentence in _cut(lower, start, end))


def windows(count: int, size: int = WINDOW) -> Iterator[Window]:
    """Return every run of `size` consecutive sentences; one shorter window for a shorter text."""
    for first in range(max(1, count - size + 1) if count else 0):
        yield Window(first=first, last=min(first + size, count))


def dateline_end(text: str) -> int:
    """Return where the dateline of a folded text ends ("WASHINGTON (Wire) -"); 0 without one."""
    lead = text[:_DATELINE]
    dash = lead.find("-")
    while dash > 0 and lead[dash - 1].isalpha() and lead[dash + 1 : dash + 2].isalpha():
        dash = lead.find("-", dash + 1)
    return dash if dash > 0 and lead[:2].isupper() else 0


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    ends = [match.end() for match in _BREAK.finditer(text) if _ends_sentence(text, match)]
    for start, end in pairwise((0, *ends, len(text))):
        if stripped := text[start:end].strip():
            lead = start + text[start:end].index(stripped[0])
            yield lead, lead + len(stripped)


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    mark = match.group()
    following = _NEXT.match(text, match.end())
    first = following.group(1) if following else ""
    if first.islower() or _ITEM.search(text, max(0, match.start() - _ITEM_REACH), match.start()):
        return False
    # A paragraph may end in an abbreviation.
    if not mark.startswith(".") or "\n\n" in text[match.end() : match.end() + 3]:
        return True
    before = _BEFORE.search(text, max(0, match.start() - _WORD_REACH), match.start())
    return not _abbreviates(before.group() if before else "", first)


def _abbreviates(word: str, following: str) -> bool:
    """Return whether a stop after the word runs on: "Aug. 18", "Sen. Doe", "U.S.", initials; "They sat." does not."""
    small = word.lower()
    if small in {"no", "nos"}:
        return following.isdigit()
    shortened = small in _ABBREVIATIONS and (word[0].isupper() or small in {"vs", "v", "etc", "al"})
    return shortened or (len(small) == 1 and small != "i") or bool(_INITIALS.fullmatch(small))


def _cut(lower: str, start: int, end: int) -> Iterator[Sentence]:
    found = [(match.group(), match.start(), match.end()) for match in _WORD.finditer(lower, start, end)]
    for first in range(0, len(found), LONGEST_SENTENCE):
        part = found[first : first + LONGEST_SENTENCE]
        is_last = first + LONGEST_SENTENCE >= len(found)
        yield Sentence(
            start=part[0][1] if first else start,
            end=end if is_last else part[-1][2],
            words=tuple(word for word, _, _ in part),
            starts=tuple(at for _, at, _ in part),
            ends=tuple(at for _, _, at in part),
            question=lower[start:end].endswith("?"),
        )
