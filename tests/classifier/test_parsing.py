"""Parsing: sentences with their terms, and places as terms among them."""

from __future__ import annotations

from classifier.parsing import READ_LIMIT, parse, with_places
from tests.classifier.rules import LEXICON


def test_the_title_stands_apart() -> None:
    """Evidence can only be quoted from the text."""
    parsed = parse("DOJ letter", "The mayor said no.", LEXICON)

    assert parsed.quote(0, 1).text == "The mayor said no."
    assert "agency" in parsed.title[0].kinds
    assert "agency" not in parsed.passages[0].kinds


def test_a_dateline_names_no_actor() -> None:
    """WASHINGTON before the dash says where a piece was written."""
    written, acting = (parse("", text, LEXICON) for text in ("WASHINGTON - A cat sat.", "Washington said no."))

    assert "federal" not in written.passages[0].kinds
    assert "federal" in acting.passages[0].kinds


def test_a_dump_is_read_to_the_limit() -> None:
    """What lies beyond the limit is not read."""
    parsed = parse("", "word " * (READ_LIMIT // 4), LEXICON)

    assert max(passage.sentence.end for passage in parsed.passages) <= READ_LIMIT


def test_a_place_becomes_a_term_of_its_sentence() -> None:
    """Terms stay in the order of the words."""
    text = "The mayor spoke. Officials in Stockton refused."
    passages = with_places(parse("", text, LEXICON).passages, [(30, 38), (9_999, 10_000)])

    assert [hit for hit in passages[0].hits if hit.term.kind == "place"] == []
    place = passages[1].of("place")[0]
    assert (place.first, place.last) == (2, 3)
    assert [hit.first for hit in passages[1].hits] == sorted(hit.first for hit in passages[1].hits)
