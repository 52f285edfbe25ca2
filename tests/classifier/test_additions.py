from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.additions import additions
from tests.classifier.copies.pairs import Pair, pairs
from tests.classifier.test_copies import LOCAL, WIRE

LOCAL_VERSIONS = [pair for pair in pairs() if pair.added]


def added(first: str, later: str) -> list[str]:
    """Return the passages that were added."""
    return [later[start:end] for start, end in additions(first, later)]


@pytest.mark.parametrize("pair", LOCAL_VERSIONS, ids=str)
def test_what_a_local_desk_wrote_is_found_whole(pair: Pair) -> None:
    """Each of its paragraphs, and nothing else: neither its byline nor its dateline."""
    assert tuple(added(pair.first, pair.later)) == pair.added


def test_hardly_a_light_edit_is_an_addition() -> None:
    """Words that an editor changes within a sentence add nothing; of 23 edits two make a sentence new."""
    edits = [pair for pair in pairs() if pair.kind == "light edits"]

    assert sum(len(additions(pair.first, pair.later)) for pair in edits) <= 2


def test_a_sentence_at_the_end_of_a_known_paragraph_is_found() -> None:
    """An editor adds to a paragraph as well."""
    said = "The mayor could not be reached before this edition closed on Friday night."

    assert added(WIRE, f"{WIRE} {said}") == [said]


def test_a_few_words_belong_to_what_was_said_before_them() -> None:
    """A short sentence is too short to be known by its runs."""
    said = "The sheriff laughed at the letter and put it in his desk. Then he left."

    assert added(WIRE, f"{WIRE}\n{said}") == [said]


def test_a_text_adds_nothing_to_itself_however_its_lines_run() -> None:
    """Other line breaks, another dateline."""
    assert added(WIRE, f"OAKVILLE \u2014 {WIRE}") == []
    assert added(WIRE, WIRE.replace(". ", ".\n")) == []
    assert added(WIRE, LOCAL) == [LOCAL]


@given(st.text(st.characters(codec=None), max_size=600), st.text(st.characters(codec=None), max_size=600))
def test_passages_lie_in_the_text_in_order(first: str, later: str) -> None:
    """Whatever the texts; a text adds nothing to itself."""
    spans = additions(first, later)

    assert list(spans) == sorted(spans)
    assert all(0 <= start < end <= len(later) for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    assert additions(later, later) == ()
