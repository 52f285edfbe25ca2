"""The source directory: federal, local and government sources by place, and addresses that lead astray."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, Self

from facts.twins import twin_key, without_fragment
from spiders.platforms import Platform

#: Keys of an entry that say something of it and stand in no stanza.
_OF_ENTRY = ("platform", "evidence", "probed", "optional")
#: Keys of an entry that every source has; all others belong to its kind.
_OF_SOURCE = ("kind", "url", "places", "every")


class Evidence(StrEnum):
    """Where an address was met."""

    #: A dated fetch of it is on record.
    READ = "read"
    #: It stands in a public list of feeds.
    LISTED = "listed"
    #: Its platform serves it at such an address.
    PATTERN = "pattern"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSource:
    """One source of the directory."""

    name: str
    url: str
    #: The module of `spiders` that reads it.
    kind: str
    #: As a reader writes them; empty for a federal source.
    places: tuple[str, ...]
    every: str
    platform: Platform
    evidence: Evidence
    #: The day on which it was seen to work, or "never".
    probed: str
    #: Why it is left out of a new configuration; empty when it is not.
    optional: str
    #: What its kind asks for beside the address.
    settings: Mapping[str, Any]

    @classmethod
    def of(cls, name: str, entry: Mapping[str, Any]) -> Self:
        """Return the source of one entry of the file."""
        return cls(
            name=name,
            url=entry["url"],
            kind=entry["kind"],
            places=tuple(entry["places"]),
            every=entry["every"],
            platform=Platform(entry["platform"]),
            evidence=Evidence(entry["evidence"]),
            probed=entry["probed"],
            optional=entry.get("optional", ""),
            settings={key: value for key, value in entry.items() if key not in (*_OF_ENTRY, *_OF_SOURCE)},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Trap:
    """An address that public lists name and that does not bring what they say."""

    url: str
    reason: str
    #: The address that does; empty when none is known.
    instead: str = ""

    def __str__(self) -> str:
        """Return what is wrong and what to take instead, as half a sentence."""
        return f"{self.reason}; use {self.instead}" if self.instead else self.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something that should be watched, without an address that we know of."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Everything that spiders/known_sources.toml says."""

    sources: tuple[KnownSource, ...]
    traps: tuple[Trap, ...]
    gaps: tuple[Gap, ...]

    @classmethod
    @cache
    def load(cls) -> Self:
        """Return the directory that ships with the package, read once for all who ask."""
        text = files("spiders").joinpath("known_sources.toml").read_text(encoding="utf-8")
        return cls.of(tomllib.loads(text))

    @classmethod
    def of(cls, tree: Mapping[str, Any]) -> Self:
        """Return the directory of a parsed file."""
        return cls(
            sources=tuple(KnownSource.of(name, entry) for name, entry in tree["sources"].items()),
            traps=tuple(Trap(**entry) for entry in tree["traps"]),
            gaps=tuple(Gap(**entry) for entry in tree["gaps"]),
        )

    def federal(self) -> Iterator[KnownSource]:
        """Return the sources that are about no place."""
        return (source for source in self.sources if not source.places)

    def named(self, url: str) -> KnownSource | None:
        """Return the source at this address or at a twin of it, or None."""
        key = twin_key(url)
        return next((source for source in self.sources if twin_key(source.url) == key), None)

    def trap(self, url: str) -> Trap | None:
        """Return the trap at this address, whatever its query, or None."""
        asked = _path_key(url)
        return next((trap for trap in self.traps if _path_key(trap.url) == asked), None)


def _path_key(url: str) -> str:
    return twin_key(without_fragment(url)).partition("?")[0]
