"""Parsing: a document cut into sentences with the terms found in each, once, for every later step."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from classifier.folding import Folded, fold
from classifier.lexicon import Hit, Lexicon, Term
from classifier.windows import Sentence, dateline_end, sentences
from facts.event import Quote

#: Characters of a text that are read; a longer one is a dump, not an article or a letter.
READ_LIMIT = 400_000
TITLE_LIMIT = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A sentence with its terms in the order of the words, and their kinds."""

    sentence: Sentence
    hits: tuple[Hit, ...]
    kinds: frozenset[str]

    def of(self, *kinds: str) -> tuple[Hit, ...]:
        """Return the terms of these kinds, in the order of the words."""
        if self.kinds.isdisjoint(kinds):
            return ()
        return tuple([hit for hit in self.hits if hit.term.kind in kinds])


def passage_of(sentence: Sentence, hits: Iterable[Hit]) -> Passage:
    """Return the sentence with these terms."""
    ordered = tuple(sorted(hits, key=lambda hit: hit.first))
    return Passage(sentence=sentence, hits=ordered, kinds=frozenset([hit.term.kind for hit in ordered]))


def part_of(passage: Passage, start: int, end: int) -> Passage:
    """Return the words of a sentence that begin within [start, end) of the folded text, with their terms."""
    sentence = passage.sentence
    first, last = bisect_left(sentence.starts, start), bisect_left(sentence.starts, end)
    part = replace(
        sentence,
        start=start,
        end=end,
        words=sentence.words[first:last],
        starts=sentence.starts[first:last],
        ends=sentence.ends[first:last],
    )
    inside = (hit for hit in passage.hits if first <= hit.first and hit.last <= last)
    return passage_of(part, (replace(hit, first=hit.first - first, last=hit.last - first) for hit in inside))


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A document as the rules see it; the title stands apart, so evidence always lies in the text."""

    original: str
    folded: Folded
    title: tuple[Passage, ...]
    title_folded: Folded
    passages: tuple[Passage, ...]

    def words_of(self, index: int) -> str:
        """Return the folded words of one sentence."""
        sentence = self.passages[index].sentence
        return self.folded.text[sentence.start : sentence.end]

    def quote(self, first: int, last: int) -> Quote:
        """Return sentences `first` to `last`, excluded, as a quote of the original text."""
        start, end = self.folded.span(self.passages[first].sentence.start, self.passages[last - 1].sentence.end)
        return Quote(text=self.original[start:end], start=start, end=end)


def parse(title: str, text: str, lexicon: Lexicon) -> Parsed:
    """Return the document cut and marked; never raises, whatever the text."""
    folded, title_folded = fold(text[:READ_LIMIT]), fold(title[:TITLE_LIMIT])
    return Parsed(
        original=text,
        folded=folded,
        title=_passages(title_folded, lexicon),
        title_folded=title_folded,
        passages=_passages(folded, lexicon),
    )


def with_places(passages: Sequence[Passage], spans: Iterable[tuple[int, int]]) -> tuple[Passage, ...]:
    """Return the passages with each place, named at (start, end) of the folded text, as a term of the kind "place"."""
    starts = [passage.sentence.start for passage in passages]
    added: dict[int, list[Hit]] = {}
    for start, end in spans:
        index = bisect_right(starts, start) - 1
        if index >= 0 and (hit := _place_hit(passages[index].sentence, start, end)):
            added.setdefault(index, []).append(hit)
    return tuple(
        passage_of(passage.sentence, (*passage.hits, *added[index])) if index in added else passage
        for index, passage in enumerate(passages)
    )


def _place_hit(sentence: Sentence, start: int, end: int) -> Hit | None:
    first, last = bisect_left(sentence.starts, start), bisect_left(sentence.starts, end)
    return Hit(term=Term(kind="place", name="place"), first=first, last=last) if first < last else None


def _passages(folded: Folded, lexicon: Lexicon) -> tuple[Passage, ...]:
    # "WASHINGTON -" says where a piece was written and not that the government acts.
    begin = dateline_end(folded.text)
    return tuple(
        passage_of(
            sentence, [hit for hit in lexicon.hits(sentence, folded.text) if sentence.starts[hit.first] >= begin]
        )
        for sentence in sentences(folded.text, folded.lower)
    )
