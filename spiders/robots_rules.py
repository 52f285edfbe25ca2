"""What of a robots.txt concerns us: our group, found and cut before its rules are taken up. Pure.

Protego reads anything, and takes as long as the file makes it: one of 400 KB that names 14,000 robots in one group of
14,000 rules makes 200 million of them. So it is given the rules of one robot only, and no more than a site can mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from protego import Protego

#: The name that a robots.txt may address us by.
PRODUCT = "Pursestrings"
#: RFC 9309, section 2.5: at least 500 KiB are read.
MOST_BYTES = 512 * 1024

#: Rules that are taken up, their characters, and the wildcards and anchors in them, each of which is looked for in each
#: address. A site has some dozens of rules as a rule, and the largest some hundreds.
MOST_RULES = 2000
MOST_CHARACTERS = 64 * 1024
MOST_SPECIAL = 4000
_MOST_SITEMAPS = 100

_EVERYBODY = "*"
#: A line that says something to robots, with the misspellings that Protego forgives. It begins with the end of the one
#: before, which is found fast; its value ends at whatever Python takes for the end of a line.
_LINE = re.compile(
    r"\n[ \t]*+(?:(?P<agent>user(?:-|[ \t]*)agent)|(?P<rule>allow|diss?all?[oa]w|diasllow|crawl[- ]delay)"
    r"|(?P<sitemap>site-?maps?))[ \t]*[: \t](?P<value>[^\n\r#\x0b\x0c\x1c-\x1e\x85\u2028\u2029]*)",
    re.IGNORECASE,
)
#: RFC 9309, section 2.2.1: what else stands there, such as a version, is no part of the name.
_NAME = re.compile(r"\s*(?:([a-z_-]+)|\*\s*$)", re.IGNORECASE)


def read_rules(body: bytes) -> Protego:
    """Return the rules of a robots.txt as far as they are for us, with the sitemaps that it names."""
    return rules_of(body[:MOST_BYTES].decode("utf-8-sig", "replace"))


def rules_of(text: str) -> Protego:
    """Return the rules for us of a robots.txt that was decoded."""
    ours, sitemaps = _read(text[:MOST_BYTES])
    return Protego.parse("\n".join(("User-agent: *", *_cut(ours), *sitemaps)))


def _read(text: str) -> tuple[list[str], list[str]]:
    """Return the rules of the groups that name us, or else of those for all, and the lines that name sitemaps."""
    rules: dict[str, list[str]] = {}
    sitemaps: list[str] = []
    names: set[str] = set()
    is_head = True
    for line in _LINE.finditer("\n" + text.replace("\r", "\n")):
        if line["sitemap"]:
            if len(sitemaps) < _MOST_SITEMAPS:
                sitemaps.append(f"Sitemap: {line['value']}")
            continue
        if line["agent"] and not is_head:
            names = set()
        is_head = line["agent"] is not None
        if is_head:
            names |= {_name(line["value"])} & {PRODUCT.lower(), _EVERYBODY}
        for name in names:
            group = rules.setdefault(name, [])
            if not is_head and len(group) < MOST_RULES:
                group.append(f"{line['rule']}: {line['value']}")
    return rules.get(PRODUCT.lower(), rules.get(_EVERYBODY, [])), sitemaps


def _name(value: str) -> str:
    found = _NAME.match(value)
    return "" if found is None else (found[1] or _EVERYBODY).lower()


def _cut(rules: Iterable[str]) -> Iterator[str]:
    """Return no more than is taken up: what is beyond is as if the file had ended there."""
    characters, special = MOST_CHARACTERS, MOST_SPECIAL
    for rule in rules:
        characters -= len(rule)
        special -= rule.count("*") + rule.count("$")
        if characters < 0 or special < 0:
            return
        yield rule
