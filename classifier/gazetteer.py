"""The gazetteer: US cities, counties and states by name, with populations."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Self

from facts.places import Place, PlaceKind

#: Associated Press abbreviations of states; the eight states that it spells out stand under their names.
AP_STATES: Mapping[str, str] = {
    "Ala.": "AL", "Ariz.": "AZ", "Ark.": "AR", "Calif.": "CA", "Colo.": "CO", "Conn.": "CT", "Del.": "DE",
    "D.C.": "DC", "Fla.": "FL", "Ga.": "GA", "Ill.": "IL", "Ind.": "IN", "Kan.": "KS", "Ky.": "KY", "La.": "LA",
    "Md.": "MD", "Mass.": "MA", "Mich.": "MI", "Minn.": "MN", "Miss.": "MS", "Mo.": "MO", "Mont.": "MT",
    "Neb.": "NE", "Nev.": "NV", "N.H.": "NH", "N.J.": "NJ", "N.M.": "NM", "N.Y.": "NY", "N.C.": "NC", "N.D.": "ND",
    "Okla.": "OK", "Ore.": "OR", "Pa.": "PA", "R.I.": "RI", "S.C.": "SC", "S.D.": "SD", "Tenn.": "TN", "Tex.": "TX",
    "Vt.": "VT", "Va.": "VA", "Wash.": "WA", "W.Va.": "WV", "Wis.": "WI", "Wyo.": "WY",
}  # fmt: skip
# Spellings outside the list of the Associated Press.
_OTHER_STATES: Mapping[str, str] = {
    "Cal.": "CA", "Wisc.": "WI", "Penn.": "PA", "Kans.": "KS", "Nebr.": "NE", "P.R.": "PR",
}  # fmt: skip
# What newsrooms call a place that GeoNames or the Census Bureau calls otherwise.
_OTHER_NAMES = {
    "athens clarke": ("Athens", "GA"),
    "athens clarke county": ("Athens", "GA"),
    "cnmi": ("Northern Mariana Islands", "MP"),
    "augusta richmond county": ("Augusta", "GA"),
    "bronx": ("The Bronx", "NY"),
    "charlotte mecklenburg": ("Mecklenburg County", "NC"),
    "dc": ("Washington", "DC"),
    "jefferson city": ("Jefferson City", "MO"),
    "la": ("Los Angeles", "CA"),
    "lexington fayette": ("Lexington", "KY"),
    "louisville metro": ("Louisville", "KY"),
    "macon bibb": ("Macon", "GA"),
    "macon bibb county": ("Macon", "GA"),
    "memphis shelby": ("Shelby County", "TN"),
    "memphis shelby county": ("Shelby County", "TN"),
    "metro nashville": ("Nashville", "TN"),
    "metropolitan nashville": ("Nashville", "TN"),
    "nashville davidson": ("Nashville", "TN"),
    "new orleans parish": ("Orleans Parish", "LA"),
    "new york": ("New York City", "NY"),
    "northern marianas": ("Northern Mariana Islands", "MP"),
    "nyc": ("New York City", "NY"),
    "philly": ("Philadelphia", "PA"),
    "san francisco county": ("San Francisco", "CA"),
    "st pete": ("St. Petersburg", "FL"),
    "toledo lucas county": ("Lucas County", "OH"),
    "us virgin islands": ("Virgin Islands", "VI"),
    "vegas": ("Las Vegas", "NV"),
}
_COUNTY_WORDS = {"county", "parish", "borough", "municipality"}
_DOTS = re.compile("[.'`\u2019]")
_SHORT = {"saint": "st", "ft": "fort", "mt": "mount"}
_SHORTENED = frozenset(_SHORT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One place of the gazetteer; a population of 0 is unknown."""

    place: Place
    population: int


