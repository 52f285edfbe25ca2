"""Examples: a labelled row as what training learns from.

What each head should say of a document and of its windows, which sentences are the reason, which places are parties
and what they answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

from classifier.deadlines import Dated, candidates
from classifier.folding import fold
from classifier.gate import gate_words
from classifier.gazetteer import Gazetteer
from classifier.labelled import Row, read_rows
from classifier.lexicon import Lexicon
from classifier.outline import Outline, marked, outline_of
from classifier.parsing import Parsed, Passage
from classifier.parties import Named, Party, named_of, parties_of
from classifier.places import find_places
from classifier.stances import Answering, answers_of
from classifier.windows import Window
from facts.event import LETTER, RELATED, RESPONSE, StanceKind

#: A text of this many sentences is one window.
ONE_WINDOW = 5
#: The answer to a question that a row leaves open.
UNKNOWN = -1

#: The features of what is asked about, and the answer to each question.
Asked = tuple[frozenset[str], tuple[int, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A labelled document, outlined; what each head should say of it and of each window (-1: not known)."""

    family: str
    #: What the gate weighs.
    words: frozenset[str]
    outline: Outline
    windows: tuple[frozenset[str], ...]
    targets: tuple[tuple[int, ...], ...]
    truth: tuple[int, ...]
    #: Of a document with an alert: of each sentence whether it is the reason, by role; of each place whether it is
    #: recipient and respondent; of each respondent what it answers.
    sentences: tuple[Asked, ...] = ()
    parties: tuple[tuple[Party, tuple[int, ...]], ...] = ()
    stances: tuple[tuple[Answering, tuple[int, ...]], ...] = ()
    #: Of each day that it names whether an answer is due by it; none where that is not known.
    days: tuple[Asked, ...] = ()
    weight: float = 1.0

    @property
    def labels(self) -> frozenset[str]:
        """The labels of an alert that it earned."""
        return frozenset(label for label, known in zip((LETTER, RESPONSE), self.truth, strict=False) if known)

    @property
    def brief(self) -> bool:
        """Whether it is a snippet and no document."""
        return len(self.outline.facts) <= ONE_WINDOW


def base_rows() -> Iterator[Row]:
    """Yield the labelled rows that ship with the package, file by file in order of name."""
    folder = files("classifier").joinpath("data/training")
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        yield from read_rows(file.read_text(encoding="utf-8").split("\n"), file.name)


def example_of(row: Row, lexicon: Lexicon, gazetteer: Gazetteer, weight: float = 1.0) -> Example:
    """Return a labelled row as an example."""
    parsed, mentions = marked(row.title, row.text, lexicon, gazetteer, ())
    outline = outline_of(parsed)
    titled = find_places(parsed.title_folded.text, gazetteer, ())
    named = named_of(parsed, outline, (mentions, titled), (), gazetteer.states)
    truth = _truth(row)
    whole = Window(first=0, last=len(outline.facts))
    windows = (whole,) if len(outline.facts) <= ONE_WINDOW else outline.windows
    return Example(
        family=row.family,
        words=next(gate_words(row.title, row.text)),
        outline=outline,
        windows=tuple(outline.features(window) for window in windows),
        targets=(truth,) if windows == (whole,) else tuple(_targets(row, parsed, windows, truth)),
        truth=truth,
        sentences=tuple(_sentences(row, parsed, outline)) if row.alerts else (),
        parties=tuple(_parties(row, named, gazetteer)),
        stances=tuple(_stances(row, named, gazetteer)),
        days=tuple(_days(row, parsed, outline)),
        weight=weight,
    )


def _truth(row: Row) -> tuple[int, ...]:
    letter, response, related = (int(row.labels.get(label, False)) for label in (LETTER, RESPONSE, RELATED))
    return (letter, response, related, max(letter, response))


