"""The gazetteer: US cities, counties and states by name, with populations."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
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
# What newsrooms call a place that GeoNames calls otherwise.
_OTHER_NAMES = {"new york": ("New York City", "NY"), "new york city": ("New York City", "NY")}
_COUNTY_WORDS = {"county", "parish", "borough", "municipality"}
_DOTS = re.compile("[.'`\u2019]")
_SHORT = {"saint": "st", "ft": "fort", "mt": "mount"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One place of the gazetteer; a population of 0 is unknown."""

    place: Place
    population: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """Places by name; built once, never changed."""

    by_name: Mapping[str, tuple[Entry, ...]]
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
    def of(cls, rows: Iterable[list[str]]) -> Self:
        """Return the gazetteer of rows (kind, id, name, state, population); the largest place of a name comes first."""
        by_name: dict[str, list[Entry]] = {}
        states: dict[str, Place] = {}
        for kind, ident, name, state, population in rows:
            place = Place(name=name, state=state, kind=PlaceKind(kind), id=ident)
            by_name.setdefault(key_of(name), []).append(Entry(place=place, population=int(population)))
            if place.kind is PlaceKind.STATE:
                states[state] = place
        for alias, (name, state) in _OTHER_NAMES.items():
            by_name.setdefault(alias, []).extend(
                entry for entry in by_name.get(key_of(name), ()) if entry.place.state == state and alias != key_of(name)
            )
        ordered = {key: tuple(sorted(found, key=_largest_first)) for key, found in by_name.items()}
        return cls(by_name=ordered, states=states, beginnings=frozenset(key.split()[0] for key in ordered if key))

    def named(self, name: str) -> tuple[Entry, ...]:
        """Return every place of this name, the largest first."""
        return self.by_name.get(key_of(name), ())

    def state(self, written: str) -> Place | None:
        """Return the state of a USPS code, an Associated Press abbreviation or a full name."""
        plain = written.strip()
        code = AP_STATES.get(plain) or _AP_BARE.get(plain)
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
        """Return the city or county of this name in the state of this USPS code."""
        for entry in self.named(name):
            if entry.place.state == state and entry.place.kind is not PlaceKind.STATE:
                return entry.place
        return None

    def _alone(self, name: str) -> Place | None:
        found = self.named(name)
        return found[0].place if len(found) == 1 else None


@lru_cache(maxsize=4096)
def key_of(name: str) -> str:
    """Return what all spellings of a name share: no accents, dots or case, "St." for "Saint"."""
    plain = unicodedata.normalize("NFKD", _DOTS.sub("", name.strip().casefold())).encode("ascii", "ignore").decode()
    words = plain.replace("-", " ").split()
    return " ".join(_SHORT.get(word, word) for word in words)


def is_county_word(word: str) -> bool:
    """Return whether the word makes a county of the name before it."""
    return word.lower() in _COUNTY_WORDS


def _largest_first(entry: Entry) -> tuple[int, str]:
    return (-entry.population, entry.place.id)


# "Ala" and "Wis" for newsrooms that drop the stop; two letters would be a postal code.
_AP_BARE = {bare: code for short, code in AP_STATES.items() if len(bare := short.rstrip(".")) != len("Ga")}
