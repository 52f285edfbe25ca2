"""The normal form of a text: what decides whether a document changed."""

from __future__ import annotations

import re
import unicodedata

from facts.identity import digest_text

# Zero-width and bidirectional controls, soft hyphens: invisible, and rewritten freely by content systems.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_WORD = re.compile(r"\w+")
#: More marks than these follow no letter (UAX #15, section 13). To sort them takes time with their square: a million of
#: them would hold the program up for an hour.
_MOST_MARKS = 30
_PILED = re.compile(rf"[^\w\s\x00-\u02ff]{{{_MOST_MARKS + 1},}}")

#: Words of a shingle: with three, a changed word makes three new shingles.
_SHINGLE = 3
#: An edit is small while at most this share of the new text's shingles is new, and no more of them than this: a line of
#: ten words, such as "Updated at 5 p.m. on Thursday". A longer sentence is news however long the page.
_SMALL_SHARE = 0.1
_SMALL_COUNT = 12
#: An editor's changes leave a text at least this much of its runs (that of `classifier.copies`).
_ALIKE_SHARE = 0.5
#: Characters of a text by which it is found alike; what goes on for longer is alike or not by then.
_COMPARED = 100_000


def normalise(text: str) -> str:
    """Return the text in NFC, without invisible characters, every run of white space folded to one blank."""
    folded = " ".join(text.split())
    if not folded.isprintable():  # rare, and the dear part: two searches through the whole text
        folded = " ".join(_CONTROL.sub(" ", _INVISIBLE.sub("", folded)).split())
    if unicodedata.is_normalized("NFC", folded):  # as nearly every text is, which costs little to see
        return folded
    return unicodedata.normalize("NFC", _PILED.sub(_thinned, folded))


def _thinned(piled: re.Match[str]) -> str:
    kept, marks = [], 0
    for character in piled[0]:
        marks = marks + 1 if unicodedata.category(character).startswith("M") else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def content_digest(title: str, text: str) -> str:
    """Return the digest that decides "changed": of the normalised title and text together."""
    return digest_text(f"{normalise(title)}\n{normalise(text)}")


def adds_little(old: str, new: str) -> bool:
    """Return whether the new text says hardly more than the old one: a typo mended, a line dropped, a date moved on."""
    told = _shingles(new)
    added = len(told - _shingles(old))
    return added <= min(_SMALL_COUNT, _SMALL_SHARE * len(told))


def alike(one: str, other: str) -> bool:
    """Return whether two texts are hardly two: the longer one shares at least half of its word runs with the other."""
    ours, theirs = _shingles(one[:_COMPARED]), _shingles(other[:_COMPARED])
    return len(ours & theirs) >= _ALIKE_SHARE * max(len(ours), len(theirs))


def words_of(text: str) -> list[str]:
    """Return the words of a text, case folded and without punctuation."""
    return _WORD.findall(normalise(text).casefold())


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = words_of(text)
    return {tuple(words[start : start + _SHINGLE]) for start in range(max(1, len(words) - _SHINGLE + 1))}
