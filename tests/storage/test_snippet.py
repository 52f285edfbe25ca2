"""Found words in their surroundings, as plain pieces."""

from __future__ import annotations

from hypothesis import given

from storage.query import parse
from storage.snippet import WIDTH, snippet
from tests.storage import strategies


def marked(text: str, words: str) -> list[str]:
    """Return the marked pieces."""
    return [piece for piece, found in snippet(text, parse(words)) if found]


def shown(text: str, words: str) -> str:
    """Return all pieces as one text."""
    return "".join(piece for piece, _ in snippet(text, parse(words)))


def test_pieces_around_a_word() -> None:
    """The found words are marked, the others are not."""
    pieces = snippet("Open the jail now, the Jail.", parse("jail"))

    assert pieces == (("Open the ", False), ("jail", True), (" now, the ", False), ("Jail", True), (".", False))


def test_markup_stays_text() -> None:
    """Nothing is added to or taken from hostile text: whoever shows it escapes it."""
    assert shown("<b>jail</b> & <script>", "jail") == "<b>jail</b> & <script>"


def test_whole_words_only() -> None:
    """A word within a word was not found by the index either."""
    assert marked("jailer jail_x jails jail", "jail") == ["jail", "jail"]


def test_accents_and_case_do_not_count() -> None:
    """What the index folds is folded here, and shown as it stands."""
    text = "In Espa\u00f1ola, ESPANOLA and Espan\u0303ola"

    assert marked(text, "espanola") == ["Espa\u00f1ola", "ESPANOLA", "Espan\u0303ola"]


def test_a_phrase_is_one_piece() -> None:
    """A phrase is marked as a whole, whatever stands between its words."""
    assert marked("the 48-hour and the 48 hour rule, 48 other hour", "48-hour") == ["48-hour", "48 hour"]


def test_unwanted_words_are_not_marked() -> None:
    """Only what is wanted is marked."""
    assert marked("jail and fee", "jail -fee") == ["jail"]


def test_a_far_word_is_shown_with_its_surroundings() -> None:
    """The passage begins near the first found word, with a whole word."""
    text = shown("before " * 500 + "jail" + " after" * 500, "jail")

    assert text.startswith("…before ")
    assert "jail" in text
    assert text.endswith("…")
    assert len(text) <= WIDTH + 2


def test_white_space_is_folded() -> None:
    """A passage is one line."""
    assert shown("open\n\n the\tjail", "jail") == "open the jail"


def test_nothing_found_shows_the_beginning() -> None:
    """A match in the title alone shows how the text begins."""
    assert snippet("No such word.", parse("jail")) == (("No such word.", False),)
    assert snippet("No such word.", None) == (("No such word.", False),)
    assert snippet("", parse("jail")) == ()


def test_a_word_that_is_nothing_once_folded() -> None:
    """A term that is all accents or signs marks nothing."""
    assert marked("a jail", "\u00b2\u0301") == []


def test_a_hostile_text_is_not_slow() -> None:
    """Long runs of accents and separators are looked at once each, not once for every start (no quadratic pattern)."""
    text = ("a" + "\u0301" * 50_000 + " -" * 20_000) * 3

    assert len(marked(text, '"a a b"')) == 0


@given(strategies.hostile, strategies.hostile)
def test_pieces_are_the_text(text: str, words: str) -> None:
    """A short text is shown whole, but for its white space."""
    assert "".join(text.split()) == "".join(shown(text, words).split())
