"""Our query language: words, "phrases", -not and OR. Any text is a query; none is an error."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from storage.columns import storable

#: What is read of a query at most: far past what a person types, far below what a database chokes on (FTS5: depth 256).
MAX_CHARACTERS = 2000
MAX_TERMS = 32

_QUOTES = str.maketrans({"\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"'})
_PART = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]+))')


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is looked for: one term of each wanted group, and no unwanted term.

    A term is a word or a phrase as typed; "48-hour" is the phrase 48 hour, as the index splits words the same way.
    """

    wanted: tuple[tuple[str, ...], ...]
    unwanted: tuple[str, ...] = ()


def parse(words: str) -> Query | None:
    """Return the query a person typed, None when it holds no word that is wanted.

    Words stand side by side for "and"; OR in capitals binds its two neighbours; a minus before a word or phrase
    rules it out, wherever it stands. Everything else, such as * or NEAR(, is punctuation.
    """
    wanted: list[tuple[str, ...]] = []
    unwanted: list[str] = []
    joins = False
    for minus, term, is_word in _parts(words):
        if is_word and term == "OR" and not minus:
            joins = bool(wanted)
        elif minus:
            unwanted.append(term)
        elif joins:
            wanted[-1] = (*wanted[-1], term)
            joins = False
        else:
            wanted.append((term,))
    return Query(wanted=tuple(wanted), unwanted=tuple(unwanted)) if wanted else None


def _parts(words: str) -> list[tuple[bool, str, bool]]:
    typed = storable(words[:MAX_CHARACTERS]).translate(_QUOTES)
    parts = (
        (bool(minus), phrase or word, bool(word))
        for minus, phrase, word in _PART.findall(typed)
        if any(character.isalnum() for character in phrase or word)
    )
    return list(islice(parts, MAX_TERMS))
