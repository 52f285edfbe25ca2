from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from classifier.copies import sketch_of
from classifier.slots import FIRST_SLOT, MOST_SLOTS, differing, on_one_template, slots_of

LETTER = """
{address}

Dear {greeting}:

your office has told us that it will not say whether the officers of your city speak with ours, and we ask again.
"""


def slots(text: str) -> list[int]:
    """Return the slots of a text; words are numbered alike in every text."""
    words = text.replace(",", "").replace(".", "").replace(":", "").split()
    return slots_of(text, words, [int.from_bytes(word.casefold().encode()[-7:]) for word in words])


def test_a_name_between_the_same_words_is_one_slot_filled_twice() -> None:
    """The city differs, what is asked of it does not."""
    one = slots("we asked the mayor of Stockton to say by August what its jail will do")
    other = slots("we asked the mayor of Fresno to say by August what its jail will do")

    assert len(one) == len(other) == 2
    assert len(differing(one, other)) == 1
    assert differing(one, one) == set()


def test_a_word_that_also_stands_in_small_letters_is_no_name() -> None:
    """Else each sentence would begin with one."""
    assert slots("Cities are cities and the law is the law") == []


def test_one_correction_is_no_template_and_many_are() -> None:
    """An editor mends a name; a template has another in nearly every place."""
    text = "they told {} that the sum of {} was due in {} and that a judge in {} had said so of the case of {} before"
    one = slots(text.format("Oakville", "4000", "May", "Fresno", "Doe"))

    assert not on_one_template(one, slots(text.format("Oakville", "5000", "May", "Fresno", "Doe")))
    assert on_one_template(one, slots(text.format("Duluth", "7000", "June", "Fresno", "Doe")))


def test_whom_a_letter_greets_decides() -> None:
    """One letter in two forms has one addressee, two letters of a mailing may differ in nothing else."""
    here = LETTER.format(address="Oakville, CA 95361", greeting="Mayor Pinder")

    assert not on_one_template(slots(here), slots(here.replace("Oakville, CA", "Oakville, California")))
    assert on_one_template(slots(here), slots(here.replace("Pinder", "Dubois")))
    assert on_one_template(slots(here), slots(here.replace("95361", "01840")))


@given(st.text(st.characters(codec=None), min_size=1, max_size=900))
def test_any_text_has_few_slots_and_fills_them_as_itself(text: str) -> None:
    """They are marked, ascending and of 64 bits."""
    found = [number for number in sketch_of(f"{text} {'some words of a story ' * 12}") if number >= FIRST_SLOT]

    assert found == sorted(set(found))
    assert len(found) <= MOST_SLOTS + 2
    assert all(number < 1 << 64 for number in found)
    assert not on_one_template(found, found)
