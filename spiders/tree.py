"""Elements of a parsed page. Pure."""

from __future__ import annotations

from resiliparse.parse.html import ElementNode, HTMLTree, Node


def select(tree: HTMLTree, selector: str) -> list[ElementNode]:
    """Return the elements that a CSS selector matches, in their order."""
    # `values`, because iterating over the collection itself takes the square of its length.
    return tree.document.query_selector_all(selector).values() if tree.document is not None else []


def words(element: Node) -> str:
    """Return all text inside an element, hidden text too."""
    return element.text or ""


def around(element: Node) -> ElementNode | None:
    """Return the element that an element stands in, None for the outermost."""
    parent = element.parent
    return parent if isinstance(parent, ElementNode) else None
