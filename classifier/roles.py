"""Roles: which places a condition is addressed to; who answers is what `stances` found, all others are mentions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from classifier.features import window_features
from classifier.gate import LETTER_HEAD
from classifier.parsing import Parsed, Passage
from classifier.places import Mention, by_passage
from facts.places import Place, PlaceKind

#: Words just before a name that make it an aside.
_ASIDE = re.compile(
    r"\b(?:unlike|such as|like|near|based in|outside|other than|judge in|court in|office in|born in|rally in|speech in|"
    r"visit to|as in|speaking in|flew to|conference in|reporters in|from)\s(?:the\s)?\Z"
)
_ASIDE_REACH = 16
#: What follows a name that acts for itself and is not addressed.
_ACTS_ELSEWHERE = re.compile(
    r"[,\s]{1,3}(?:which\s|has\s|had\s|have\s)?(?:already\s|also\s)?(?:sued|filed|won|is suing|are suing|challenged)\b"
)
#: "The other three are ..." goes on with the list, whatever else it says.
_OTHERS = re.compile(
    r"\bthe (?:other|others|other \w{2,6}|\w{3,6} cities|recipients|jurisdictions|cities|letters) "
    r"(?:are|were|went to|got|received)\b|"
    r"\bamong the (?:\w{1,12} )?(?:cities|places|jurisdictions|recipients|states|counties)\b|"
    r"\balso (?:got|received|sent|went|addressed)\b"
)
#: More than any sentence weighs otherwise.
_LISTED = 20.0
_BASE = 1.0


def recipients_of(parsed: Parsed, mentions: Sequence[Mention], home: Sequence[Place]) -> tuple[Place, ...]:
    """Return the places that the letter or condition is addressed to, in the order of the text.

    Sentences that tell of the federal act count, the strongest kind alone when several places stand together in one;
    a local text that names none addresses the source's home.
    """
    ranked = list(_addressed(parsed, mentions))
    if not ranked:
        return tuple(home) if len(home) == 1 and _speaks_of_home(parsed) else ()
    fresh = [(weight, places) for weight, places, old in ranked if not old] or [(w, p) for w, p, _ in ranked]
    best = max((weight for weight, _ in fresh if weight < _LISTED), default=_LISTED)
    named = [place for weight, places in fresh if weight >= max(_BASE, best - _BASE) for place in places]
    return _without_their_states(dict.fromkeys(named))


def _addressed(parsed: Parsed, mentions: Sequence[Mention]) -> Iterator[tuple[float, list[Place], bool]]:
    letter_head = _letter_head(parsed)
    for index, (passage, named) in enumerate(zip(parsed.passages, by_passage(parsed.passages, mentions), strict=True)):
        inside = [mention for mention in named if not _aside(parsed, mention)]
        if not inside:
            continue
        head = index < letter_head
        weight = max(_weight(passage, head=head), _LISTED if _names_the_others(parsed, index) else 0.0)
        if weight >= _BASE:
            cities = [m.place for m in inside if not m.dateline or head]
            together = 1.0 if len({place.id for place in cities}) > 1 else 0.0
            yield weight + together, cities, "background" in passage.kinds


def _names_the_others(parsed: Parsed, index: int) -> bool:
    return bool(_OTHERS.search(parsed.words_of(index).lower()))


def _letter_head(parsed: Parsed) -> int:
    """Return how many passages lie before the salutation of a letter and right behind it; 0 for anything else."""
    opening = (i for i, p in enumerate(parsed.passages[:LETTER_HEAD]) if "dear" in p.sentence.words[:3])
    at = next(opening, None)
    return 0 if at is None else at + 2


def _weight(passage: Passage, *, head: bool) -> float:
    features = window_features([passage])
    weight = 2.0 * head
    for name, value in (
        ("federal acts", 1.0),
        ("has instrument_word", 0.8),
        ("has strings", 0.5),
        ("has condition", 0.4),
        ("has demand", 0.3),
        ("has federal", 0.5),
        ("has purse", 0.4),
        ("has target", 0.3),
        ("has federal_act", 0.4),
        ("local answers", -0.6),
        ("local says", -0.6),
        ("has ruling", -1.2),
        ("has background", -0.6),
        ("has lobby", -0.8),
        ("has private", -0.6),
        ("has not_local", -0.8),
    ):
        weight += value if name in features else 0.0
    return weight


def _aside(parsed: Parsed, mention: Mention) -> bool:
    lower = parsed.folded.lower
    before = lower[max(0, mention.start - _ASIDE_REACH) : mention.start]
    lies_in = mention.place.kind is PlaceKind.STATE and before.endswith(" in ")
    return bool(lies_in or _ASIDE.search(before) or _ACTS_ELSEWHERE.match(lower, mention.end))


def _speaks_of_home(parsed: Parsed) -> bool:
    return any(passage.of("local_actor") for passage in (*parsed.title, *parsed.passages))


def _without_their_states(places: Iterable[Place]) -> tuple[Place, ...]:
    """Return the places without a state that only says where a city lies."""
    kept = tuple(places)
    lower = {place.state for place in kept if place.kind is not PlaceKind.STATE}
    return tuple(place for place in kept if place.kind is not PlaceKind.STATE or place.state not in lower)
