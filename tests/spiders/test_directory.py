"""The source directory that ships."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from facts.address import refusal_of_url
from facts.twins import twin_key
from spiders.directory import Directory, Evidence, KnownSource
from spiders.platforms import Platform, platform_of

DIRECTORY = Directory.load()
#: Places that got letters in 2017 or 2025, each of which has to be watched from the first day.
LETTERS = (
    "Albuquerque, NM", "Bernalillo County, NM", "Baltimore, MD", "Stockton, CA", "San Bernardino, CA",
    "Sacramento, CA", "Los Angeles, CA", "San Francisco, CA", "Chicago, IL", "Cook County, IL", "New York City, NY",
    "Boston, MA", "Seattle, WA", "King County, WA", "Portland, OR", "Multnomah County, OR", "Denver, CO",
    "Philadelphia, PA", "Minneapolis, MN", "Louisville, KY", "Las Vegas, NV", "NV", "CA", "IL", "MN", "OR", "WA",
)  # fmt: skip


@pytest.mark.parametrize("place", LETTERS)
def test_a_place_that_got_a_letter_has_a_source_that_is_switched_on(place: str) -> None:
    """Not only one that is left out of a new configuration."""
    assert any(place in source.places and not source.optional for source in DIRECTORY.sources)


def test_federal_sources_are_about_no_place() -> None:
    """The Department, the Register, the White House, the agencies that attach conditions."""
    federal = {source.name for source in DIRECTORY.federal()}

    assert {"doj", "federal-register", "white-house-orders", "dhs-standard-terms", "fema-news"} <= federal
    assert not any(source.places for source in DIRECTORY.federal())


@pytest.mark.parametrize("source", DIRECTORY.sources, ids=lambda source: source.name)
def test_an_entry_is_whole(source: KnownSource) -> None:
    """It can be fetched, is no trap, does not contradict its own address, and claims no probe that nobody made."""
    assert refusal_of_url(source.url, (80, 443)) is None
    assert DIRECTORY.trap(source.url) is None
    assert platform_of(source.url) in {source.platform, Platform.OTHER}
    assert source.probed == "never" or re.fullmatch(r"\d{4}-\d\d-\d\d", source.probed)
    assert source.evidence is not Evidence.PATTERN or source.optional


def test_no_address_is_there_twice() -> None:
    """Nor a twin of one, unless another question is put to it."""
    counts = Counter((twin_key(source.url), str(source.settings)) for source in DIRECTORY.sources)

    assert [key for key, number in counts.items() if number > 1] == []


@pytest.mark.parametrize(
    "url",
    [
        "https://www.justice.gov/feeds/opa/justice-news.xml",
        "http://justice.gov/feeds/opa/justice-news.xml/",
        "https://www.justice.gov/feeds/justice-news.xml?type=All&organization=All",
        "https://www.justice.gov/rss.xml",
        "https://www.chicago.gov/city/en/rss.html",
    ],
)
def test_a_trap_is_known_under_its_twins_and_with_any_query(url: str) -> None:
    """Feed lists spell them in many ways."""
    trap = DIRECTORY.trap(url)

    assert trap is not None
    assert trap.reason in str(trap)


@pytest.mark.parametrize(
    "url", ["https://www.justice.gov/news/rss", "https://www.justice.gov/", "nonsense", "http://["]
)
def test_what_is_no_trap_is_none(url: str) -> None:
    """The feed that is to be used instead least of all."""
    assert DIRECTORY.trap(url) is None


def test_a_trap_says_what_to_use_instead() -> None:
    """Where something is known."""
    assert all(DIRECTORY.trap(trap.instead) is None for trap in DIRECTORY.traps if trap.instead)
    assert str(DIRECTORY.trap("https://www.justice.gov/rss.xml")).endswith("use https://www.justice.gov/news/rss")


def test_a_source_is_found_by_its_address_or_a_twin() -> None:
    """As a person writes it."""
    found = DIRECTORY.named("http://www.sourcenm.com/feed")

    assert found is not None
    assert found.name == "source-nm"
    assert DIRECTORY.named("https://nobody.example/feed") is None
