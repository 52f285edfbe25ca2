"""Reads one stanza after another of the parsed file, and gathers every mistake on the way."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, SecretStr, ValidationError

from facts.address import refusal_of_url
from facts.places import Place
from pursestrings.environment import Secrets
from pursestrings.mistakes import Mistake, leaves, of_validation, quoted
from pursestrings.plugins import setting_types
from pursestrings.toml_lines import KeyPath
from pursestrings.values import did_you_mean

FindPlace = Callable[[str], Place | None]
Table = Mapping[str, Any]
Model = TypeVar("Model", bound=BaseModel)

#: Names of sources, channels, routes and digests go into ids, addresses and logs.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_STATE_AT_END = re.compile(r"[\s,]+([A-Za-z]{2})\.?$")
_URL_KEY = re.compile(r"(?:.*_)?(?:url|feed)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read(Generic[Model]):
    """A stanza that was read."""

    #: None after a mistake, and while a variable is missing.
    value: Model | None
    #: Environment variables that are not set, by the key that wants them.
    missing: Mapping[KeyPath, str]


@dataclass(slots=True, kw_only=True)
class Reader:
    """One pass over one file: what was wrong, and which secrets were met."""

    environ: Mapping[str, str]
    find_place: FindPlace
    #: Those that may be dialled; all until [fetch] is read.
    ports: Collection[int] = range(1, 65536)
    mistakes: list[Mistake] = field(default_factory=list)
    #: Values that may not be shown.
    secrets: list[SecretStr] = field(default_factory=list)

    def wrong(self, at: KeyPath, problem: str) -> None:
        """Note a mistake: "what is wrong; expected what"."""
        self.mistakes.append(Mistake(path=at, problem=problem))

    def tables(self, tree: Table, stanza: str) -> Iterator[tuple[str, Table]]:
        """Return the named tables under a stanza: `[sources.doj]` is ("doj", its keys)."""
        for name, table in self.table(tree, stanza).items():
            if not _NAME.fullmatch(name):
                self.wrong((stanza, name), "is no usable name; expected letters, digits, - and _, at most 64")
            elif not isinstance(table, dict):
                self.wrong((stanza, name), f"is not a table; expected [{stanza}.{name}]")
            else:
                yield name, table

    def table(self, tree: Table, stanza: str) -> Table:
        """Return the table of this name, empty when it is not written."""
        table = tree.get(stanza, {})
        if isinstance(table, dict):
            return table
        self.wrong((stanza,), f"is not a table; expected [{stanza}]")
        return {}

    def split(self, table: Table, model: type[BaseModel]) -> tuple[Table, Table]:
        """Return the keys of this model, and the rest."""
        own = setting_types(model)
        return {k: v for k, v in table.items() if k in own}, {k: v for k, v in table.items() if k not in own}

    def model(self, model: type[Model], table: Table, at: KeyPath, *, also: Iterable[str] = ()) -> Read[Model]:
        """Read a table as a model; `also` are keys that the stanza has beside it, for the hints."""
        types = setting_types(model)
        for key in table:
            if key not in types:
                self.unknown((*at, key), [*also, *types])
        secrets = Secrets(environ=self.environ)
        known = {key: secrets.fill(table[key], types[key], (*at, key)) for key in table if key in types}
        self.secrets += secrets.found
        self.mistakes += secrets.mistakes
        try:
            # As JSON: strict there means that text is text, while arrays still become tuples.
            value = model.model_validate_json(json.dumps(known, default=_no_json), strict=True)
        except ValidationError as error:
            found = of_validation(error, known, types, at)
            self.mistakes += [mistake for mistake in found if mistake.path not in secrets.missing]
            value = None
        return Read(value=None if secrets.missing else value, missing=secrets.missing)

    def settings(self, model: type[Model], table: Table, at: KeyPath, *, also: Iterable[str]) -> Read[Model]:
        """Read the settings of a kind; those named `url`, `feed` or `..._url` must be addresses that may be fetched."""
        types = setting_types(model)
        for key, value in table.items():
            refusal = refusal_of_url(value, self.ports) if _URL_KEY.fullmatch(key) and isinstance(value, str) else None
            if refusal and key in types:
                shown = "this" if SecretStr in leaves(types[key]) else quoted(value)
                expected = 'an absolute URL, such as "https://example.org/feed"'
                self.wrong((*at, key), f"{shown} cannot be fetched: {refusal}; expected {expected}")
        return self.model(model, table, at, also=also)

    def unknown(self, at: KeyPath, known: Iterable[str]) -> None:
        """Note a key that is not among the known ones."""
        names = sorted(known)
        problem = f"is not known here{did_you_mean(str(at[-1]), names)}; expected one of {', '.join(names)}"
        self.wrong(at, problem)

    def one_of(self, value: object, known: Iterable[str], at: KeyPath, what: str) -> bool:
        """Return whether the value is among the known ones; note it when it is text and is not."""
        names = sorted(known)
        if isinstance(value, str) and value not in names:
            expected = f"one of {', '.join(names)}" if names else f"a {what} that exists; there is none yet"
            self.wrong(at, f"{quoted(value)} is no {what}{did_you_mean(value, names)}; expected {expected}")
        return value in names

    def need(self, missing: Mapping[KeyPath, str], hint: str = "") -> None:
        """Note variables that are not set where nothing can stand in for them."""
        for at, name in missing.items():
            self.wrong(at, f"{name} is not set; expected the secret in this environment variable{hint}")

    def texts(self, value: object) -> list[str]:
        """Return the texts of an array; what else it holds is noted by its model."""
        return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []

    def places(self, written: object, at: KeyPath) -> tuple[Place, ...]:
        """Resolve an array of places as a reader writes them."""
        found = []
        for number, text in enumerate(self.texts(written)):
            place = self.find_place(text)
            if place is None:
                hint = next((f' (did you mean "{near}"?)' for near in _respelled(text) if self.find_place(near)), "")
                expected = 'a city, county or state, such as "Albuquerque, NM", "Cook County, IL" or "NM"'
                self.wrong((*at, number), f"{quoted(text)} is no place we know{hint}; expected {expected}")
            else:
                found.append(place)
        return tuple(found)


def _no_json(_: object) -> dict[str, str]:
    # Dates and times are the only values of TOML that JSON has not; as text they would pass for any text.
    return {}


def _respelled(text: str) -> Iterator[str]:
    state = _STATE_AT_END.search(text)
    if state:
        yield f"{text[: state.start()].strip().title()}, {state[1].upper()}"
    yield text.strip().title()
    yield text.strip().upper()