#: Kind, id, name, state and population of a place, as the file has them.
_Row = tuple[str, ...]
_Rows = Mapping[str, tuple[_Row, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """Places by name; built once, never changed."""

    # Rows become entries when they are asked for: most never are, and the program starts sooner.
    rows: _Rows
    #: Counties by their names without the word.
    bare_counties: _Rows
    states: Mapping[str, Place]
    #: How names begin: a cheap sieve for runs of capitalised words.
    beginnings: frozenset[str]

    @classmethod
    @cache
    def load(cls) -> Self:
        """Return the gazetteer that ships with the package, read once for all who ask."""
        text = files("classifier").joinpath("data/gazetteer.tsv").read_text(encoding="utf-8")
        return cls.of(line.split("\t") for line in text.splitlines())

    @classmethod
    def of(cls, rows: Iterable[Sequence[str]]) -> Self:
        """Return the gazetteer of rows (kind, id, name, state, population)."""
        by_name: dict[str, tuple[_Row, ...]] = {}
        bare: dict[str, tuple[_Row, ...]] = {}
        states: dict[str, Place] = {}
        for each in rows:
            row = tuple(each)
            key = _key(row[2])
            by_name[key] = (*by_name.get(key, ()), row)
            if row[0] == PlaceKind.STATE:
                states[row[3]] = _entries((row,))[0].place
            elif row[0] == PlaceKind.COUNTY:
                base = key.rpartition(" ")[0]
                bare[base] = (*bare.get(base, ()), row)
        for alias, (name, state) in _OTHER_NAMES.items():
            found = [row for row in by_name.get(key_of(name), ()) if row[3] == state]
            if alias != key_of(name):
                by_name[alias] = (*by_name.get(alias, ()), *found)
        beginnings = frozenset([key.partition(" ")[0] for keys in (by_name, bare) for key in keys])
        return cls(rows=by_name, bare_counties=bare, states=states, beginnings=beginnings)

    def named(self, name: str) -> tuple[Entry, ...]:
        """Return every place of this name, the largest first."""
        return _entries(self.rows.get(key_of(name), ()))

    def counties(self, name: str) -> tuple[Entry, ...]:
        """Return every county that is called so without the word: "Miami-Dade", "Westchester"; the largest first."""
        return _entries(self.bare_counties.get(key_of(name), ()))

    def state(self, written: str) -> Place | None:
        """Return the state of a USPS code, an Associated Press abbreviation or a full name."""
        plain = written.strip()
        code = AP_STATES.get(plain) or _OTHER_STATES.get(plain) or _AP_BARE.get(plain)
        found = self.states.get(code or plain.upper().replace(".", ""))
        if found:
            return found
        return next((entry.place for entry in self.named(plain) if entry.place.kind is PlaceKind.STATE), None)

    def find(self, written: str) -> Place | None:
        """Return the place of "Albuquerque, NM", "Cook County, IL", "NM" or "New Mexico"; None when there is none.

        A city without a state is found when it is the only city of its name.
        """
        name, comma, where = written.rpartition(",")
        if not comma:
            return self.state(written) or self._alone(written)
        state = self.state(where)
        return self.within(name, state.state) if state else None

    def within(self, name: str, state: str) -> Place | None:
        """Return the city or county of this name in the state of this USPS code; a county may go without the word."""
        for entry in (*self.named(name), *self.counties(name)):
            if entry.place.state == state and entry.place.kind is not PlaceKind.STATE:
                return entry.place
        return None

    def _alone(self, name: str) -> Place | None:
        found = self.named(name)
        return found[0].place if len(found) == 1 else None


@lru_cache(maxsize=4096)
def key_of(name: str) -> str:
    """Return what all spellings of a name share: no accents, dots or case, "St." for "Saint"."""
    return _key(name)


def is_county_word(word: str) -> bool:
    """Return whether the word makes a county of the name before it."""
    return word.lower() in _COUNTY_WORDS


def _key(name: str) -> str:
    plain = _DOTS.sub("", name).lower()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain.casefold()).encode("ascii", "ignore").decode()
    words = plain.replace("-", " ").split()
    return " ".join([_SHORT.get(word, word) for word in words] if _SHORTENED.intersection(words) else words)


@lru_cache(maxsize=4096)
def _entries(rows: tuple[_Row, ...]) -> tuple[Entry, ...]:
    found = [
        Entry(place=Place(name=name, state=state, kind=PlaceKind(kind), id=ident), population=int(population))
        for kind, ident, name, state, population in rows
    ]
    return tuple(sorted(found, key=_largest_first))


def _largest_first(entry: Entry) -> tuple[int, str]:
    return (-entry.population, entry.place.id)


# "Ala" and "Wis" for newsrooms that drop the stop; two letters would be a postal code.
_AP_BARE = {bare: code for short, code in AP_STATES.items() if len(bare := short.rstrip(".")) != len("Ga")}
