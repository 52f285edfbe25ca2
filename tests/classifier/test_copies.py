from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from classifier.copies import MIN_WORDS, SKETCH_SIZE, is_copy, similarity, sketch_of

WIRE = (
    "Four police chiefs opened envelopes from the capital on Thursday and found questions about their jails. "
    "The answers, the letters say, will decide whether a training programme goes ahead. None of the four cities "
    "runs a jail of its own, and two of the chiefs said they had never been asked about one before. A spokesman "
    "for the department would not say how the cities were chosen or who would read the replies. Lawyers who follow "
    "such matters pointed out that the programme had begun in June without a word about immigration."
)
LOCAL = (
    "Council members in the river city spent most of Tuesday evening on the water budget, then heard from the chief "
    "about an envelope from the capital. She told them she would answer it in her own time, that the county holds "
    "every prisoner her officers arrest, and that she was puzzled to be asked. Two members wanted the reply read "
    "aloud before it is posted; the others left the wording to her and went back to the matter of pipes."
)


def test_a_copy_survives_its_dateline_a_cut_and_an_added_paragraph() -> None:
    """What editors do to a wire story leaves it a copy."""
    original = sketch_of(WIRE)

    assert is_copy(original, sketch_of(f"WASHINGTON (CP) \u2014 {WIRE}"))
    assert is_copy(original, sketch_of(WIRE.rsplit(". ", 1)[0] + "."))
    assert is_copy(
        original, sketch_of(f"{WIRE} The mayor could not be reached before this edition closed on Friday night.")
    )


def test_two_stories_of_one_event_are_no_copies() -> None:
    """The same news in other words shares no word runs."""
    assert similarity(sketch_of(WIRE), sketch_of(LOCAL)) < 0.05


def test_a_short_text_is_never_a_copy() -> None:
    """Under 48 words two notices on one template look alike."""
    short = " ".join(WIRE.split()[: MIN_WORDS - 1])

    assert sketch_of(short) == ()
    assert not is_copy(sketch_of(short), sketch_of(short))
    assert not is_copy(sketch_of(WIRE), ())


@given(st.text(st.characters(codec=None), max_size=400))
def test_a_sketch_is_small_sorted_and_like_itself(text: str) -> None:
    """Any text has a sketch; a text long enough is a copy of itself."""
    sketch = sketch_of(text)

    assert list(sketch) == sorted(set(sketch))
    assert len(sketch) <= SKETCH_SIZE
    assert similarity(sketch, sketch) == (1.0 if sketch else 0.0)
