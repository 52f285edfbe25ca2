"""What a page says of its article in JSON-LD, for machines (schema.org/Article). Pure; the JSON is hostile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from resiliparse.parse.html import HTMLTree

from spiders.tree import select

#: Longer scripts are no description of an article.
_MAX_LENGTH = 1_000_000
_MAX_LEVELS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The text of an article as its page states it beside what it shows."""

    text: str
    #: Whether anybody may read it without a subscription, as far as the page says.
    free: bool


def stated_article(tree: HTMLTree) -> Article | None:
    """Return the longest text that the page states, None when it states none."""
    scripts = (script.text or "" for script in select(tree, "script[type='application/ld+json']"))
    texts = (script for script in scripts if '"articleBody"' in script and len(script) <= _MAX_LENGTH)
    found = [article for text in texts for article in _articles(_parsed(text), _MAX_LEVELS)]
    return max(found, key=lambda article: len(article.text), default=None)


def _parsed(text: str) -> Any:  # noqa: ANN401 (whatever the page says)
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _articles(value: Any, levels: int) -> Iterator[Article]:  # noqa: ANN401 (whatever the page says)
    if levels == 0:
        return
    if isinstance(value, list):
        for item in value:
            yield from _articles(item, levels - 1)
    elif isinstance(value, dict):
        body = value.get("articleBody")
        if isinstance(body, str):
            yield Article(text=body, free=str(value.get("isAccessibleForFree", True)).lower() != "false")
        yield from _articles(value.get("@graph"), levels - 1)
