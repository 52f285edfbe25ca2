from __future__ import annotations

import re
import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.text import adds_little, alike, content_digest, normalise, words_of


@given(st.text(st.characters(codec=None)))
def test_the_normal_form_is_its_own_normal_form(text: str) -> None:
    """Normalising twice changes nothing more."""
    assert normalise(text) == normalise(normalise(text))


@given(st.text(st.characters(codec=None) | st.sampled_from(" \n\x1c\x85\xa0\u2000\u200b\xad\u0301e\x00")))
def test_the_normal_form_is_what_it_says(text: str) -> None:
    """Invisible characters gone, controls blank, NFC, white space folded; by whatever short cut."""
    visible = re.sub("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]", "", text)
    plain = unicodedata.normalize("NFC", re.sub(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]", " ", visible))

    assert re.sub(r"\s+", " ", plain).strip() == normalise(text)


@pytest.mark.parametrize("marks", ["\u0345\u0300", "\u0f73", "\u0344", "\u0323\u0301\u0315"])
def test_S11_piled_marks_cost_no_hour(marks: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Marks beyond the thirtieth of a letter go before they are sorted: two million of them are a second's work."""
    sorted_texts: list[str] = []
    real = unicodedata.normalize

    def normalize(form: Literal["NFC"], text: str) -> str:
        sorted_texts.append(text)
        return real(form, text)

    monkeypatch.setattr(unicodedata, "normalize", normalize)
    piled = marks * 2000
    whole = normalise(f"a{piled} b{piled} cafe\u0301")

    assert [len(word) for text in sorted_texts for word in text.split(" ")] == [31, 31, 5]
    assert whole.endswith(" café")
    assert whole == normalise(whole)


def test_marks_that_belong_to_letters_stay() -> None:
    """Also in a row of letters, and beside signs that are none."""
    text = "n\u0303" * 100 + "\u2550" * 100 + "\u0e01\u0e34\u0e48"

    assert normalise(text) == unicodedata.normalize("NFC", text)


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


def test_texts_are_alike_that_share_half_their_runs() -> None:
    """In either order; a part is not alike its whole."""
    half = " ".join(f"other{number}" for number in range(90))
    for one, other in ((PAGE, f"{PAGE} {half}"), (PAGE, PAGE.upper()), ("", "")):
        assert alike(one, other)
        assert alike(other, one)
    for one, other in ((PAGE, PAGE[:600]), (PAGE, BLOCK), ("", PAGE), (PAGE[:600], f"{PAGE[:600]} {half}")):
        assert not alike(one, other)
        assert not alike(other, one)


def test_words_are_folded() -> None:
    """Without case and punctuation."""
    assert words_of(" The  Mayor\u2019s LETTER, 2017.") == ["the", "mayor", "s", "letter", "2017"]
