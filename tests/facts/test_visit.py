from __future__ import annotations

from dataclasses import replace

from facts.visit import Link, LinkKind

LINK = Link(
    source="ledger",
    url="https://news.example/a",
    kind=LinkKind.PAGE,
    parent=None,
    title="A title",
    summary="A summary.",
    published_at=None,
    places=(),
)


def test_an_edited_entry_is_a_new_link() -> None:
    """Title or summary changed: the page is read again; nothing else makes a link new."""
    assert replace(LINK, title="Another").id != LINK.id
    assert replace(LINK, summary="Another.").id != LINK.id
    assert replace(LINK, parent="https://news.example/").id == LINK.id
