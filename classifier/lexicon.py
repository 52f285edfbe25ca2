"""The lexicon: phrases that the rules know, found in one pass over the words of a sentence.

Phrases are read from `lexicon.toml` into a tree of words, so matching looks a word up instead of trying regular
expressions: the time grows with the words of a text and not with the number of phrases.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Self

from classifier.windows import Sentence
from facts.errors import ConfigError

_LONGEST_GAP = 8
_STEM = 3
_GROUPS = ("terms", "conditions", "instruments", "stances")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """What a phrase stands for: its kind ("agency", "money", "stance") and its name ("Department of Justice")."""

    kind: str
    name: str
    #: The text must be in capitals.
    capitals: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A term found in a sentence: its words `first` included, `last` excluded."""

    term: Term
    first: int
    last: int


@dataclass(slots=True)
class _Node:
    """A step of a phrase; built while loading, never changed afterwards."""

    words: dict[str, _Node] = field(default_factory=dict)
    #: By the first letters of the beginning, the beginnings and what follows each.
    stems: dict[str, list[tuple[str, _Node]]] = field(default_factory=dict)
    #: By the number of words that may come in between, the steps after them.
    gaps: dict[int, _Node] = field(default_factory=dict)
    ends: list[Term] = field(default_factory=list)

    def next(self, word: str) -> Iterator[_Node]:
        """Return the steps this word leads to."""
        found = self.words.get(word)
        if found is not None:
            yield found
        if self.stems:
            for beginning, node in self.stems.get(word[:_STEM], ()):
                if word.startswith(beginning):
                    yield node


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Every phrase as a tree, and which agency owns a programme."""

    root: _Node
    owners: Mapping[str, str]

    @classmethod
    def load(cls, extra: Mapping[str, Any] | None = None) -> Self:
        """Return the lexicon that ships with the package; `extra`, of the same shape, adds to it.

        Raises:
            ConfigError: an addition names no group of the lexicon, or holds a phrase that cannot be read.
        """
        text = files("classifier").joinpath("lexicon.toml").read_text(encoding="utf-8")
        return cls.of(_merged(tomllib.loads(text), extra or {}))

    @classmethod
    def of(cls, tables: Mapping[str, Any]) -> Self:
        """Return the lexicon of these tables, shaped like `lexicon.toml`."""
        root = _Node()
        programs = tables["programs"]
        for term, phrases in _terms(tables):
            for phrase in phrases:
                _add(root, phrase, term)
        return cls(root=root, owners={name: entry["agency"] for name, entry in programs.items()})

    def hits(self, sentence: Sentence, text: str) -> tuple[Hit, ...]:
        """Return every term of a sentence in the order of its words; `text` is what the sentence was cut from."""
        found = []
        words = sentence.words
        for first, word in enumerate(words):
            for node in self.root.next(word):
                for term, last in _follow(node, words, first + 1):
                    if not term.capitals or text[sentence.starts[first] : sentence.ends[first]].isupper():
                        found.append(Hit(term=term, first=first, last=last))
        return tuple(dict.fromkeys(found))


def _follow(node: _Node, words: tuple[str, ...], at: int) -> Iterator[tuple[Term, int]]:
    for term in node.ends:
        yield term, at
    if at < len(words):
        for following in node.next(words[at]):
            yield from _follow(following, words, at + 1)
    for gap, beyond in node.gaps.items():
        for ahead in range(at, min(at + gap + 1, len(words))):
            for following in beyond.next(words[ahead]):
                yield from _follow(following, words, ahead + 1)


def _terms(tables: Mapping[str, Any]) -> Iterator[tuple[Term, Iterable[str]]]:
    for name, phrases in tables["agencies"].items():
        yield Term(kind="agency", name=name), phrases
    for name, entry in tables["programs"].items():
        yield Term(kind="program", name=name), entry["patterns"]
    for group in _GROUPS:
        for name, phrases in tables[group].items():
            yield Term(kind=name if group == "terms" else group[:-1], name=name), phrases


def _add(root: _Node, phrase: str, term: Term) -> None:
    capitals = phrase.split(maxsplit=1)[0].isupper() and phrase.split(maxsplit=1)[0].isalpha()
    marked = Term(kind=term.kind, name=term.name, capitals=capitals)
    nodes = [root]
    gap = 0
    for step in phrase.lower().replace("-", " ").split():
        if step.startswith("~"):
            gap = int(step[1:])
            continue
        nodes = [_walk(node, choice, gap) for node in nodes for choice in step.split("|")]
        gap = 0
    for node in nodes:
        node.ends.append(marked)


def _walk(node: _Node, choice: str, gap: int) -> _Node:
    first, *others = choice.split("_")
    node = _step(node, first, gap)
    for word in others:
        node = _step(node, word, 0)
    return node


def _step(node: _Node, word: str, gap: int) -> _Node:
    node = node.gaps.setdefault(gap, _Node()) if gap else node
    if not word.endswith("*"):
        return node.words.setdefault(word, _Node())
    beginning = word[:-1]
    siblings = node.stems.setdefault(beginning[:_STEM], [])
    for known, existing in siblings:
        if known == beginning:
            return existing
    siblings.append((beginning, _Node()))
    return siblings[-1][1]


def _merged(tables: dict[str, Any], extra: Mapping[str, Any]) -> dict[str, Any]:
    for group, additions in extra.items():
        if group not in tables or not isinstance(additions, Mapping):
            msg = f"no such group of the lexicon; the groups are {', '.join(tables)}"
            raise ConfigError(msg, where=f"lexicon.{group}")
        for name, value in additions.items():
            tables[group][name] = _joined(tables[group].get(name), value, f"lexicon.{group}.{name}")
    return tables


def _joined(known: Any, value: Any, where: str) -> Any:  # noqa: ANN401 - what TOML gives
    if isinstance(value, Mapping):
        if not isinstance(value.get("agency"), str):
            msg = 'a programme needs its agency: { agency = "...", patterns = ["..."] }'
            raise ConfigError(msg, where=where)
        earlier = known["patterns"] if known else []
        return {
            "agency": value["agency"],
            "patterns": [*earlier, *_phrases(value.get("patterns"), f"{where}.patterns")],
        }
    return [*(known or []), *_phrases(value, where)]


def _phrases(value: Any, where: str) -> list[str]:  # noqa: ANN401 - what TOML gives
    if not isinstance(value, list) or not all(isinstance(phrase, str) and _readable(phrase) for phrase in value):
        msg = 'expected a list of phrases such as ["justice department", "withhold* ~3 grants"]'
        raise ConfigError(msg, where=where)
    return value


def _readable(phrase: str) -> bool:
    steps = phrase.split()
    gaps = [step[1:] for step in steps if step.startswith("~")]
    shortest = all(
        len(word.rstrip("*")) >= (_STEM if word.endswith("*") else 1) for s in steps for word in s.split("|")
    )
    ends_in_words = bool(steps) and not steps[0].startswith("~") and not steps[-1].startswith("~")
    return ends_in_words and shortest and all(gap.isdecimal() and int(gap) <= _LONGEST_GAP for gap in gaps)
