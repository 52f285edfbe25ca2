"""Twins: what differs only in how a page is served."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.twins import twin_key, without_fragment

STORY = "https://paper.example/news/stockton-letter"


@pytest.mark.parametrize(
    "twin",
    [
        "http://paper.example/news/stockton-letter",
        "https://www.paper.example/news/stockton-letter",
        "https://www2.paper.example/news/stockton-letter/",
        "https://m.paper.example/news/stockton-letter",
        "https://mobile.paper.example/news/stockton-letter",
        "https://amp.paper.example/news/stockton-letter",
        "https://PAPER.example:443/news/stockton-letter",
        "http://paper.example:80/news/stockton-letter",
        "https://paper.example/news/stockton-letter/amp",
        "https://paper.example/news/stockton-letter/amp/",
        "https://paper.example/news/stockton-letter.amp",
        "https://paper.example/news/stockton-letter?amp=1",
        "https://paper.example/news/stockton-letter?outputType=amp",
        "https://paper-example.cdn.ampproject.org/c/s/paper.example/news/stockton-letter/amp/",
        "https://www.google.com/amp/s/www.paper.example/news/stockton-letter",
    ],
)
def test_twins_have_one_key(twin: str) -> None:
    """Scheme, layout hosts, AMP and a closing slash are no part of it."""
    assert twin_key(STORY) == twin_key(twin) == "paper.example/news/stockton-letter"


@pytest.mark.parametrize(
    "other",
    [
        "https://paper.example/news/Stockton-letter",
        "https://paper.example/news/stockton-letter?page=2",
        "https://paper.example/news/stockton-letter#4f",
        "https://paper.example:8443/news/stockton-letter",
        "https://news.paper.example/news/stockton-letter",
        "https://paper.example/news/stockton-letter.html",
        "https://paper.example/news/stockton-letter/camp",
        "https://nogoogle.com/amp/s/paper.example/news/stockton-letter",
        "https://paper.example/",
    ],
)
def test_what_may_be_another_page_keeps_its_own_key(other: str) -> None:
    """When in doubt two addresses are two."""
    assert twin_key(STORY) != twin_key(other)


def test_parameters_beside_that_of_amp_stay() -> None:
    """In their order."""
    assert twin_key("https://m.paper.example/a.amp.html?id=7&amp=1&x=2") == "paper.example/a.html?id=7&x=2"
    assert twin_key("https://m.example/") == "m.example"


def test_an_entry_of_a_shared_address_lies_beside_it() -> None:
    """The fragment names the entry, not the page."""
    assert without_fragment(f"{STORY}#4f") == without_fragment(STORY) == STORY


@given(st.text(st.characters(codec=None), max_size=40), st.sampled_from(["", "https://", "https://google.com/amp/s/"]))
def test_any_text_has_a_key(text: str, before: str) -> None:
    """Nothing raises, however hostile or long, and a fragment never hides."""
    url = before + text

    assert isinstance(twin_key(url), str)
    assert twin_key(url * 500) == twin_key(url * 500)
    assert twin_key(f"https://city.example/{text.partition('#')[0]}#entry").endswith("#entry")
