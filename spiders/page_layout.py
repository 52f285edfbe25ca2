"""How a page is laid out, as a fingerprint. Pure; the page is hostile."""

from __future__ import annotations

import re

from resiliparse.parse.html import ElementNode, HTMLTree

from facts.document import Headers
from facts.identity import make_id
from spiders.html import decode
from spiders.tree import select

#: Levels of elements that are looked at, and elements of one level.
_LEVELS = 3
_MAX_ELEMENTS = 1000
#: What gives a page its frame. Paragraphs, lists and pictures come and go with what is written.
_FRAMES = frozenset(
    {"article", "aside", "div", "footer", "form", "header", "main", "nav", "section", "table", "ul", "ol"}
)
#: These are part of a layout with or without a class.
_NAMED = frozenset({"article", "aside", "footer", "form", "header", "main", "nav", "section"})
# Of one element, one page or one moment: `post-4711`, `category-news`, `is-active`, `sc-1hx1xb7`.
_PASSING = re.compile(
    r"\d|^(?:category|tag|format|status|type|author|topic|section|has|is|wp-elements)-|^(?:hentry|sticky|first|last|odd|"
    r"even|active|current|selected|open|closed|loaded|loading|lazy|visible|hidden|clearfix)$",
    re.IGNORECASE,
)


def read_layout(body: bytes, headers: Headers) -> str | None:
    """Return the fingerprint of a page as it was served."""
    return layout_of(HTMLTree.parse(decode(body, headers)))


def layout_of(tree: HTMLTree) -> str | None:
    """Return a fingerprint of what frames the content, three levels below `<main>` or the body; None for an empty page.

    It is the same for all pages of one template, however many entries or paragraphs they have, and turns when the
    template is rebuilt.
    """
    root = next(iter(select(tree, "main, [role=main]")), None) or tree.body
    if root is None:
        return None
    found: set[str] = set()
    level = [("", root)]
    for _ in range(_LEVELS):
        level = [below for path, element in level for below in _below(path, element)][:_MAX_ELEMENTS]
        found.update(path for path, _ in level if not path.endswith("/"))
    return make_id("layout", root.tag or "", *sorted(found)) if found else None


def _below(path: str, element: ElementNode) -> list[tuple[str, ElementNode]]:
    children = element.children.values()[:_MAX_ELEMENTS]
    return [(f"{path}/{_name(child)}", child) for child in children if child.tag in _FRAMES]


def _name(element: ElementNode) -> str:
    """Return what an element is in a template, "" when nothing says so: it is one of what was written."""
    words = (element.getattr("class", "") or "").split() or [element.getattr("id", "") or ""]
    lasting = next((word for word in words if word and not _PASSING.search(word)), None)
    if lasting is None:
        return element.tag if element.tag in _NAMED else ""
    return f"{element.tag}.{lasting}"