def _targets(row: Row, parsed: Parsed, windows: Iterable[Window], truth: tuple[int, ...]) -> Iterable[tuple[int, ...]]:
    """Yield what each head should say of each window: yes where its passage is, else nothing in that document."""
    titles = len(parsed.title)
    spans = {label: _spans(row.evidence.get(label, ()), parsed) for label in (LETTER, RESPONSE)}
    for window in windows:
        inside = parsed.passages[max(0, window.first - titles) : max(0, window.last - titles)]
        letter, response = (
            _target(known, spans[label], inside) for label, known in zip((LETTER, RESPONSE), truth, strict=False)
        )
        either = 1 if 1 in (letter, response) else min(letter, response)
        # What makes a document a development stands at its head, as far as anybody marked.
        related = truth[2] if window.first <= titles or not truth[2] else UNKNOWN
        yield (letter, response, related, either)


def _sentences(row: Row, parsed: Parsed, outline: Outline) -> Iterator[Asked]:
    """Yield the features of each sentence of the text, and for each role whether it is the reason."""
    spans = {label: _spans(row.evidence.get(label, ()), parsed) for label in (LETTER, RESPONSE)}
    for at, passage in enumerate(parsed.passages, outline.titles):
        targets = tuple(
            UNKNOWN if row.labels.get(label) and not found else int(_holds(found, [passage]))
            for label, found in spans.items()
        )
        yield outline.features(Window(first=at, last=at + 1)), targets


def _parties(row: Row, named: Named, gazetteer: Gazetteer) -> Iterator[tuple[Party, tuple[int, ...]]]:
    """Yield of each place that an alert names whether it is a recipient and whether it is a respondent."""
    if not row.alerts or row.recipients is None or row.respondents is None:
        return
    ids = [
        {place.id for name in names if (place := gazetteer.find(name))} for names in (row.recipients, row.respondents)
    ]
    for party in parties_of(named):
        answers = (
            int(party.place.id in known) if row.labels.get(label) else UNKNOWN
            for label, known in zip((LETTER, RESPONSE), ids, strict=True)
        )
        yield party, tuple(answers)


def _stances(row: Row, named: Named, gazetteer: Gazetteer) -> Iterator[tuple[Answering, tuple[int, ...]]]:
    """Yield of each respondent that the text speaks of which of the stances it takes."""
    spoken = {each.place.id: each.place for inside in named.references for each in inside}
    known = {place.id: stance for name, stance in (row.stances or {}).items() if (place := gazetteer.find(name))}
    places = [spoken[ident] for ident in known if ident in spoken]
    for place, answering in zip(places, answers_of(named, places), strict=True):
        yield answering, tuple(int(kind is known[place.id]) for kind in StanceKind)


def _days(row: Row, parsed: Parsed, outline: Outline) -> Iterator[Asked]:
    """Yield the features of each day that an alert names, and whether an answer is due by it."""
    if not row.alerts or row.deadline is None:
        return
    spans = [span for passages in row.evidence.values() for span in _spans(passages, parsed)]
    near = [at for at, passage in enumerate(parsed.passages) if _holds(spans, [passage])]
    labels = frozenset(label for label in (LETTER, RESPONSE) if row.labels.get(label))
    for each in candidates(Dated(parsed=parsed, outline=outline, published=row.published, near=near, labels=labels)):
        yield each.features, (int(each.found.day == row.deadline),)


def _target(known: int, spans: Sequence[tuple[int, int]], inside: Iterable[Passage]) -> int:
    if not known:
        return 0
    return 1 if _holds(spans, inside) else UNKNOWN


def _holds(spans: Sequence[tuple[int, int]], inside: Iterable[Passage]) -> bool:
    return any(
        passage.sentence.start < end and start < passage.sentence.end for passage in inside for start, end in spans
    )


def _spans(passages: Iterable[str], parsed: Parsed) -> list[tuple[int, int]]:
    text = parsed.folded.text
    folded = (fold(passage).text for passage in passages)
    return [(at, at + len(passage)) for passage in folded if (at := text.find(passage)) >= 0]
