"""Mistakes in the configuration, in words: where, what is wrong, what was expected."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import SecretStr, ValidationError
from pydantic_core import ErrorDetails

from facts.errors import ConfigError
from pursestrings.toml_lines import KeyPath, Lines

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_RULE = re.compile(
    r"(?:Input|String|List|Tuple|Dictionary|Value|URL) should (?P<be>be )?(?:a valid |an )?(?P<rule>.+)", re.DOTALL
)
#: What our own value parsers and those of the kinds begin with when the value itself is the subject.
_PREDICATES = ("is ", "has ", "holds ", "names ", "must ", "does ", "cannot ")
_QUOTED = 60
#: TOML's things in words that fit TOML; pydantic's are those of JSON.
_TOML_WORDS = {
    "string": "text in quotes",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "array": "an array in [ ]",
    "object": "a table in { }",
}
_EXPECTED = {
    str: "text in quotes",
    SecretStr: '{ env = "NAME" }',
    timedelta: 'a duration, such as "10m"',
    time: 'a time of day, such as "07:00"',
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One mistake; `problem` reads "what is wrong; expected what"."""

    #: Empty for the file as a whole.
    path: KeyPath
    problem: str
    #: From 1; 0 for the file as a whole.
    line: int = 0

    @property
    def key(self) -> str:
        """The key as it would be written: `sources.doj.places[0]`."""
        parts = (f"[{part}]" if isinstance(part, int) else f".{_key(part)}" for part in self.path)
        return "".join(parts).removeprefix(".")


class ConfigMistakes(ConfigError):
    """The configuration is wrong in one or more ways; `mistakes` in the order of the file."""

    def __init__(self, file: Path, mistakes: tuple[Mistake, ...]) -> None:
        first, *others = (_located(file, mistake) for mistake in mistakes)
        rest = "".join(f"\n{where}: {problem}" for where, problem in others)
        super().__init__(first[1] + rest, where=first[0])
        self.file = file
        self.mistakes = mistakes


def in_order(found: list[Mistake], lines: Lines, mask: Callable[[str], str]) -> tuple[Mistake, ...]:
    """Return the mistakes with their lines, top to bottom, one for each key; `mask` makes a text fit to be shown."""
    placed: dict[KeyPath, Mistake] = {}
    for mistake in found:
        placed.setdefault(mistake.path, replace(mistake, line=lines.of(mistake.path), problem=mask(mistake.problem)))
    return tuple(sorted(placed.values(), key=lambda mistake: mistake.line))


def of_validation(
    error: ValidationError, raw: Mapping[str, Any], types: Mapping[str, Any], at: KeyPath
) -> Iterator[Mistake]:
    """Put what pydantic found in a stanza into words; `types` are those of the stanza's keys."""
    for detail in error.errors(include_url=False, include_input=False):
        path = _written(detail["loc"], raw)
        expected = types.get(str(path[0])) if path else None
        value = None if SecretStr in leaves(expected) else _value(raw, path)
        yield Mistake(path=at + path, problem=_words(detail, value, expected))


def quoted(value: object) -> str:
    """Return a value as it stands in the file, cut short; nothing for a table, an array or what must not be shown."""
    if isinstance(value, date | time):
        return value.isoformat()
    if not isinstance(value, str | int | float):
        return ""
    written = json.dumps(value)
    return written if len(written) <= _QUOTED else f"{written[:_QUOTED]}..."


def leaves(annotation: object) -> frozenset[object]:
    """Return the plain types of a type: those of a union, of the elements of an array, of the values of a table."""
    arguments = get_args(annotation)
    origin = get_origin(annotation)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        arguments = arguments[1:]
    return frozenset().union(*map(leaves, arguments)) if arguments else frozenset({annotation})


def _located(file: Path, mistake: Mistake) -> tuple[str, str]:
    where = f"{file}:{mistake.line}" if mistake.line else str(file)
    return (f"{where}: {mistake.key}" if mistake.path else where), mistake.problem


def _key(part: str) -> str:
    return part if _BARE.fullmatch(part) else json.dumps(part[:_QUOTED])


def _written(loc: tuple[int | str, ...], raw: object) -> KeyPath:
    """Return the path without pydantic's own marks, such as the member of a union."""
    path: KeyPath = ()
    for number, part in enumerate(loc):
        inner = _inside(raw, part)
        # The last part of a missing key is not there, and is the one to name.
        if inner is not None or (number == len(loc) - 1 and isinstance(raw, dict)):
            path = (*path, part)
            raw = inner
    return path


def _value(raw: object, path: KeyPath) -> object:
    for part in path:
        raw = _inside(raw, part)
    return raw


def _inside(raw: object, part: int | str) -> object:
    """Return what lies under a key or an index, or None."""
    if isinstance(raw, dict):
        return raw.get(part)
    return raw[part] if isinstance(raw, list) and isinstance(part, int) and part < len(raw) else None


def _words(detail: ErrorDetails, value: object, expected: object) -> str:
    if detail["type"] == "missing":
        wanted = next((words for kind, words in _EXPECTED.items() if kind in leaves(expected)), "a value")
        return f"is missing; expected {wanted}"
    if detail["type"] == "extra_forbidden":
        return "is not known here"
    if detail["type"] == "value_error":
        return _own_words(str(detail["ctx"]["error"]), quoted(value))
    rule = _RULE.fullmatch(detail["msg"])
    return f"{quoted(value) or 'this'} does not fit; expected {_wanted(rule) if rule else detail['msg']}"


def _wanted(rule: re.Match[str]) -> str:
    wanted = rule["rule"]
    if not rule["be"]:
        return f"it to {wanted}"
    return f"a number {wanted}" if wanted.startswith(("less", "greater")) else _TOML_WORDS.get(wanted, wanted)


def _own_words(message: str, value: str) -> str:
    if not value:
        return message
    return f"{value} {message}" if message.startswith(_PREDICATES) else f"{value}: {message}"
