"""OPML, the format in which feed readers hand over their subscriptions (http://opml.org/spec2.opml). Pure.

What is read was written by others: entities are refused, so that a small file cannot become a large one or read
another, and nothing but the attributes of outlines is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from alerts.plain import line

#: Bytes and feeds of the largest list that a person can have made.
MAX_SIZE = 4 * 1024 * 1024
MAX_FEEDS = 5_000
# Neither may stand in XML 1.0, not even escaped.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One feed of a list: its title, as the list has it, and its address."""

    title: str
    url: str


class NotOpml(ValueError):
    """The text is no list of feeds; the message says what is wrong with it."""


class _Refused(Exception):
    """The document does what no list of feeds needs."""


def read_opml(body: bytes) -> tuple[Outline, ...]:
    """Return the feeds of an OPML 1 or 2 file in their order, those in folders too; no other outlines.

    Raises:
        NotOpml: it is too large, is no XML, declares entities, or is no OPML.
    """
    if len(body) > MAX_SIZE:
        problem = f"has {len(body):,} bytes; expected at most {MAX_SIZE:,}"
        raise NotOpml(problem)
    reader = _Reader()
    try:
        reader.read(body)
    except expat.ExpatError as error:
        problem = f"is not XML: {expat.errors.messages[error.code]} (line {error.lineno}); expected an OPML file"
        raise NotOpml(problem) from error
    except (ValueError, LookupError) as error:
        problem = f"is in an encoding that cannot be read ({line(str(error))}); expected UTF-8"
        raise NotOpml(problem) from error
    except _Refused as error:
        raise NotOpml(str(error)) from error
    return tuple(reader.found)


class _Reader:
    """Gathers the feeds while expat reads; it keeps no tree, so depth costs nothing."""

    def __init__(self) -> None:
        self.found: list[Outline] = []
        self._root = ""

    def read(self, body: bytes) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EntityDeclHandler = self._entity
        parser.Parse(body, True)

    def _entity(self, *_: object) -> None:
        problem = "declares entities, which no list of feeds needs; expected plain OPML"
        raise _Refused(problem)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._root = self._root or name.lower()
        if self._root != "opml":
            problem = f"is XML, but begins with <{line(name)[:40]}>; expected <opml>"
            raise _Refused(problem)
        # Some programs write xmlurl, and one XMLURL.
        values = {key.lower(): value.strip() for key, value in attributes.items()}
        url = values.get("xmlurl", "")
        if name.lower() != "outline" or not url:
            return
        if len(self.found) >= MAX_FEEDS:
            problem = f"lists more than {MAX_FEEDS:,} feeds; expected fewer"
            raise _Refused(problem)
        self.found.append(Outline(title=values.get("title") or values.get("text") or "", url=url))


def write_opml(title: str, outlines: Iterable[Outline]) -> str:
    """Return an OPML 2 file with these feeds; what XML cannot hold is left out of it."""
    rows = "".join(
        f'    <outline type="rss" text={_attribute(one.title)} title={_attribute(one.title)} '
        f"xmlUrl={_attribute(one.url)}/>\n"
        for one in outlines
    )
    head = f"  <head>\n    <title>{_attribute(title)[1:-1]}</title>\n  </head>\n"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n{head}  <body>\n{rows}  </body>\n</opml>\n'


def _attribute(text: str) -> str:
    return quoteattr(_NOT_XML.sub("", text))
