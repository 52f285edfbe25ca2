"""The extractors that the project has at hand: its own, and the library under it by itself."""

from __future__ import annotations

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree

from spiders.article import article_text


def ours(markup: str) -> str:
    """Return what `spiders.article` finds; parsing included."""
    return article_text(HTMLTree.parse(markup))


def resiliparse(markup: str) -> str:
    """Return what the library calls the main content."""
    return str(extract_plain_text(markup, main_content=True, list_bullets=False, alt_texts=False))


CONTENDERS = {"ours": ours, "resiliparse": resiliparse}
