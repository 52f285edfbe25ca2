"""Loads config.toml: every mistake is reported together, with file, line, key and what was expected."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pursestrings.assembling import assemble
from pursestrings.logs import escape
from pursestrings.mistakes import ConfigMistakes, Mistake, in_order
from pursestrings.plugins import SHIPPED, Plugins
from pursestrings.reading import FindPlace, Reader
from pursestrings.redact import Redactor
from pursestrings.stanzas import Config
from pursestrings.toml_lines import DEEPEST, Lines, scan

__all__ = ["Config", "ConfigMistakes", "load"]

_TOML_ERROR = re.compile(r"(?P<what>.+?)(?: \(at (?:line (?P<line>\d+), column \d+|end of document)\))?", re.DOTALL)
#: How the sentences of `tomllib` about a table or a key that is written twice begin.
_TWICE = ("Cannot ", "Duplicate ")


def load(path: Path, environ: Mapping[str, str], find_place: FindPlace, plugins: Plugins = SHIPPED) -> Config:
    """Return what this file says, checked, with secrets taken from the environment.

    Raises:
        ConfigMistakes: one or more things are wrong with it.
    """
    path = path.absolute()
    text = _text(path)
    lines = scan(text)
    deep = [at for at in lines.by_path if len(at) > DEEPEST]
    if deep:
        problem = f"is nested too deeply; expected at most {DEEPEST} levels"
        raise ConfigMistakes(path, (Mistake(path=deep[0][:1], problem=problem, line=lines.of(deep[0])),))
    tree = _tree(path, text, lines)
    reader = Reader(environ=environ, find_place=find_place)
    config = assemble(path, tree, reader, plugins)
    if config is None:
        redact = Redactor.of(reader.secrets)
        raise ConfigMistakes(path, in_order(reader.mistakes, lines, lambda problem: escape(redact(problem))))
    return config


def _text(path: Path) -> str:
    try:
        # utf-8-sig: some editors begin a file with a byte order mark, which TOML does not know.
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        folder = "" if path.parent == Path.cwd() else f" {path.parent}"
        problem = f"does not exist; expected a configuration, which `pursestrings init{folder}` writes"
        raise _whole(path, problem) from error
    except UnicodeDecodeError as error:
        raise _whole(path, f"is not UTF-8 (byte {error.start}); expected a text file saved as UTF-8") from error
    except OSError as error:
        problem = (
            f"cannot be read: {error.strerror}; expected a file that this user may read, or see `pursestrings init`"
        )
        raise _whole(path, problem) from error


def _tree(path: Path, text: str, lines: Lines) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigMistakes(path, tuple(_syntax(str(error), lines, text.count("\n") + 1))) from error


def _whole(path: Path, problem: str) -> ConfigMistakes:
    return ConfigMistakes(path, (Mistake(path=(), problem=problem),))


def _syntax(message: str, lines: Lines, last: int) -> Iterator[Mistake]:
    if message.startswith(_TWICE) and lines.repeats:
        for repeat in lines.repeats:
            problem = f"is written twice, first on line {repeat.first}; expected one of the two, or another name"
            yield Mistake(path=repeat.path, problem=problem, line=repeat.again)
        return
    found = _TOML_ERROR.fullmatch(message)
    line = int(found["line"]) if found and found["line"] else last
    what = found["what"] if found else message
    hint = "text in quotes, a number, true, false, an array or a table" if what == "Invalid value" else "valid TOML"
    nearest = max((at, -len(path), path) for path, at in lines.by_path.items() if at <= line) if lines.by_path else None
    yield Mistake(path=nearest[2] if nearest else (), problem=f"is not TOML: {what}; expected {hint}", line=line)
