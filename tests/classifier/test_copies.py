from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from classifier.copies import MIN_WORDS, SKETCH_SIZE, TOP, is_copy, similarity, sketch_of
from classifier.slots import MOST_SLOTS
from tests.classifier.copies.pairs import Pair, pairs

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
# Texts in which one sentence, taken alone, is nobody's furniture.
sentences = st.lists(
    st.lists(st.sampled_from([chr(letter) * 3 for letter in range(ord("a"), ord("q"))]), min_size=8, max_size=14).map(
        lambda words: " ".join(words) + "."
    ),
    min_size=10,
    max_size=16,
    unique=True,
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


@pytest.mark.parametrize("pair", pairs(), ids=str)
def test_copies_join_and_nothing_else_does(pair: Pair) -> None:
    """Versions of one story do; stories of one event, releases and letters on one template do not (docs/classifier.md).

    Whichever of them comes first.
    """
    first, later = sketch_of(pair.first), sketch_of(pair.later)

    assert is_copy(first, later, at=(pair.first_url, pair.later_url)) is pair.joins
    assert is_copy(later, first, at=(pair.later_url, pair.first_url)) is pair.joins


@pytest.mark.parametrize(
    "pair", [pair for pair in pairs() if "template" in pair.kind or "mailing" in pair.kind], ids=str
)
def test_a_template_is_no_copy_wherever_it_stands(pair: Pair) -> None:
    """The texts themselves tell it, also on sites that have nothing to do with each other."""
    assert not is_copy(sketch_of(pair.first), sketch_of(pair.later))


def test_a_site_copies_only_what_it_publishes_twice() -> None:
    """A paper's second story on the background of its first is another; one release at two addresses is one."""
    first = sketch_of(WIRE)
    later = sketch_of(f"{WIRE} The mayor could not be reached before this edition closed on Friday night.")
    site = ("https://paper.example/a", "https://www.paper.example/b")

    assert is_copy(first, later)
    assert not is_copy(first, later, at=site)
    assert is_copy(first, first, at=site)


def test_a_page_is_a_version_of_itself_whatever_came_on_top() -> None:
    """Of a live blog the newest entries stand first, so it has another lead each hour."""
    later = sketch_of(f"{LOCAL}\n{WIRE}")
    page = ("https://paper.example/live", "https://www.paper.example/live/")

    assert is_copy(sketch_of(WIRE), later, at=page)


def test_a_round_up_is_no_copy_of_what_stands_in_it() -> None:
    """A page in which a short report is one of many tells of the others too."""
    others = "\n".join({pair.first: "" for pair in pairs() if pair.kind == "verbatim"})

    assert not is_copy(sketch_of(WIRE), sketch_of(f"{WIRE}\n{others}"))


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
    assert len(sketch) <= SKETCH_SIZE + TOP + MOST_SLOTS + 2
    assert all(0 <= number < 1 << 64 for number in sketch)
    assert similarity(sketch, sketch) == (1.0 if sketch else 0.0)


@given(sentences, st.text(st.characters(codec="utf-8"), max_size=40))
def test_a_long_text_is_a_copy_of_itself(told: list[str], noise: str) -> None:
    """Whatever stands in it, and whatever stands around it."""
    text = " ".join(told)
    around = f"OAKVILLE (CP) \u2014 {text}\nThe Continental Press contributed to this report.\n###"

    assert is_copy(sketch_of(f"{text} {noise}"), sketch_of(f"{text} {noise}"))
    assert is_copy(sketch_of(text), sketch_of(around))


@given(sentences, st.permutations([LOCAL[:120], "The mayor said no.", "Nobody at the county answered."]))
def test_the_order_of_what_is_added_does_not_matter(told: list[str], added: list[str]) -> None:
    """A local desk may set its paragraphs in any order below the lead."""
    original = sketch_of("\n".join(told))
    versions = [sketch_of("\n".join([*told, *order])) for order in (added, added[::-1])]

    assert similarity(original, versions[0]) == pytest.approx(similarity(original, versions[1]), abs=0.15)
    assert all(is_copy(original, version) for version in versions)


@given(sentences, sentences)
def test_likeness_has_no_direction(one: list[str], other: list[str]) -> None:
    """Which of two texts came first says nothing of whether they are one."""
    first, later = sketch_of("\n".join(one)), sketch_of("\n".join(other))
    assume(first != later)

    assert is_copy(first, later) is is_copy(later, first)
    assert similarity(first, later) == similarity(later, first)
