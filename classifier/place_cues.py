"""Cues: what the words around a name make of it: a city, a county, a person, or a part of another name.

"The Denver Post", "University of Texas", "the Ohio", "Madison Lincoln" and "the Northern District of Illinois" name no
place; "Evanston's mayor" and "in Bend" do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from classifier import namesakes
from classifier.gazetteer import Entry, is_county_word, key_of
from classifier.place_words import (
    AFTER_CITY,
    AFTER_COUNTY,
    AFTER_GOVERNMENT,
    AFTER_NOT_CITY,
    AFTER_NOT_STATE,
    AFTER_PLACE,
    BEFORE_FINE,
    BEFORE_PERSON,
    GIVEN_NAMES,
    RIVERS,
)
from facts.places import Place, PlaceKind

_REACH = 48
_CITY_OF = re.compile(
    r"\b(?:city|cities|town|towns|village|villages|township|borough|municipality|mayor|mayors) of (?:the )?\Z",
    re.IGNORECASE,
)
_COUNTY_OF = re.compile(r"\b(?:county|counties) of \Z", re.IGNORECASE)
_CITY_AND_COUNTY = re.compile(r"\bcity and county of \Z", re.IGNORECASE)
_STATE_OF = re.compile(r"\b(?:state|states|commonwealth) of \Z", re.IGNORECASE)
_IN = re.compile(
    r"\b(?:in|near|outside|around|across|throughout|downtown|greater|suburban|tiny|nearby|neighboring|inside|visited|"
    r"residents of|people of|officials of|council of) \Z",
    re.IGNORECASE,
)
_TOWARDS = re.compile(
    r"\b(?:from|to|of|at|for|and|or|like|unlike|between|against|with|told|gives?|gave|asked|warned|as|that|sues?) \Z"
    r"|, \Z",
    re.IGNORECASE,
)
_NOT_OF = re.compile(
    r"\b(?:university|universities|college|institute|bank|diocese|archdiocese|bishop|archbishop|knights|treaty|battle|"
    r"church|district|districts|court|courts|hotel|duke|prince|siege) of (?:the )?"
    r"(?:[A-Z][A-Za-z]{2,13}(?: [A-Z][a-z]{2,9})?(?:,| at|-| in)? )?\Z",
    re.IGNORECASE,
)
_DEPARTMENT_OF = re.compile(r"\b(?:Department|Bureau) of \Z")
_COURT = re.compile(r"\b(?:court|attorney|attorneys|circuit|judge|judges) (?:in|for|of) the \Z", re.IGNORECASE)
_CROSSING = re.compile(r"(?:\d(?:st|nd|rd|th)|[a-z](?:th|ird)|First|Second|Main|Elm) (?:and|&) \Z")
_THE = re.compile(r"\b[Tt]he \Z")
_ENDS_PHRASE = re.compile(r"[,.;:)]| (?:and|or|in|at|to|from|is|was|were|are|rose|that|which|with|on|for)\b|\Z")
_A_CITY = re.compile(r",? (?:a|an) (?:[\w-]{1,16} ){0,3}(?:city|town|village|suburb|community|township)\b")
#: "Airport commission", where any word is capitalised.
_BEGINS = re.compile(r"(?:\A|[.!?:]\"?) {1,3}\Z|\A\Z|  \Z")
_SAINT = re.compile(r"\b(?:St|Ste|Mt|Ft)\. \Z")
#: "D-Las Vegas" and "R-Salt Lake City" are legislators; so is what is left of their towns.
_PARTY = re.compile(r"\b[RDI]-(?:[A-Z][a-z]+\.? ){0,2}\Z")
#: A title that is cut short ends in a stop, and so does not stand side by side with the name.
_TITLED = re.compile(r"\b(?:Mr|Ms|Mrs|Dr|Rev|Sgt|Lt|Capt|Det|Sen|Rep)\. \Z")
_INITIAL = re.compile(r"\b[A-Z]\. \Z")
_INITIAL_LENGTH = len("J. ")
_NEXT_WORD = re.compile(r"(?:'s?)?[ \n]((?:city|county) )?([A-Za-z][A-Za-z']{0,20})")
_OTHER_AFTER = re.compile(
    r" (?:A ?& ?M|State University|State football|District of|"
    r"Law (?:School|professor|Review|student)|football)\b"
    r"|,? (?:Canada|Ontario|Quebec|England|Scotland|Ireland|France|Germany|Italy|Spain|Mexico|Russia|Ukraine|China|"
    r"India|Japan|Cuba|Israel|Iraq|Iran|Australia|British Columbia)\b"
)
_NEIGHBORHOOD = " neighborhood"
#: What leads another's name, each with what it never goes without, for that is sooner looked up.
_LEADS = (
    ("of ", _NOT_OF),
    ("of ", _DEPARTMENT_OF),
    ("-", _PARTY),
    ("nd ", _CROSSING),
    ("& ", _CROSSING),
    (". ", _SAINT),
)
_WITH_ARTICLE = frozenset({"bronx", "dalles", "woodlands", "hague"})
#: Of a headline In Which Every Word Is Capital nothing can be told about persons.
_HEADLINE_WORDS = 3
_HEADLINE_SHARE = 0.8
_LONGEST_HEADLINE = 200
_LONG_WORD = re.compile(r"[A-Za-z][A-Za-z'-]{3,24}")
_FULL_LINE = 50

NO_CUE = 0.0
WEAK_CUE = 0.4
IN_CUE = 0.9
PLAIN_CUE = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name found at [start, end) of the folded text, its state included."""

    written: str
    start: int
    end: int
    #: Every place it may mean, the largest first.
    entries: tuple[Entry, ...]
    #: USPS code written behind it.
    state: str | None = None
    #: The kind that the words around it ask for.
    kind: PlaceKind | None = None
    #: How plainly the words around it say that it is a place.
    cue: float = NO_CUE
    dateline: bool = False
    #: Every word of its line is capitalised.
    headline: bool = False
    #: It goes on with a list: "Dallas, Houston and Austin".
    listed: bool = False

    @property
    def key(self) -> str:
        """Return what all spellings share."""
        return key_of(self.written)

    @property
    def own_state(self) -> Place | None:
        """Return the state of this very name."""
        return next((entry.place for entry in self.entries if entry.place.kind is PlaceKind.STATE), None)

    @property
    def is_county(self) -> bool:
        """Return whether it says that it is a county."""
        return is_county_word(self.written.rpartition(" ")[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands around a name."""

    before: str
    after: str
    #: The capitalised words next to it; "" where another word or a stop lies between.
    left: str
    right: str
    #: The next word in small letters; "city" or "county" before it is skipped and stands in `realm`.
    following: str
    realm: str
    headline: bool
    #: It has something: "Boston's".
    owns: bool


def around(text: str, name: Name, end: int, left: re.Match[str] | None, right: re.Match[str] | None) -> Around:
    """Return what stands around a name whose own words end at `end`, between two capitalised words of the text."""
    owns = text.startswith("'", name.start + len(name.written))
    left = left if left and _side_by_side(text, left.end(), name.start) else None
    right = right if right and not owns and _side_by_side(text, end, right.start()) else None
    following = _NEXT_WORD.match(text, end)
    return Around(
        before=text[max(0, name.start - _REACH) : name.start].replace("\n", " "),
        after=text[end : end + _REACH].replace("\n", " "),
        left=left.group() if left else "",
        right=right.group().removesuffix("'s") if right else "",
        following=following.group(2).lower().removesuffix("'s") if following else "",
        realm=(following.group(1) or "").strip().lower() if following else "",
        headline=_is_headline(text, name.start),
        owns=owns,
    )


def _side_by_side(text: str, end: int, start: int) -> bool:
    """Return whether only a blank lies between, or the end of a full line and not that of a heading."""
    between = text[end:start]
    return between == " " or (between == "\n" and end - text.rfind("\n", 0, end) > _FULL_LINE)


def _is_headline(text: str, at: int) -> bool:
    start = text.rfind("\n", max(0, at - _LONGEST_HEADLINE), at) + 1
    end = text.find("\n", at, at + _LONGEST_HEADLINE)
    line = text[start : end if end >= 0 else min(len(text), at + _LONGEST_HEADLINE)]
    words = _LONG_WORD.findall(line) if len(line) < _LONGEST_HEADLINE else []
    capital = sum(word[0].isupper() for word in words)
    return len(words) >= _HEADLINE_WORDS and capital >= _HEADLINE_SHARE * len(words)


def stands_for_other(name: Name, around: Around) -> bool:
    """Return whether the name is part of another's: a newspaper, a university, a street, a river, a court."""
    return _goes_on(name, around) or _is_led(name, around)


def _goes_on(name: Name, around: Around) -> bool:
    """Return whether the words behind a name make it another's: "Denver Post", "Golden State", "London, Canada"."""
    right, state = around.right.lower(), name.own_state
    if right in (AFTER_NOT_STATE if state else AFTER_NOT_CITY) or _OTHER_AFTER.match(around.after):
        return True
    if not state and (right == "state" or (around.after.startswith(_NEIGHBORHOOD) and not around.owns)):
        return True
    if name.key in namesakes.WORDS and around.right.istitle() and right not in AFTER_CITY:
        return True
    return is_county_word(right) and not name.is_county and not state


def _is_led(name: Name, around: Around) -> bool:
    """Return whether the words before a name make it another's: "University of Texas", "the Ohio", "St. Vincent"."""
    if name.is_county and _is_stranger(around.left):
        return True
    lower = around.before.lower()
    if any(part in lower and pattern.search(around.before) for part, pattern in _LEADS):
        return True
    if name.key == "district of columbia":
        return bool(_COURT.search(around.before))
    is_thing = bool(_THE.search(around.before) and _ENDS_PHRASE.match(around.after))
    return is_thing and (name.key in RIVERS if name.own_state else not name.is_county and name.key not in _WITH_ARTICLE)


def bears_person(name: Name, around: Around) -> bool:
    """Return whether a first name, an initial or a title leads the name, or a family name follows it."""
    right, left = around.right.lower(), around.left.lower()
    if name.dateline or (name.own_state and name.key not in GIVEN_NAMES):
        return False
    if around.before.endswith(". ") and (titled := _TITLED.search(around.before) or _INITIAL.search(around.before)):
        return len(titled.group()) > _INITIAL_LENGTH or right not in AFTER_GOVERNMENT
    if around.headline or name.is_county:
        return left in BEFORE_PERSON and not _governs(around)
    if _is_stranger(around.left):
        return True
    if right in AFTER_GOVERNMENT:
        return False
    led = left in BEFORE_PERSON and not _governs(around)
    return led or (bool(right) and around.right.istitle() and name.written.istitle())


def _is_stranger(word: str) -> bool:
    return bool(word) and word.istitle() and word.lower() not in BEFORE_FINE and word.lower() not in BEFORE_PERSON


def _governs(around: Around) -> bool:
    return around.following in AFTER_CITY or around.following in AFTER_COUNTY


def cued(name: Name, around: Around) -> Name:
    """Return the name with the kind that the words around it ask for, and how plainly they say that it is a place."""
    kind = None
    is_city = _CITY_OF.search(around.before) or _CITY_AND_COUNTY.search(around.before)
    if is_city or around.realm == "city" or around.following in AFTER_CITY:
        kind = PlaceKind.CITY
    elif _COUNTY_OF.search(around.before) or around.realm == "county" or around.following in AFTER_COUNTY:
        kind = PlaceKind.COUNTY
    elif _STATE_OF.search(around.before):
        kind = PlaceKind.STATE
    cue = NO_CUE
    is_word = name.key in namesakes.WORDS and _BEGINS.search(around.before)
    if kind or name.dateline or (around.following in AFTER_PLACE and not is_word) or _A_CITY.match(around.after):
        cue = PLAIN_CUE
    elif _IN.search(around.before):
        cue = IN_CUE
    elif _TOWARDS.search(around.before) or around.owns:
        cue = WEAK_CUE
    return replace(name, kind=kind, cue=cue, headline=around.headline)
