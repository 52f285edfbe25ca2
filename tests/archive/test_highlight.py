"""A text keeps every character and marks exactly its evidence."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from archive.highlight import Piece, mark_number, merge, paragraphs

TEXTS = st.text(alphabet="ab \n", max_size=60)
SPANS = st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=6)


def test_overlapping_and_touching_spans_become_one() -> None:
    """A reader sees one mark where two quotes meet."""
    assert merge([(12, 14), (4, 9), (1, 4), (2, 3)], 20) == ((1, 9), (12, 14))


def test_spans_outside_the_text_are_clipped_and_empty_ones_dropped() -> None:
    """Offsets are outside data too."""
    assert merge([(-4, 3), (8, 99), (5, 5), (7, 6), (30, 40)], 10) == ((0, 3), (8, 10))


def test_a_mark_that_crosses_paragraphs_opens_once() -> None:
    """Its number is an address on the page, which must be there once."""
    first, second = paragraphs("one two\n\nthree four", ((4, 14),))

    assert (Piece(text="one ", mark=None), Piece(text="two", mark=1, opens=True)) == first
    assert (Piece(text="three", mark=1), Piece(text=" four", mark=None)) == second


def test_a_text_without_blank_lines_breaks_at_line_ends() -> None:
    """Else a page whose extractor gives one line a paragraph would be a wall."""
    assert ["".join(piece.text for piece in it) for it in paragraphs("one\ntwo", ())] == ["one", "two"]


def test_a_text_with_blank_lines_keeps_its_line_ends() -> None:
    """An address block of a letter stays in lines."""
    assert ["".join(piece.text for piece in it) for it in paragraphs("12 Main St.\nStockton\n\nDear Chief", ())] == [
        "12 Main St.\nStockton",
        "Dear Chief",
    ]


def test_a_quote_finds_its_mark() -> None:
    """The number leads from a quote to the passage, None from one that is not in the text."""
    marks = ((2, 8), (12, 20))

    assert mark_number(marks, (14, 16)) == 2
    assert mark_number(marks, (30, 40)) is None


def test_what_was_added_is_cut_out_within_a_mark() -> None:
    """A passage may be evidence and new, in part; the mark still opens once."""
    ((plain, mark, both, new),) = paragraphs("one two three four", ((4, 13),), ((8, 18),))

    assert (plain.text, plain.added) == ("one ", False)
    assert (mark.text, mark.mark, mark.opens, mark.added) == ("two ", 1, True, False)
    assert (both.text, both.mark, both.opens, both.added) == ("three", 1, False, True)
    assert (new.text, new.mark, new.added) == (" four", None, True)


@given(TEXTS, SPANS, SPANS)
def test_what_was_added_changes_no_character(
    text: str, spans: list[tuple[int, int]], more: list[tuple[int, int]]
) -> None:
    """Each visible character is added if and only if a passage covers it, and marked as before."""
    marks, added = merge(spans, len(text)), merge(more, len(text))
    covered = {at for start, end in added for at in range(start, end)}
    pieces = [piece for it in paragraphs(text, marks, added) for piece in it]

    assert [(letter, at in covered) for at, letter in enumerate(text) if letter.strip()] == [
        (letter, piece.added) for piece in pieces for letter in piece.text if letter.strip()
    ]
    before = [piece for it in paragraphs(text, marks) for piece in it]
    assert sum(piece.opens for piece in pieces) == sum(piece.opens for piece in before)


@given(TEXTS, SPANS)
def test_no_character_is_lost_or_marked_wrongly(text: str, spans: list[tuple[int, int]]) -> None:
    """The pieces hold every visible character in order, each marked if and only if a span covers it."""
    covered = {at for start, end in spans for at in range(max(0, start), min(len(text), end))}
    pieces = [piece for it in paragraphs(text, merge(spans, len(text))) for piece in it]

    assert [(letter, at in covered) for at, letter in enumerate(text) if letter.strip()] == [
        (letter, piece.mark is not None) for piece in pieces for letter in piece.text if letter.strip()
    ]


@given(TEXTS, SPANS)
@example(text="aaaaaa \na", spans=[(6, 9)])
def test_every_mark_that_shows_opens_exactly_once(text: str, spans: list[tuple[int, int]]) -> None:
    """Two elements of one id, or none, would break the link from the quote."""
    pieces = [piece for it in paragraphs(text, merge(spans, len(text))) for piece in it if piece.mark and piece.text]
    shown = {piece.mark for piece in pieces if piece.text.strip()}

    assert shown == {piece.mark for piece in pieces if piece.opens and piece.mark in shown}
    assert len({piece.mark for piece in pieces if piece.opens}) == sum(piece.opens for piece in pieces)
