"""Places: which cities, counties and states a text speaks of.

Names are read off runs of capitalised words and looked up; a name alone is never enough where it may be a newspaper,
a university, a street, a person or another place of the same name.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from classifier.gazetteer import Entry, Gazetteer, is_county_word, key_of
from classifier.parsing import Passage
from classifier.windows import dateline_end
from classifier.words import word_set
from facts.places import Place, PlaceKind

_TOKEN = re.compile(r"[A-Z\u00c0-\u00de][A-Za-z\u00c0-\u024f]*(?:['-][A-Za-z\u00c0-\u024f]+)*")
_GAP = re.compile(r"\.?[ \n]{1,2}\Z|-\Z")
_STATE_AFTER = re.compile(
    r",?\s{1,3}\(?([A-Z][a-z]{1,12}\.?(?:\s[A-Z][a-z]{2,12})?|[A-Z]\.\s?[A-Z][a-z]{0,2}\.|[A-Z]{2}(?![A-Za-z]))"
)
_BARE_STATE_AFTER = re.compile(r"\s([A-Z]{2})(?![A-Za-z])")
_LONGEST_NAME = 4

_AFTER_NOT_PLACE = word_set(
    "sun eagle times post journal tribune chronicle herald gazette star bee record news press globe daily "
    "examiner register dispatch observer inquirer ledger courier sentinel telegram banner magazine university "
    "college institute academy seminary law street avenue boulevard road drive lane highway parkway plaza bridge "
    "inc corp llc bank airlines company act amendment rule island river lake bay hotel circuit"
)
_AFTER_GOVERNMENT = word_set(
    "police mayor mayors city county council councilman councilwoman councilmember councilor sheriff gov governor "
    "public schools school department fire housing metro metropolitan board officials chief commissioner "
    "commissioners attorney attorneys superintendent transit democrat democrats republican republicans state "
    "secretary supervisor supervisors town village parish borough district municipal manager clerk lawmakers "
    "legislature senate house ag mayoral and or alderman alderwoman solicitor health education dateline law is "
    "was has says said"
)
_BEFORE_PERSON = word_set(
    "mr ms mrs dr judge justice officer detective sgt lt capt det secretary president sen rep senator "
    "representative mayor sheriff gov governor commissioner councilman councilwoman chief attorney general "
    "spokesman spokeswoman"
)
_BEFORE_FINE = word_set(
    "in the from and but of for to at city cities mayor downtown greater metro metropolitan police chief chiefs "
    "both while like when after as if near with only even then so county state states meanwhile also by on "
    "neither where officials sheriff former across that this north south east west northern southern eastern "
    "western central dear re st saint attorney mayors leaders yes no what why how later earlier today yesterday "
    "now each every just about around against monday tuesday wednesday thursday friday saturday sunday will can "
    "is are was says said unlike"
)
_RISKY = word_set(
    "reading mobile orange justice independence liberty enterprise commerce superior normal union federal police "
    "sessions price hope paradise friendship defiance surprise eagle star sun grant law march may august page "
    "plain best republic university college central home west east north south media cooperation welcome energy "
    "grants trump war ice many lead mission opportunity freedom industry progress success challenge show bell "
    "sanctuary hill park forest valley lake beach island trinity temple bishop deal rights columbia attorney"
)
_STAND_ALONE = word_set(
    "atlanta baltimore boston chicago cincinnati cleveland dallas denver detroit honolulu houston indianapolis "
    "miami milwaukee minneapolis philadelphia phoenix pittsburgh seattle"
) | {
    "las vegas", "los angeles", "new orleans", "oklahoma city", "st louis", "salt lake city", "san antonio",
    "san diego", "san francisco",
}  # fmt: skip
_STATE_CUES = re.compile(
    r"\s(?:state|gov|governor|attorney general|ag|legislature|lawmakers|secretary of state)\b", re.IGNORECASE
)
_CITY_CUES = re.compile(r"\s(?:city|mayor|police|council|n\.?y\.?p\.?d)\b|'s mayor", re.IGNORECASE)
_POSTCODE = re.compile(r"[.,\s]{0,3}\d{5}")
#: A name stands for its largest bearer when that one is big, and this many times the next.
_LARGE = 90_000
_RATIO = 5
_KNOWN_STATE_RATIO = 20
_LIST_REACH = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A place named in the folded text, from `start` to `end`, its state included."""

    place: Place
    start: int
    end: int
    dateline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Name:
    """A name found, with what follows it; `state` is the USPS code written behind it."""

    name: str
    start: int
    end: int
    entries: tuple[Entry, ...]
    state: str | None
    left: str
    right: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    """What helps to tell places of one name apart: USPS codes beside it and in the text, the source's places."""

    beside: Sequence[str]
    known: Sequence[str]
    home: Sequence[Place]


