"""Fingerprints of templates: the same for every page of one, and another once it is rebuilt."""

from __future__ import annotations

from pathlib import Path

import pytest
from resiliparse.parse.html import HTMLTree

from spiders.page_layout import layout_of, read_layout

PAGES = Path(__file__).parent / "pages"


def listing(entries: int, item: str = "views-row", kind: str = "main") -> str | None:
    rows = "".join(
        f"<div class='{item} {item}-{number} {'even' if number % 2 else 'odd'}'><h3>{number}</h3></div>"
        for number in range(entries)
    )
    return layout_of(HTMLTree.parse(f"<html><body><{kind}><div class='view'>{rows}</div></{kind}></body></html>"))


def test_it_stays_while_entries_come_and_go() -> None:
    """One entry or fifty, numbered or not."""
    assert listing(1) == listing(50)
    assert listing(3) is not None


def test_it_turns_when_the_template_is_rebuilt() -> None:
    """Other classes, another frame, nothing left."""
    assert len({listing(9), listing(9, item="card"), listing(9, kind="section"), listing(0)}) == 4


def test_what_is_written_is_no_layout() -> None:
    """Paragraphs, headings, pictures and boxes without a name."""
    page = "<html><body><main><article class='node'>{}</article></main></body></html>"
    written = "<h2>One</h2><p class='lead'>Two</p><figure><img></figure><div>Three</div><blockquote>Four</blockquote>"

    assert layout_of(HTMLTree.parse(page.format("<p>One</p>"))) == layout_of(HTMLTree.parse(page.format(written)))


def test_classes_of_one_page_do_not_count() -> None:
    """Systems write an article's number, category and state into its class."""
    page = "<html><body><main><article id='post-{0}' class='post-{0} category-{0} post'></article></main></body></html>"

    assert layout_of(HTMLTree.parse(page.format("17"))) == layout_of(HTMLTree.parse(page.format("x18")))


def test_every_saved_page_has_a_layout_of_its_own() -> None:
    """No two sites are built alike, and none is without a mark."""
    layouts = [read_layout(path.read_bytes(), ()) for path in sorted(PAGES.glob("*.html"))]

    assert None not in layouts
    assert len(set(layouts)) == len(layouts)


@pytest.mark.parametrize("body", [b"", b"<html></html>", b"plain words", b"\x00\xff<"])
def test_an_empty_page_has_none(body: bytes) -> None:
    """Nothing to tell by."""
    assert read_layout(body, ()) is None
