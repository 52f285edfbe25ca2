from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from pursestrings.demo import markup

BASE = "http://127.0.0.1:9"


class _Text(HTMLParser):
    def __init__(self, source: str) -> None:
        super().__init__()
        self.text = ""
        self.hrefs: list[str | None] = []
        self.feed(source)
        self.close()

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hrefs += [value for name, value in attrs if (tag, name) == ("a", "href")]


def test_paragraphs_are_split_at_blank_lines_and_joined_within() -> None:
    """A line break inside a paragraph is a blank."""
    expected = ("one two", "three")

    assert expected == markup.paragraphs("\none\ntwo\n\n  \n\nthree\n")


def test_links_are_absolute_in_html_and_gone_in_plain_text() -> None:
    """The same paragraph serves a page and a comparison of texts."""
    paragraph = "See [the letter & more](/doj/x/dl), now."

    assert '<a href="http://127.0.0.1:9/doj/x/dl">the letter &amp; more</a>' in markup.to_html(paragraph, BASE)
    assert markup.plain(paragraph) == "See the letter & more, now."
    assert markup.links(paragraph) == ("/doj/x/dl",)


def test_only_paths_below_the_root_are_links() -> None:
    """Brackets that a writer used for something else stay."""
    paragraph = "He [the mayor] said (twice) so [x](http://elsewhere.example/)."

    assert markup.links(paragraph) == ()
    assert markup.plain(paragraph) == paragraph


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60))
def test_a_browser_reads_the_plain_text(paragraph: str) -> None:
    """HTML and plain text say the same, whatever the writer typed."""
    assert markup.plain(paragraph) == _Text(markup.to_html(paragraph, BASE)).text


def test_blocks_hold_a_paragraph_each() -> None:
    """Two paragraphs are two elements."""
    assert markup.to_blocks(("a", "b"), BASE) == "<p>a</p>\n<p>b</p>"
