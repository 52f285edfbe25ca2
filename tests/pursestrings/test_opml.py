"""OPML in and out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pursestrings import opml
from pursestrings.opml import NotOpml, Outline, read_opml, write_opml

NESTED = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0"><head><title>Feeds</title></head><body>
  <outline text="New Mexico"><outline text="Papers">
    <outline type="rss" text="The Courier &amp; Post" xmlUrl="https://courier.example/feed" htmlUrl="https://x.example"/>
  </outline></outline>
  <outline text="short" title="The Radio" xmlurl=" https://radio.example/rss "/>
  <outline text="a note"/>
</body></opml>"""
#: What XML can hold, as an attribute gives it back: without the white space that it folds.
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=60)


def test_feeds_are_read_out_of_folders() -> None:
    """OPML 1 and 2 alike; a title goes before a text, and a note is no feed."""
    assert read_opml(NESTED) == (
        Outline(title="The Courier & Post", url="https://courier.example/feed"),
        Outline(title="The Radio", url="https://radio.example/rss"),
    )


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "windows-1252"])
def test_other_encodings_are_read(encoding: str) -> None:
    """As they are declared."""
    text = f'<?xml version="1.0" encoding="{encoding}"?><opml><outline text="Año" xmlUrl="https://x.example/"/></opml>'

    assert read_opml(text.encode(encoding))[0].title == "Año"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "is not XML: no element found (line 1)"),
        (b"[sources]", "is not XML"),
        (b"<opml><outline></opml>", "mismatched tag"),
        (b"<opml><outline text='a & b'/></opml>", "is not XML"),
        (b"<html><body/></html>", "begins with <html>; expected <opml>"),
        (b'<!DOCTYPE o [<!ENTITY a "b">]><opml/>', "declares entities"),
        (b'<!DOCTYPE o [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml><outline xmlUrl="&a;"/></opml>', "entities"),
        (b'<!DOCTYPE o [<!ENTITY % a SYSTEM "http://x.example/">%a;]><opml/>', "entities"),
        ('<!DOCTYPE o [<!ENTITY a "bb">]><opml/>'.encode("utf-16"), "entities"),
        (b'<?xml version="1.0" encoding="klingon"?><opml/>', "cannot be read"),
        (b" " * (opml.MAX_SIZE + 1), "expected at most 4,194,304"),
        (b"<opml>" + b"<outline xmlUrl='h'/>" * (opml.MAX_FEEDS + 1) + b"</opml>", "more than 5,000 feeds"),
    ],
    ids=[
        "empty",
        "toml",
        "tags",
        "ampersand",
        "html",
        "entity",
        "file",
        "parameter",
        "utf-16",
        "encoding",
        "size",
        "count",
    ],
)
def test_what_is_no_list_of_feeds_is_refused(body: bytes, said: str) -> None:
    """With what is wrong and what was expected."""
    with pytest.raises(NotOpml) as caught:
        read_opml(body)

    assert said in str(caught.value)
    assert "expected" in str(caught.value)


def test_depth_costs_nothing() -> None:
    """Folders in folders, a hundred thousand deep."""
    deep = b"<opml>" + b"<outline>" * 100_000 + b"<outline xmlUrl='https://x.example/'/>"

    assert len(read_opml(deep + b"</outline>" * 100_000 + b"</opml>")) == 1


@given(TEXT, st.lists(st.builds(Outline, title=TEXT.map(str.strip), url=TEXT.map(str.strip).filter(bool))))
def test_what_is_written_is_read_back(title: str, outlines: list[Outline]) -> None:
    """Quotes, angle brackets, ampersands and all."""
    assert read_opml(write_opml(title, outlines).encode()) == tuple(outlines)


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_any_text_makes_valid_opml(text: str) -> None:
    """What XML cannot hold is left out."""
    written = write_opml(text, [Outline(title=text, url="https://x.example/")])

    assert read_opml(written.encode())[0].url == "https://x.example/"


@given(st.binary(max_size=200))
def test_no_bytes_trip_it(body: bytes) -> None:
    """They are refused, or hold no feed."""
    try:
        found = read_opml(body)
    except NotOpml:
        return
    assert found == ()
