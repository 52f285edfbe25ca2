"""Runs in the peers' environment: reads pages from standard input as JSON, prints what each peer made of them."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable

import lxml.html
import trafilatura
from readability import Document
from selectolax.lexbor import LexborHTMLParser

from benchmarks.extraction.measuring import measured


def trafilatura_fast(markup: str) -> str:
    """Return its text by the quick path, readers' comments left out."""
    return trafilatura.extract(markup, fast=True, include_comments=False) or ""


def trafilatura_default(markup: str) -> str:
    """Return its text as it comes."""
    return trafilatura.extract(markup) or ""


def readability(markup: str) -> str:
    """Return the text of its summary."""
    return str(lxml.html.fromstring(Document(markup).summary()).text_content())


def densest_parent(markup: str) -> str:
    """Return the paragraphs of the element that holds most of their text: the usual few lines over a quick parser."""
    held: dict[int, list[str]] = {}
    for paragraph in LexborHTMLParser(markup).css("p"):
        if paragraph.parent is not None:
            held.setdefault(paragraph.parent.mem_id, []).append(paragraph.text())
    best: list[str] = max(held.values(), key=lambda texts: sum(map(len, texts)), default=[])
    return "\n".join(best)


PEERS: dict[str, Callable[[str], str]] = {
    "trafilatura fast": trafilatura_fast,
    "trafilatura": trafilatura_default,
    "readability": readability,
    "densest parent": densest_parent,
}


def main() -> None:
    """Run each peer."""
    logging.disable(logging.CRITICAL)
    asked = json.load(sys.stdin)
    found = {name: measured(extract, asked["pages"], asked["rounds"]) for name, extract in PEERS.items()}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
