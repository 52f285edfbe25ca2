"""Senses: the words with which places answer."""

from __future__ import annotations

import pytest

from classifier.lexicon import Lexicon
from classifier.parsing import parse
from classifier.senses import sense_grams, senses_of, stem, stems_of

LEXICON = Lexicon.load()


def stems(text: str) -> list[str]:
    (passage,) = parse("", text, LEXICON).passages
    return stems_of(passage)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("signed", "sign"),
        ("signs", "sign"),
        ("stopped", "stop"),
        ("replies", "reply"),
        ("his", "his"),
        ("@place", "@place"),
    ],
)
def test_a_stem_has_no_ending(word: str, expected: str) -> None:
    """Forms of one word share a stem; short words and masked names stay as they are."""
    assert stem(word) == expected


def test_a_word_that_is_all_ending_stays() -> None:
    """What would be left of "ring" is no stem."""
    assert stem("ring") == "ring"


def test_senses_hold_for_all_their_words() -> None:
    """Two ways to refuse are one; what stands under a "not" is marked."""
    assert [sense for _, sense in senses_of(stems("The town will keep its ordinance."))] == ["keep", "policy"]
    assert [sense for _, sense in senses_of(stems("It stays with the rule."))] == ["keep", "policy"]
    assert "-sign" in [sense for _, sense in senses_of(stems("She will not sign."))]


def test_grams_tell_order_and_denial() -> None:
    """Senses that stand together are told in order, far ones are not; what is denied is told as such."""
    near = set(sense_grams(stems("Her lawyers are reading the letter.")))
    far = set(sense_grams(stems("Lawyers came in with a very big blue box of cake and tea to read.")))

    assert "c:lawyer>examine" in near
    assert "c:lawyer>examine" not in far
    assert "not:sign" in set(sense_grams(stems("She will not sign.")))
