"""The names in feeds, held against feedparser's own rules."""

from __future__ import annotations

import pytest
from feedparser.mixin import _FeedParserMixin

from spiders import feed_names
from spiders.feed_names import RESERVED, Role, flat_name, plain_namespaces, role_of

RULES = {name.split("_", 2)[2].lower() for name in dir(_FeedParserMixin) if name.startswith(("_start_", "_end_"))}


def test_every_rule_of_feedparser_has_a_role() -> None:
    """A release of feedparser with a new rule fails here, and not in a feed."""
    assert {name for name in RULES if role_of(name) is Role.UNKNOWN} == set()


def test_every_namespace_that_has_rules_is_known() -> None:
    """The others keep their entries' names apart whatever their prefix."""
    unknown = {
        uri: prefix
        for uri, prefix in _FeedParserMixin.namespaces.items()
        if feed_names._PREFIXES.get(uri.lower()) != prefix.lower()
        and (not prefix or any(name.startswith(f"{prefix.lower()}_") for name in RULES))
    }

    assert unknown == {}
    assert {prefix.lower() for prefix in _FeedParserMixin.namespaces.values()} - {""} <= RESERVED


@pytest.mark.parametrize(
    ("tag", "prefix", "expected"),
    [
        ("pubDate", None, "pubdate"),
        ("{http://www.w3.org/2005/Atom}link", "atom", "link"),
        ("{HTTP://purl.org/DC/elements/1.1/}Date", "d", "dc_date"),
        ("{urn:own}title", "x", "x_title"),
        ("{urn:own}title", None, None),
        ("{urn:own}title", "dc", None),
    ],
)
def test_names_are_flat(tag: str, prefix: str | None, expected: str | None) -> None:
    """By namespace and not by prefix; a name that could count as one of RSS has none."""
    assert expected == flat_name(tag, prefix)


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:x='urn:x'", True),
        ('xmlns:a="http://purl.org/dc/elements/1.1/"', True),
        ('xmlns:dc="urn:x"', False),
        ('xmlns:media="http://purl.org/dc/elements/1.1/"', False),
        ('xmlns:a="urn:x"/><b xmlns:a="urn:y"', False),
        ('xmlns:a="urn:x y"', False),
        ('xmlns:a="http://backend.userland.com/rss2"', False),
    ],
)
def test_a_prefix_means_one_thing(declared: str, expected: bool) -> None:  # noqa: FBT001 (a parameter of pytest)
    """One that stands for two namespaces, or takes another's name, is not followed."""
    assert expected is plain_namespaces(f"<rss {declared}/>".encode())
