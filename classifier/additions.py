"""Additions: what a later version of a text tells that the first did not, such as the local officials' reply."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from classifier.folding import fold
from classifier.stripping import Span, told
from classifier.windows import sentences
from facts.text import words_of

#: Words in a run; shorter than those of a sketch, since a sentence has few and one of them may be mended.
RUN = 3
#: Share of a sentence's runs up to which it is known from the first text by chance: names, dates, a turn of phrase.
KNOWN_SHARE = 0.35
#: Runs of a sentence too short to be known or new by itself: it belongs to what was said before it.
FEWEST_RUNS = 4
#: Characters of either text that are compared; nobody reads further for a paragraph.
COMPARED = 200_000

Run = tuple[str, ...]


def additions(first: str, later: str) -> tuple[Span, ...]:
    """Return the passages of the later text that the first does not have, as spans of whole sentences, in order.

    What stands around a story, such as bylines and credits, adds nothing.
    """
    first, later = first[:COMPARED], later[:COMPARED]
    known = frozenset(_runs(words_of("\n".join(first[start:end] for start, end in told(first)))))
    return tuple(span for line in told(later) for span in _added(later, line, known))


def _added(text: str, line: Span, known: frozenset[Run]) -> Iterator[Span]:
    """Yield the stretches of sentences in one line of which hardly a run is known."""
    begin, is_new, stop = -1, False, line[0]
    for start, end in _sentences(text, line):
        runs = _runs(words_of(text[start:end]))
        if len(runs) >= FEWEST_RUNS:
            is_new = sum(run in known for run in runs) <= KNOWN_SHARE * len(runs)
        if is_new and begin < 0:
            begin = start
        if not is_new and begin >= 0:
            yield begin, stop
            begin = -1
        stop = end
    if begin >= 0:
        yield begin, stop


def _sentences(text: str, line: Span) -> Iterator[Span]:
    folded = fold(text[line[0] : line[1]])
    for sentence in sentences(folded.text, folded.lower):
        start, end = folded.span(sentence.start, sentence.end)
        yield line[0] + start, line[0] + end


def _runs(words: Sequence[str]) -> list[Run]:
    return [tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1)]