def find_places(text: str, gazetteer: Gazetteer, home: Sequence[Place] = ()) -> tuple[Mention, ...]:
    """Return every place a folded text names, in order; `home` are the places that the source is about."""
    names = [name for name in _names(text, gazetteer) if not _vetoed(name)]
    known = _known_states(names, home)
    first = _resolved(names, text, gazetteer, known, home)
    # A county of a common name lies in the state of the cities around it.
    known = list(dict.fromkeys([*known, *(place.state for place in first if place)]))
    second = _resolved(names, text, gazetteer, known, home)
    dateline = dateline_end(text)
    return tuple(
        Mention(place=place, start=name.start, end=name.end, dateline=name.end <= dateline)
        for name, place in zip(names, (one or two for one, two in zip(first, second, strict=True)), strict=True)
        if place
    )


def by_passage(passages: Sequence[Passage], mentions: Iterable[Mention]) -> tuple[tuple[Mention, ...], ...]:
    """Return the mentions of each passage, in order."""
    starts = [passage.sentence.start for passage in passages]
    found: list[list[Mention]] = [[] for _ in passages]
    for mention in mentions:
        index = bisect_right(starts, mention.start) - 1
        if index >= 0:
            found[index].append(mention)
    return tuple(tuple(inside) for inside in found)


def _resolved(
    names: Sequence[_Name], text: str, gazetteer: Gazetteer, known: Sequence[str], home: Sequence[Place]
) -> list[Place | None]:
    found = []
    for at, name in enumerate(names):
        near = (other for other in names[max(0, at - 4) : at + 5] if _same_list(text, name, other))
        beside = [state for other in near if (state := _state_of(other))]
        found.append(_resolve(name, text, gazetteer, _Context(beside=beside, known=known, home=home)))
    return found


def _names(text: str, gazetteer: Gazetteer) -> Iterable[_Name]:
    tokens = list(_TOKEN.finditer(text))
    skip_to = 0
    for at, token in enumerate(tokens):
        if token.start() < skip_to or not _may_begin(token.group(), gazetteer):
            continue
        for size in range(_LONGEST_NAME, 0, -1):
            run = tokens[at : at + size]
            if len(run) == size and _joined(text, run) and (name := _named(text, tokens, at, size, gazetteer)):
                skip_to = name.end
                yield name
                break


def _may_begin(word: str, gazetteer: Gazetteer) -> bool:
    bare = word[:-2] if word.endswith(("'s", "'S")) else word
    return key_of(bare).partition(" ")[0] in gazetteer.beginnings


def _joined(text: str, run: Sequence[re.Match[str]]) -> bool:
    return all(_GAP.match(text, one.end(), other.start()) for one, other in pairwise(run))


def _named(text: str, tokens: Sequence[re.Match[str]], at: int, size: int, gazetteer: Gazetteer) -> _Name | None:
    start, end = tokens[at].start(), tokens[at + size - 1].end()
    written = text[start:end]
    bare = written[:-2] if written.endswith(("'s", "'S")) else written
    entries = gazetteer.named(bare)
    if not entries:
        return None
    last = tokens[at + size - 1]
    follows = tokens[at + size] if at + size < len(tokens) else None
    right = follows.group() if follows and text[last.end() : follows.start()] in {" ", "\n"} else ""
    state, stop = (None, end) if bare != written else _state_after(text, bare, end, gazetteer)
    before = tokens[at - 1] if at else None
    left = before.group() if before else ""
    apart = text[before.end() : start] if before else ""
    if apart not in {" ", "\n"} and not (apart == ". " and left.lower() in _BEFORE_PERSON):
        left = ""
    return _Name(name=bare, start=start, end=stop, entries=entries, state=state, left=left, right=right)


