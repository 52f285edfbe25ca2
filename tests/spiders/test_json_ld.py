"""What pages say of their articles for machines."""

from __future__ import annotations

import json

import pytest
from resiliparse.parse.html import HTMLTree

from spiders.json_ld import Article, stated_article


def stated(*scripts: str) -> Article | None:
    return stated_article(HTMLTree.parse("".join(f"<script type='application/ld+json'>{x}</script>" for x in scripts)))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"articleBody": "Words."}, Article(text="Words.", free=True)),
        ([{}, {"articleBody": "Words.", "isAccessibleForFree": "false"}], Article(text="Words.", free=False)),
        ({"@graph": [{"articleBody": "Few."}, {"articleBody": "More words."}]}, Article(text="More words.", free=True)),
        ({"articleBody": ["no", "text"]}, None),
        ({"headline": "articleBody"}, None),
    ],
)  # fmt: skip
def test_the_longest_text_is_read(value: object, expected: Article | None) -> None:
    """Alone, in a list or in a graph."""
    assert expected == stated(json.dumps(value))


@pytest.mark.parametrize("script", ["", '{"articleBody": ', "[" * 100_000 + '"articleBody"', '"articleBody"', "null"])
def test_what_is_no_json_says_nothing(script: str) -> None:
    """Cut off, nested without an end, or something else."""
    assert stated(script) is None
