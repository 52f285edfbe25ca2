"""Pieces of HTML: their words and the letters they link."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from resiliparse.parse.html import HTMLTree

from spiders.fragment import Fragment
from spiders.html import MAX_LINKS, Anchor, clean, clean_line, text_of
from spiders.tree import select
from spiders.urls import canonical, is_letter

BASE = "https://city.example/news/1"
PIECES = st.sampled_from(
    ("<p>", "</p>", "<a href='", "'>", "</a>", "<A HREF=", ">", "/x/letter.pdf", "pd\nf", "dl", "/media/12/dl",
     "media/1/d\tl", "dl\nclass=x", "DocumentCenter/View/8", "812", "download", "/file/3/", "p&#100;f", "&sol;", ".",
     "?a=1", "#b", " ", "\n", "words", "&amp;", "&nbsp;", "\u00e9", "\x00", "\ufeff", "<", "&")
)  # fmt: skip


def every_link(tree: HTMLTree, base: str) -> tuple[Anchor, ...]:
    """Return every link of a fragment, without any short cut."""
    found = []
    for anchor in select(tree, "a[href]")[:MAX_LINKS]:
        url = canonical(anchor.getattr("href", "") or "", base)
        if url is not None:
            found.append(Anchor(url=url, text=clean_line(anchor.text or "")))
    return tuple(found)


@given(st.lists(PIECES, max_size=14).map("".join), st.sampled_from((BASE, "https://city.example/DocumentCenter/View/")))
@settings(max_examples=300)
def test_it_finds_what_a_full_look_finds(markup: str, base: str) -> None:
    """The short cuts lose no letter and no word."""
    links = every_link(HTMLTree.parse(clean(markup)), base) if "<a" in markup.lower() else ()
    letters: dict[str, Anchor] = {}
    for link in links:
        if is_letter(link.url):
            letters.setdefault(link.url, link)

    assert tuple(letters.values()) == Fragment(markup).letters(base)
    assert text_of(markup) == Fragment(markup).text


@pytest.mark.parametrize(
    "markup",
    ["<a href='/l.pdf'>x</a>", "<A HREF='/l.pdf'>x</A>", "<a href='/l.p\ndf'>x", "<a href='/l.p&#100;f'>x</a>"],
)
def test_a_letter_is_found_however_its_link_is_written(markup: str) -> None:
    """In capitals, with white space inside, with a character reference."""
    assert (Anchor(url="https://city.example/l.pdf", text="x"),) == Fragment(markup).letters(BASE)


def test_a_text_without_markup_is_itself() -> None:
    """And links nothing."""
    fragment = Fragment("  Two lines\nof a pdf \x00 ")

    assert (fragment.text, fragment.letters(BASE)) == ("Two lines\nof a pdf", ())
