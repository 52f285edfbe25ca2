"""Feeds mended before they are read: broken characters, impossible references, missing ends."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facts.document import Headers
from spiders.flaws import mend

HEAD = b"<?xml version='1.0' encoding='utf-8'?><rss><channel>"
ITEM = "<item><title>Caf\u00e9 \u201cno\u201d</title></item>".encode()
TAIL = b"</channel></rss>"
WHOLE = HEAD + ITEM + ITEM + TAIL
LATIN = (("Content-Type", "text/xml; charset=iso-8859-1"),)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (WHOLE, ()),
        (b"", ()),
        (b"<html>", ()),
        (WHOLE.replace(b"rss", b"feed"), ()),
        (WHOLE.replace(b"rss>", b"rdf:RDF>"), ()),
        (WHOLE.replace(b"utf-8", b"iso-8859-1") + b"\xff", ()),
        (WHOLE + b"\xff", LATIN),
        (WHOLE.decode().encode("utf-16"), ()),
        (WHOLE.decode().encode("utf-16-le"), ()),
        (WHOLE.replace(b"Caf", b"&#x43;&#97;f&#0;"), ()),
    ],
)
def test_what_is_sound_or_not_ours_to_judge_is_left_alone(body: bytes, headers: Headers) -> None:
    """UTF-8 that is whole, what says it is in another encoding, and what is no feed."""
    assert (body, ()) == mend(body, headers)


@pytest.mark.parametrize(
    ("body", "mended", "words"),
    [
        (
            WHOLE.replace(b"</title>", b"\xff</title>", 1),
            WHOLE.replace(b"</title>", "\ufffd</title>".encode(), 1),
            "(1)",
        ),
        (WHOLE.decode().encode("windows-1252"), WHOLE.decode().encode("windows-1252"), "not in UTF-8"),
        (HEAD + ITEM + ITEM[:-9], HEAD + ITEM, "breaks off"),
        (HEAD + ITEM + ITEM[: ITEM.index(b"\xc3") + 1], HEAD + ITEM, "breaks off"),
        (HEAD + ITEM[:-9], HEAD + ITEM[:-9], "breaks off"),
        (HEAD + ITEM, HEAD + ITEM, "breaks off"),
        (HEAD + b"</item>", HEAD + b"</item>", "breaks off"),
    ],
)
def test_what_is_broken_is_mended_and_said(body: bytes, mended: bytes, words: str) -> None:
    """One line for the operator; a stump that is the only entry stays."""
    actual, (line,) = mend(body, ())

    assert mended == actual
    assert words in line


@pytest.mark.parametrize("reference", [b"&#xD800;", b"&#57343", b"&#x110000;", b"&#99999999999999999999;"])
def test_a_reference_to_no_character_becomes_the_sign_for_it(reference: bytes) -> None:
    """feedparser raises on each of them."""
    assert mend(WHOLE.replace(b"Caf", reference), ()) == (WHOLE.replace(b"Caf", b"&#xFFFD;"), ())


@given(st.binary(max_size=200), st.integers(0, len(WHOLE)))
@settings(max_examples=150)
def test_no_bytes_break_it(noise: bytes, at: int) -> None:
    """And what was mended needs no further mending of its characters."""
    for body in (noise, WHOLE[:at] + noise, WHOLE[:at] + noise + WHOLE[at:]):
        once, _ = mend(body, ())
        assert len(mend(once, ())[0]) <= len(once)
