"""Where each key of a TOML text stands, so that a mistake can be shown with its line.

`tomllib` gives values without positions. This scanner gives positions without values: it follows tables, dotted and
quoted keys, inline tables and arrays over several lines, and leaves judging the syntax to `tomllib`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

#: Keys and array indices from the root: `("sources", "doj", "places", 0)`.
KeyPath = tuple[str | int, ...]

#: Parts of the longest path that any configuration needs, with room to spare.
DEEPEST = 20

_TOKEN = re.compile(
    r'''(?P<text>"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*')'''
    r"""|(?P<comment>\#[^\n]*)|(?P<newline>\n)|(?P<mark>[\[\]{}=,.])|(?P<bare>[^\s\#"'\[\]{}=,.]+)|(?P<other>\s|.)""",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """A table or a key that is written twice."""

    path: KeyPath
    first: int
    again: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """The line of every key, table and array element; lines count from 1."""

    by_path: Mapping[KeyPath, int]
    repeats: tuple[Repeat, ...]

    def of(self, path: KeyPath) -> int:
        """Return the line of this key, or of the nearest table around it that is written."""
        while path and path not in self.by_path:
            path = path[:-1]
        return self.by_path.get(path, 1)


def scan(text: str) -> Lines:
    """Return where everything stands; a text that is not TOML gives what was read before it went wrong."""
    scanner = _Scanner(list(_tokens(text)))
    scanner.document()
    return Lines(by_path=scanner.lines, repeats=tuple(scanner.repeats))


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    line: int
    kind: str


_END = _Token("", 0, "end")


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "other"
        if kind not in {"comment", "other"}:
            yield _Token(match.group(), line, match.group() if kind == "mark" else kind)
        line += match.group().count("\n")


@dataclass(slots=True)
class _Scanner:
    tokens: list[_Token]
    at: int = 0
    lines: dict[KeyPath, int] = field(default_factory=dict)
    repeats: list[Repeat] = field(default_factory=list)
    #: Paths that were written out, not implied by a longer one.
    written: set[KeyPath] = field(default_factory=set)
    #: How many elements each array of tables has so far.
    elements: dict[KeyPath, int] = field(default_factory=dict)

    def document(self) -> None:
        table: KeyPath = ()
        while (token := self.peek()) is not _END:
            if token.kind == "[":
                table = self.header()
            elif token.kind in {"bare", "text"}:
                self.pair(table)
            else:
                self.at += 1

    def peek(self, ahead: int = 0) -> _Token:
        where = self.at + ahead
        return self.tokens[where] if where < len(self.tokens) else _END

    def take(self) -> _Token:
        token = self.peek()
        self.at += 1
        return token

    def header(self) -> KeyPath:
        line = self.take().line
        listed = self.peek().kind == "["
        self.at += listed
        name = self.key()
        while self.peek().kind == "]":
            self.at += 1
        path = self.within(name[:-1]) + name[-1:]
        if listed:
            self.mark(path, line)
            self.elements[path] = self.elements.get(path, 0) + 1
        path = self.within(name)
        self.write(path, line)
        return path

    def within(self, name: tuple[str, ...]) -> KeyPath:
        """Return the path of a table header: a name of an array of tables stands for its last element."""
        path: KeyPath = ()
        for part in name:
            path = (*path, part)
            if path in self.elements:
                path = (*path, self.elements[path] - 1)
        return path

    def key(self) -> tuple[str, ...]:
        parts: list[str] = []
        while self.peek().kind in {"bare", "text"}:
            parts.append(_name(self.take()))
            if self.peek().kind != ".":
                break
            self.at += 1
        return tuple(parts)

    def pair(self, table: KeyPath) -> None:
        line = self.peek().line
        path = table + self.key()
        if self.peek().kind == "=":
            self.at += 1
            self.write(path, line)
            self.value(path)

    def value(self, path: KeyPath) -> None:
        if len(path) > DEEPEST:
            # Its line is known, which is all that a refusal needs; going on would exhaust the stack.
            self.at = len(self.tokens)
        elif self.peek().kind == "[":
            self.array(path)
        elif self.peek().kind == "{":
            self.inline(path)
        else:
            while self.peek().kind not in {"newline", ",", "]", "}", "end"}:
                self.at += 1

    def array(self, path: KeyPath) -> None:
        self.at += 1
        index = 0
        while (token := self.peek()).kind not in {"]", "end"}:
            if token.kind in {"newline", ","}:
                self.at += 1
                continue
            before = self.at
            self.mark((*path, index), token.line)
            self.value((*path, index))
            index += 1
            if self.at == before:
                return
        self.at += 1

    def inline(self, path: KeyPath) -> None:
        self.at += 1
        while (token := self.peek()).kind not in {"}", "end"}:
            if token.kind in {"bare", "text"}:
                self.pair(path)
            else:
                self.at += 1
        self.at += 1

    def write(self, path: KeyPath, line: int) -> None:
        if path in self.written:
            self.repeats.append(Repeat(path=path, first=self.lines[path], again=line))
            return
        self.written.add(path)
        for length in range(1, len(path)):
            self.mark(path[:length], line)
        # A table may be implied by a longer name before it is written; its own line is the better one.
        self.lines[path] = line

    def mark(self, path: KeyPath, line: int) -> None:
        self.lines.setdefault(path, line)


def _name(token: _Token) -> str:
    if token.kind == "bare":
        return token.text
    try:
        return str(tomllib.loads(f"k = {token.text}")["k"])
    except tomllib.TOMLDecodeError:
        return token.text
