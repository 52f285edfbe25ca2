"""References: where a document speaks of each place, by its name, its government or the people who speak for it.

"Boise refused. The mayor said she would sue. Ortega also ..." speaks of one city three times: what a place does often
stands some sentences below its name.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from classifier.features import federal_actors
from classifier.parsing import Parsed
from classifier.place_words import AFTER_GOVERNMENT
from classifier.places import Mention, by_passage
from classifier.words import word_set
from facts.places import Place, PlaceKind

#: Sentences through which "the mayor" still means that of the place named last, and "she" whoever acted last.
CARRY, PRONOUN_CARRY = 4, 1
#: Characters between a person and the place that they speak for; one who is named after it is nearer.
PERSON_REACH, NAMED_BEFORE = 70, 8
#: The places of a local text lie in one state, two of three of them at the least.
MOSTLY = 1.5
#: The words that mean a government named before, by its kind; "local" is a city or a county.
_REALMS = {
    "city": "city|town|township|village|borough|mayor|council|councilman|councilwoman|councilmember|aldermen|police|"
    "chief|selectmen|select board",
    "county": "county|sheriff|supervisors|parish|county executive",
    "state": "state|governor|gov|legislature|lawmakers|statehouse|commonwealth",
    "local": "commissioners|commission|commissioner|district|superintendent|school board|schools|board|authority|"
    "agency|transit agency|housing authority|clerk|trustees|manager|city attorney|solicitor",
    "pronoun": "he|she|they|we|our",
}
_PLAIN = "|".join(f"(?P<{realm}>(?:{words})(?:'s)?)" for realm, words in _REALMS.items())
_GENERIC = re.compile(rf"(?<![\w.'-])(?:{_PLAIN})(?![\w-])")
#: "A state law" and "state aid" do nothing.
_NO_ACTOR_AFTER = re.compile(
    r" (?:law|laws|aid|house|senate|senator|rep|representative|court|courts|constitution|agencies|departments|"
    r"governments|and local|or local|capital)\b"
)
#: "Another city" and "each county" are nobody's.
_NOBODYS = re.compile(r"\b(?:a|an|any|each|every|other|another|no|which|some|u\.s|federal|justice) \Z")
_BEFORE = 10
_PERSON = re.compile(r"[A-Z][a-z'-]+(?:-[A-Z][a-z]+)?(?: (?:[A-Z]\. )?[A-Z][A-Za-z'-]+){1,4}")
_NO_SURNAME = AFTER_GOVERNMENT | word_set(
    "act program grant grants university college hospital street avenue road justice homeland security order news"
)
_SHORTEST_SURNAME = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A place spoken of at [start, end) of the folded text; `how` is "name", a realm, "person" or "pronoun"."""

    place: Place
    start: int
    end: int
    how: str


#: A word that means a government or somebody named before: its realm, start and end.
_Word = tuple[str, int, int]


def focus_of(
    mentions: Iterable[Mention], titled: Iterable[Mention], home: Sequence[Place], states: Mapping[str, Place]
) -> dict[str, Place]:
    """Return by realm what "the city", "the county", "the state" and "the district" mean in a document."""
    places = [*home, *(mention.place for mention in (*titled, *mentions))]
    counts = Counter(places)
    focus: dict[str, Place] = {}
    for place in sorted(counts, key=lambda place: -counts[place]):
        focus.setdefault(place.kind.value, place)
        if place.kind is not PlaceKind.STATE:
            focus.setdefault("local", place)
    state = states.get(_home_state(mentions, titled, home))
    return focus | {"state": state} if state else focus


def _home_state(mentions: Iterable[Mention], titled: Iterable[Mention], home: Sequence[Place]) -> str:
    """Return the USPS code of the state in which the places of a document lie; "" where they lie in several."""
    lines = [mention.place.state for mention in mentions if mention.dateline] or [place.state for place in home]
    if lines:
        return lines[0]
    local = Counter(each.place.state for each in (*titled, *mentions) if each.place.kind is not PlaceKind.STATE)
    for state, count in local.most_common(1):
        return state if count * MOSTLY >= local.total() else ""
    return ""


def references_of(
    parsed: Parsed, mentions: Sequence[Mention], focus: Mapping[str, Place]
) -> tuple[tuple[Reference, ...], ...]:
    """Return who is spoken of in each sentence of the text, in order of the words."""
    walk = _Walk(parsed, focus)
    named = by_passage(parsed.passages, mentions)
    words = _generic(parsed)
    return tuple(walk.step(index, inside, words.get(index, ())) for index, inside in enumerate(named))


