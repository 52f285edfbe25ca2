from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from facts.text import adds_little, content_digest, normalise


@given(st.text(st.characters(codec=None)))
def test_the_normal_form_is_its_own_normal_form(text: str) -> None:
    """Normalising twice changes nothing more."""
    assert normalise(text) == normalise(normalise(text))


def test_what_a_reader_cannot_see_is_no_change() -> None:
    """Spacing, zero-width characters, control characters and another Unicode form leave the digest as it was."""
    plain = content_digest("A title", "The café closes\nat noon.")

    assert content_digest(" A  title ", "The cafe\u0301 closes at\u00a0noon.") == plain
    assert content_digest("A title", "The ca\u200bfé clo\u00adses\x0bat noon.\n\n") == plain


def test_what_a_reader_can_see_is_a_change() -> None:
    """A word more, and a word moved from the title into the text, are other contents."""
    plain = content_digest("A title", "The text.")

    assert content_digest("A title", "The text now.") != plain
    assert content_digest("A", "title The text.") != plain


PAGE = " ".join(f"word{number}" for number in range(200))
BLOCK = "Stockton will not change its rules because of the letter, and the mayor says that the council will vote on it."


def test_a_small_edit_adds_little() -> None:
    """A typo mended, words dropped, a line of one short sentence, case and spacing; not the other way round."""
    assert adds_little(PAGE, PAGE.replace("word7 ", "ward7 ").replace("word99", "Word-99"))
    assert adds_little(PAGE, PAGE[:600])
    assert adds_little(PAGE, f"Updated at 5 p.m. on Thursday, Aug. 3. {PAGE.upper()}")
    assert adds_little("", "")
    assert not adds_little(PAGE[:600], PAGE)
    assert not adds_little("", "A letter.")


def test_a_statement_that_a_long_page_gains_is_more_than_that() -> None:
    """However small its share of the page is."""
    sentence = "The City of Stockton will sue the Department of Justice over its jail access grant condition."
    assert not adds_little(PAGE * 20, f"{PAGE * 20} {sentence}")
    assert not adds_little(PAGE * 20, f"{BLOCK} {PAGE * 20}")
    assert not adds_little(PAGE, f"{PAGE} {BLOCK}")


@given(st.text(st.characters(codec=None), max_size=60), st.lists(st.text("abc", min_size=1), min_size=3), st.data())
def test_what_was_there_before_adds_nothing(text: str, words: list[str], data: st.DataObject) -> None:
    """The very text, hostile characters included, and any run of three or more of its words."""
    start = data.draw(st.integers(0, len(words) - 3))
    end = data.draw(st.integers(start + 3, len(words)))

    assert adds_little(text, text)
    assert adds_little(" ".join(words), " ".join(words[start:end]))
