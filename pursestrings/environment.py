"""Secrets: written as `{ env = "NAME" }` in the file, taken from the environment, never from the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import SecretStr

from pursestrings.mistakes import Mistake, leaves
from pursestrings.redact import SHORTEST
from pursestrings.toml_lines import KeyPath

#: In capitals only: a token that was pasted instead of a name is then not taken for a name and shown.
_NAME = re.compile(r"[A-Z_][A-Z0-9_]*")
_RIGHT_WAY = '{ env = "NAME" }, with the value in that environment variable'
#: Stands for a secret that is not there, so that the other keys can be checked.
_STAND_IN = "not-set"


@dataclass(slots=True, kw_only=True)
class Secrets:
    """What one stanza takes from the environment."""

    environ: Mapping[str, str]
    #: Also those that stand in the file, rightly or not: neither may be shown.
    found: list[SecretStr] = field(default_factory=list)
    #: Variables that are not set, by the key that wants them.
    missing: dict[KeyPath, str] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def fill(self, value: object, annotation: object, at: KeyPath) -> object:
        """Return the value of a setting with the secrets in it filled in; a setting of another type as it is."""
        types = leaves(annotation)
        return self._fill(value, at, inline=str in types) if SecretStr in types else value

    def _fill(self, value: object, at: KeyPath, *, inline: bool) -> object:
        if isinstance(value, dict) and "env" in value:
            return self._named(value, at)
        if isinstance(value, dict):
            return {key: self._fill(item, (*at, key), inline=inline) for key, item in value.items()}
        if isinstance(value, list):
            return [self._fill(item, (*at, number), inline=inline) for number, item in enumerate(value)]
        if isinstance(value, str) and value:
            self.found.append(SecretStr(value))
            if not inline:
                self._refuse(at, f"holds a secret in the file; expected {_RIGHT_WAY}")
        return value

    def _named(self, value: dict[str, object], at: KeyPath) -> str:
        name = value["env"]
        if len(value) > 1 or not isinstance(name, str) or not _NAME.fullmatch(name):
            self._refuse(at, f"is not the name of an environment variable in capitals; expected {_RIGHT_WAY}")
            return _STAND_IN
        secret = self.environ.get(name, "").strip()
        if not secret:
            self.missing[at] = name
            return _STAND_IN
        self.found.append(SecretStr(secret))
        if len(secret) < SHORTEST:
            self._refuse(at, f"{name} is too short to be masked in logs; expected {SHORTEST} characters or more")
        return secret

    def _refuse(self, at: KeyPath, problem: str) -> None:
        self.mistakes.append(Mistake(path=at, problem=problem))