class _Walk:
    """Goes through a text and keeps in mind who was named last and who speaks for whom."""

    def __init__(self, parsed: Parsed, focus: Mapping[str, Place]) -> None:
        self._parsed = parsed
        self._focus = focus
        #: By realm the sentence in which a place was named last; who acted last; by surname whom people speak for.
        self._last: dict[str, tuple[int, Place]] = {}
        self._actor: tuple[int, Place] | None = None
        self._people: dict[str, Place | None] = {}

    def step(self, index: int, inside: Sequence[Mention], words: Sequence[_Word]) -> tuple[Reference, ...]:
        """Return who is spoken of in the next sentence."""
        own = [
            Reference(place=mention.place, start=mention.start, end=mention.end, how="name")
            for mention in inside
            if not mention.dateline
        ]
        for reference in own:
            self._named(index, reference.place)
        taken = [(each.start, each.end) for each in own]
        found = [*own, *self._governments(index, words, taken), *self._persons(index, taken)]
        found = sorted(found, key=lambda each: each.start) or list(self._pronouns(index, words))
        if found:
            self._actor = (index, found[0].place)
        self._introduce(index, found, taken)
        return tuple(found)

    def _named(self, index: int, place: Place) -> None:
        self._last[place.kind.value] = (index, place)
        if place.kind is not PlaceKind.STATE:
            self._last["local"] = (index, place)

    def _governments(self, index: int, words: Iterable[_Word], taken: Sequence[tuple[int, int]]) -> Iterator[Reference]:
        for realm, start, end in words:
            if realm == "pronoun" or _touches(taken, start, end):
                continue
            last = self._last.get(realm)
            place = last[1] if last and index - last[0] <= CARRY else self._focus.get(realm)
            if place:
                yield Reference(place=place, start=start, end=end, how=realm)

    def _pronouns(self, index: int, words: Iterable[_Word]) -> Iterator[Reference]:
        """Yield the first pronoun of a sentence that names nobody, as whoever acted just before."""
        pronoun = next((word for word in words if word[0] == "pronoun"), None)
        if pronoun and self._actor and index - self._actor[0] <= PRONOUN_CARRY:
            yield Reference(place=self._actor[1], start=pronoun[1], end=pronoun[2], how="pronoun")

    def _persons(self, index: int, taken: Sequence[tuple[int, int]]) -> Iterator[Reference]:
        """Yield the people of a sentence who were said earlier to speak for a place."""
        if not self._people:
            return
        sentence, text = self._parsed.passages[index].sentence, self._parsed.folded.text
        for word, start, end in zip(sentence.words, sentence.starts, sentence.ends, strict=True):
            place = self._people.get(word.removesuffix("'s"))
            if place and text[start].isupper() and not _touches(taken, start, end):
                yield Reference(place=place, start=start, end=end, how="person")

    def _introduce(self, index: int, found: Sequence[Reference], names: Sequence[tuple[int, int]]) -> None:
        """Keep the people named in a sentence, each with the government or federal actor named nearest."""
        passage = self._parsed.passages[index]
        sentence = passage.sentence
        federal = [(sentence.starts[hit.first], sentence.ends[hit.last - 1]) for hit in federal_actors(passage)]
        actors = [*((each.start, each.end, each.place) for each in found), *((*span, None) for span in federal)]
        for match in _PERSON.finditer(self._parsed.folded.text, sentence.start, sentence.end):
            written = match.group().rpartition(" ")[2]
            surname = written.lower().removesuffix("'s")
            if surname in self._people or surname in _NO_SURNAME or len(surname) < _SHORTEST_SURNAME:
                continue
            if _touches([*names, *federal], match.end() - len(written), match.end()):
                continue
            gap, place = min(
                ((_gap(start, end, match), place) for start, end, place in actors),
                key=lambda each: each[0],
                default=(PERSON_REACH + 1, None),
            )
            if gap <= PERSON_REACH:
                self._people[surname] = place


def _gap(start: int, end: int, person: re.Match[str]) -> int:
    """Return the characters between an actor and a person."""
    if end <= person.start():
        return person.start() - end
    return 0 if start < person.end() else start - person.end() + NAMED_BEFORE


def _touches(spans: Iterable[tuple[int, int]], start: int, end: int) -> bool:
    return any(one < end and start < other for one, other in spans)


def _generic(parsed: Parsed) -> dict[int, list[_Word]]:
    """Return by sentence the words that mean a government or somebody named before."""
    lower = parsed.folded.lower
    starts = [passage.sentence.start for passage in parsed.passages]
    found: dict[int, list[_Word]] = {}
    for match in _GENERIC.finditer(lower):
        before = max(0, match.start() - _BEFORE)
        if _NO_ACTOR_AFTER.match(lower, match.end()) or _NOBODYS.search(lower, before, match.start()):
            continue
        index = bisect_right(starts, match.start()) - 1
        if index >= 0:
            found.setdefault(index, []).append((match.lastgroup or "", *match.span()))
    return found
