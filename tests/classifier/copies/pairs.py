"""Pairs of invented texts of which it is known whether one is a copy of the other; the texts are in TOML beside it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise, product
from pathlib import Path
from textwrap import wrap
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two texts, where they stood, and whether they are to be one."""

    kind: str
    first: str
    later: str
    joins: bool
    first_url: str = "https://wire.example/1"
    later_url: str = "https://paper.example/2"
    #: The paragraphs that the later text has of its own.
    added: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.kind.replace(" ", "-")


def pairs() -> list[Pair]:
    """Return every pair."""
    return [*_wires(), *_templates(), *_blogs()]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


def _wires() -> Iterator[Pair]:
    for story in _read("wires")["story"]:
        text = story["text"].strip()
        others = [other["text"].strip() for other in story["other"]]
        for version in story["version"]:
            added = tuple(line for lines in version.get("added", {}).values() for line in lines)
            yield Pair(kind=version["kind"], first=text, later=edited(text, version), joins=True, added=added)
        locals_ = [edited(text, version) for version in story["version"] if "added" in version]
        yield Pair(kind="headline alone", first=text, later=text, joins=True)
        for one, other in combinations([text, *others], 2):
            yield Pair(kind="two stories of one event", first=one, later=other, joins=False)
        for one, other in combinations(locals_, 2):
            yield Pair(kind="two local versions", first=one, later=other, joins=True)
        for one, other in product(locals_, others):
            yield Pair(kind="local version and another story", first=one, later=other, joins=False)


def edited(text: str, version: Mapping[str, Any]) -> str:
    """Return what a paper made of a story: its own dateline, some paragraphs left out, others added, words changed."""
    lines = text.split("\n")
    if "dateline" in version:
        head, dash, rest = lines[0].partition(" — " if " — " in lines[0][:60] else " - ")
        lines[0] = version["dateline"] + (rest if dash and len(head) < 40 else lines[0])
    for old, new in version.get("edits", ()):
        assert any(old in line for line in lines), old
        lines = [line.replace(old, new) for line in lines]
    kept = version.get("keep", range(1, len(lines) + 1))
    added = {int(number): found for number, found in version.get("added", {}).items()}
    body = [
        line
        for number in range(1, len(lines) + 2)
        for line in (*added.get(number, ()), *([lines[number - 1]] if number in kept else ()))
    ]
    return "\n".join([*version.get("top", ()), *body, *version.get("end", ())])


def _templates() -> Iterator[Pair]:
    for number, template in enumerate(_read("templates")["template"]):
        texts = [template["text"].strip().format(**filling) for filling in template["filling"]]
        if "letter" in template["kind"]:
            for text in texts:
                yield Pair(kind="one letter, other lines", first=text, later=_wrapped(text), joins=True)
        for (one, first), (other, later) in combinations(enumerate(texts), 2):
            hosts = ("agency", "agency") if template.get("same_host") else (f"city-{one}", f"city-{other}")
            urls = [f"https://{host}.example/{number}/{at}" for host, at in zip(hosts, (one, other), strict=True)]
            yield Pair(
                kind=template["kind"], first=first, later=later, joins=False, first_url=urls[0], later_url=urls[1]
            )


def _wrapped(letter: str) -> str:
    """Return the letter as a PDF keeps it: in short lines, with the number of the page between them."""
    lines = [line for paragraph in letter.split("\n") for line in wrap(paragraph, 70) or [""]]
    return "\n".join([*lines[:20], "Page 2", *lines[20:]])


def _blogs() -> Iterator[Pair]:
    found = _read("blogs")
    page = "https://paper.example/live"
    for blog in found["blog"]:
        entries = blog["entries"]
        states = [
            "\n".join([blog["head"], *entries[max(0, end - blog["kept"]) : end][::-1]])
            for end in range(2, len(entries) + 1)
        ]
        for one, other in pairwise(states):
            yield Pair(kind="live blog", first=one, later=other, joins=True, first_url=page, later_url=page)
    for day in found["second_day"]:
        first, second = day["first"].strip(), day["second"].strip()
        yield Pair(kind="second day", first=first, later=second, joins=False)