def _state_after(text: str, name: str, end: int, gazetteer: Gazetteer) -> tuple[str | None, int]:
    match = _STATE_AFTER.match(text, end) if text[end : end + 1] == "," else _BARE_STATE_AFTER.match(text, end)
    if match:
        written = match.group(1)
        for candidate in (written, written.split()[0]):
            # "Los Angeles, New York and" is a list and no address.
            if (state := gazetteer.state(candidate)) and gazetteer.within(name, state.state):
                return state.state, match.start(1) + len(candidate)
    return None, end


def _vetoed(name: _Name) -> bool:
    right, left = name.right.lower().removesuffix("'s"), name.left.lower()
    if name.state:
        return False
    if right in _AFTER_NOT_PLACE:
        return True
    person_left = left in _BEFORE_PERSON and right not in _AFTER_GOVERNMENT
    stranger_left = bool(left) and left not in _BEFORE_FINE and left not in _BEFORE_PERSON and name.left.istitle()
    stranger_right = bool(right) and right not in _AFTER_GOVERNMENT and name.right.istitle() and name.name.istitle()
    return person_left or stranger_left or stranger_right


def _known_states(names: Iterable[_Name], home: Iterable[Place]) -> list[str]:
    known = [state for name in names if (state := _state_of(name))]
    return list(dict.fromkeys([*known, *(place.state for place in home)]))


def _state_of(name: _Name) -> str | None:
    """Return the state that a name carries: written behind it, or its own."""
    own = (entry.place.state for entry in name.entries if entry.place.kind is PlaceKind.STATE)
    return name.state or next(own, None)


def _same_list(text: str, one: _Name, other: _Name) -> bool:
    """Return whether only a short list lies between two names: "Stockton and San Bernardino in California"."""
    between = text[min(one.end, other.end) : max(one.start, other.start)]
    return len(between) <= _LIST_REACH and "." not in between.replace(".,", "")


def _resolve(name: _Name, text: str, gazetteer: Gazetteer, context: _Context) -> Place | None:
    lower = name.name.lower()
    if is_county_word(name.right) and not is_county_word(lower.split()[-1]):
        return None
    if lower == "washington":
        return _washington(name, text, gazetteer)
    if lower == "new york" and not name.state:
        return gazetteer.state("NY") if not _CITY_CUES.match(text, name.end) else gazetteer.find("New York City, NY")
    if name.state:
        return gazetteer.within(name.name, name.state)
    state = next((entry.place for entry in name.entries if entry.place.kind is PlaceKind.STATE), None)
    return state or _without_state(name, lower, context)


def _without_state(name: _Name, lower: str, context: _Context) -> Place | None:
    at_home = next(
        (entry.place for entry in name.entries if any(entry.place.id == place.id for place in context.home)), None
    )
    if at_home:
        return at_home
    if lower in _RISKY:
        return None
    largest = name.entries[0]
    if lower.replace(".", "") in _STAND_ALONE:
        return largest.place
    for states in (context.beside, context.known):
        nearby = next((entry for entry in name.entries if entry.place.state in states), None)
        if nearby and nearby.population * _KNOWN_STATE_RATIO >= largest.population:
            return nearby.place
    second = name.entries[1].population if len(name.entries) > 1 else 0
    only_county = len(name.entries) == 1 and largest.place.kind is PlaceKind.COUNTY
    stands_out = largest.population >= _LARGE and largest.population >= _RATIO * second
    return largest.place if stands_out or only_county else None


def _washington(name: _Name, text: str, gazetteer: Gazetteer) -> Place | None:
    """Return the state or the city where a cue says so; bare "Washington" is the federal government."""
    before = text[max(0, name.start - 10) : name.start].lower()
    if name.state == "DC" and (before.endswith("in ") or _POSTCODE.match(text, name.end)):
        return None
    if name.state:
        return gazetteer.within(name.name, name.state)
    if before.endswith("state of ") or _STATE_CUES.match(text, name.end):
        return gazetteer.state("WA")
    return None
